using System.Management.Automation;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Module.Clouds;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;
using OsMigrate.Module.VSphere;

namespace OsMigrate.Module.Commands.Jobs;

/// <summary>Removes from the cloud exactly what a job made.</summary>
[Cmdlet(VerbsCommon.Undo, "MigrationJob", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MadeThing))]
public sealed class UndoMigrationJobCommand : JobCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("JobId")]
    [ArgumentCompleter(typeof(JobCompleter))]
    public string Id { get; set; } = "";

    protected override void TakeRecord()
    {
        var store = Store();
        var folder = CloudSessions.Folder(SessionState);
        var id = Id;
        Run(id, () =>
        {
            var job = CloudJob.Find(store, id);
            var made = job.Made.Count == 0 ? "what carries its id" : string.Join(", ", job.Made.Select(m => $"the {m.Kind} '{m.Name}'"));
            if (!Confirm($"Remove from '{job.Plan.Cloud}' what the job {id} made: {made}.", $"Remove everything that the job {id} made?"))
                return;
            CloudSessions.Use(job.Plan.Cloud, folder, Warn, Tell, session =>
            {
                foreach (var removed in job.Undo(session, JobWatcher(), Cancel, VSphereSessions.Get))
                    Emit(removed);
            });
        });
    }
}
