using System.Management.Automation;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Module.VSphere;

namespace OsMigrate.Module.Commands.Jobs;

/// <summary>Goes on with jobs that failed or were interrupted.</summary>
[Cmdlet(VerbsLifecycle.Resume, "MigrationJob", SupportsShouldProcess = true)]
[OutputType(typeof(MigratedServer))]
public sealed class ResumeMigrationJobCommand : JobCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("JobId")]
    [ArgumentCompleter(typeof(JobCompleter))]
    public string Id { get; set; } = "";

    [Parameter]
    public SwitchParameter KeepOnFailure { get; set; }

    protected override void TakeRecord()
    {
        var store = Store();
        var folder = CloudSessions.Folder(SessionState);
        var id = Id;
        Run(id, () =>
        {
            var job = CloudJob.Find(store, id);
            if (!Confirm($"Go on with the job {id}: move '{job.Plan.MachineName}' to '{job.Plan.Cloud}'.", $"Go on with the job {id}?"))
                return;
            CloudSessions.Use(job.Plan.Cloud, folder, Warn, Tell, session =>
                Emit(CloudSessions.Marked(session, new MigratedServer(job.Resume(session, KeepOnFailure, JobWatcher(), Cancel, servers: VSphereSessions.Get)))));
        });
    }
}
