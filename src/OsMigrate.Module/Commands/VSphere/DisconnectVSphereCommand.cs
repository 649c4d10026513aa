using System.Management.Automation;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Module.VSphere;

namespace OsMigrate.Module.Commands.VSphere;

/// <summary>Ends connections to vCenters and ESXi hosts.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "VSphere", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DisconnectVSphereCommand : AsyncCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(VSphereServerCompleter))]
    public string[] Server { get; set; } = [];

    protected override void TakeRecord()
    {
        foreach (var name in Server.Length > 0 ? Server : VSphereSessions.DefaultName is { } standard ? [standard] : [])
            Run(name, () => Close(name));
    }

    private void Close(string pattern)
    {
        foreach (var session in VSphereSessions.Matching(pattern))
        {
            if (!Confirm($"Disconnect from '{session.Name}'.", $"Disconnect from '{session.Name}'?"))
                continue;
            VSphereSessions.Remove(session.Name);
            VSphereSessions.Close(session, Cancel);
        }
    }
}
