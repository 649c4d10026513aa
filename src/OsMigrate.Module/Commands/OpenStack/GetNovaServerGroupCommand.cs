using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Lists server groups.</summary>
[Cmdlet(VerbsCommon.Get, "NovaServerGroup")]
[OutputType(typeof(ServerGroup))]
public sealed class GetNovaServerGroupCommand : OpenStackCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ServerGroupCompleter))]
    public string[] ServerGroup { get; set; } = [];

    [Parameter]
    public SwitchParameter AllProjects { get; set; }

    protected override void TakeRecord() => RunForEach(ServerGroup, (session, name) =>
    {
        var groups = new ServerGroupsClient(session);
        foreach (var group in Choose(name, n => groups.Find(n, Cancel), () => groups.List(Cancel, AllProjects), g => g.Name))
            Emit(session, group);
    });
}
