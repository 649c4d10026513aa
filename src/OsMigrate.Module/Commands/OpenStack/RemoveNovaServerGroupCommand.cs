using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Deletes server groups; their servers stay.</summary>
[Cmdlet(VerbsCommon.Remove, "NovaServerGroup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class RemoveNovaServerGroupCommand : OpenStackCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [ArgumentCompleter(typeof(ServerGroupCompleter))]
    public string[] ServerGroup { get; set; } = [];

    protected override void TakeRecord() => RunForEach(ServerGroup, (session, name) =>
    {
        var groups = new ServerGroupsClient(session);
        var group = groups.Find(name!, Cancel);
        if (Confirm($"Delete the server group '{group.Name}' ({group.Id}) in '{session.Name}'.", $"Delete the server group '{group.Name}'?"))
            groups.Delete(group.Id, Cancel);
    });
}
