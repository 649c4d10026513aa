using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Moves servers to other compute hosts.</summary>
[Cmdlet(VerbsCommon.Move, "NovaInstance", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ColdMove)]
[OutputType(typeof(Server))]
public sealed class MoveNovaInstanceCommand : OpenStackCmdlet
{
    private const string ColdMove = "Cold";
    private const string LiveMove = "Live";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [ArgumentCompleter(typeof(ServerCompleter))]
    public string[] Instance { get; set; } = [];

    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(HostCompleter))]
    [ValidateNotNullOrEmpty]
    public string? DestinationHost { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = LiveMove)]
    public SwitchParameter Live { get; set; }

    [Parameter(ParameterSetName = LiveMove)]
    public BlockMigration BlockMigration { get; set; }

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    [Parameter]
    [ValidateRange(1, 864000)]
    public int TimeoutSeconds { get; set; } = 3600;

    protected override void TakeRecord() => RunForEach(Instance, (session, name) =>
    {
        var server = new ServersClient(session).Find(name!, Cancel, allProjects: session.Token.Roles.Contains("admin"));
        var how = Live ? "while it runs" : "stopping it meanwhile";
        if (!Confirm($"Move the server '{server.Name}' ({server.Id}) from {server.Host ?? "its host"} to {DestinationHost ?? "another host"} in '{session.Name}', {how}.", $"Move the server '{server.Name}'?"))
            return;
        Emit(session, Go(session, server));
    });

    private Server Go(CloudSession session, Server server)
    {
        var move = new ServerMove(session)
        {
            Limit = NoWait ? null : TimeSpan.FromSeconds(TimeoutSeconds),
            Told = state => ReportProgress($"Moving {server.Name}", state),
        };
        return Live ? move.Live(server, DestinationHost, BlockMigration, Cancel) : move.Cold(server, DestinationHost, Cancel);
    }
}
