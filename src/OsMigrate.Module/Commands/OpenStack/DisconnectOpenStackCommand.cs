using System.Management.Automation;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.OpenStack;

/// <summary>Ends connections and makes their tokens worthless.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "OpenStack", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DisconnectOpenStackCommand : AsyncCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CloudCompleter))]
    public string[] Cloud { get; set; } = [];

    protected override void TakeRecord()
    {
        foreach (var name in Cloud.Length > 0 ? Cloud : CloudSessions.DefaultName is { } standard ? [standard] : [])
            Run(name, () => Close(name));
    }

    private void Close(string pattern)
    {
        foreach (var session in CloudSessions.Matching(pattern))
        {
            if (!Confirm($"Disconnect from '{session.Name}'.", $"Disconnect from '{session.Name}'?"))
                continue;
            CloudSessions.Remove(session.Name);
            using (session)
                session.SignOut(Cancel);
        }
    }
}
