using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Restarts servers and waits until they run again.</summary>
[Cmdlet(VerbsLifecycle.Restart, "NovaInstance", SupportsShouldProcess = true)]
[OutputType(typeof(Server))]
public sealed class RestartNovaInstanceCommand : OpenStackCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [ArgumentCompleter(typeof(ServerCompleter))]
    public string[] Instance { get; set; } = [];

    [Parameter]
    public SwitchParameter Hard { get; set; }

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    protected override void TakeRecord() => RunForEach(Instance, (session, name) =>
    {
        var server = new ServersClient(session).Find(name!, Cancel);
        if (!Confirm($"Restart the server '{server.Name}' ({server.Id}) in '{session.Name}'.", $"Restart the server '{server.Name}'?"))
            return;
        var power = new ServerPower(session) { Limit = NoWait ? null : TimeSpan.FromSeconds(TimeoutSeconds), Seen = now => ReportProgress($"Restarting {server.Name}", now.Progress) };
        Emit(session, power.Restart(server, Hard, Cancel));
    });
}
