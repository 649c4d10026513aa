using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Deletes servers and waits until they are gone.</summary>
[Cmdlet(VerbsCommon.Remove, "NovaInstance", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveNovaInstanceCommand : OpenStackCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [ArgumentCompleter(typeof(ServerCompleter))]
    public string[] Instance { get; set; } = [];

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    protected override void TakeRecord() => RunForEach(Instance, (session, name) =>
    {
        var servers = new ServersClient(session);
        var server = servers.Find(name!, Cancel);
        if (!Confirm($"Delete the server '{server.Name}' ({server.Id}) in '{session.Name}'.", $"Delete the server '{server.Name}'?"))
            return;
        ReportProgress($"Deleting {server.Name}", server.Status);
        if (servers.Delete(server.Id, Cancel) && !NoWait)
            servers.WaitForGone(server, TimeSpan.FromSeconds(TimeoutSeconds), Cancel);
    });
}
