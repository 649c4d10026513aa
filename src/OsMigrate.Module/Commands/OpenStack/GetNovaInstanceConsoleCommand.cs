using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Reads the serial console of servers, waits for a text on it, or gives the address of the screen.</summary>
[Cmdlet(VerbsCommon.Get, "NovaInstanceConsole", DefaultParameterSetName = ByLog)]
[OutputType(typeof(string))]
public sealed class GetNovaInstanceConsoleCommand : OpenStackCmdlet
{
    private const string ByLog = "Log";
    private const string ByUrl = "Url";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "Name")]
    [NameOrId]
    [ArgumentCompleter(typeof(ServerCompleter))]
    public string[] Instance { get; set; } = [];

    [Parameter(ParameterSetName = ByLog)]
    [ValidateRange(1, 1_000_000)]
    public int? Tail { get; set; }

    [Parameter(ParameterSetName = ByLog)]
    [ValidateNotNullOrEmpty]
    public string? Wait { get; set; }

    [Parameter(ParameterSetName = ByLog)]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 600;

    [Parameter(Mandatory = true, ParameterSetName = ByUrl)]
    public SwitchParameter Url { get; set; }

    [Parameter(ParameterSetName = ByUrl)]
    [ValidateSet("novnc", "xvpvnc", "spice-html5", "serial", "rdp-html5", "webmks")]
    public string ConsoleType { get; set; } = "novnc";

    protected override void CheckParameters() => _ = Wait is null ? null : ConsoleWatch.Expression(Wait);

    protected override void TakeRecord() => RunForEach(Instance, (session, name) =>
    {
        var servers = new ServersClient(session);
        var server = servers.Find(name!, Cancel);
        if (Url)
            Emit(servers.ConsoleUrl(server.Id, ConsoleWatch.Protocol(ConsoleType), ConsoleType, Cancel));
        else
            Write(Wait is null ? servers.ConsoleLog(server.Id, Tail, Cancel) : Await(session, server, Wait));
    });

    private string Await(CloudSession session, Server server, string pattern)
    {
        var activity = $"Waiting for '{pattern}' on {server.Name}";
        return new ConsoleWatch(session) { Seen = line => ReportProgress(activity, line.Length == 0 ? "nothing yet" : line) }.For(server, pattern, TimeSpan.FromSeconds(TimeoutSeconds), Cancel);
    }

    private void Write(string log)
    {
        var lines = log.TrimEnd('\r', '\n').Split('\n');
        foreach (var line in Tail is { } count ? lines.Skip(Math.Max(0, lines.Length - count)) : lines)
            Emit(line.TrimEnd('\r'));
    }
}
