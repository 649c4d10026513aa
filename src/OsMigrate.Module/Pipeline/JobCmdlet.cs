using System.Management.Automation;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Module.Parameters;

namespace OsMigrate.Module.Pipeline;

/// <summary>A cmdlet that works on the records of migration jobs.</summary>
public abstract class JobCmdlet : AsyncCmdlet
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileCompleter))]
    public string? JobPath { get; set; }

    /// <summary>Pipeline thread: the store that -JobPath names, or the user's own.</summary>
    protected JobStore Store() => new(JobPath is null ? JobStore.DefaultFolder : FilePaths.Literal(SessionState, JobPath));
}
