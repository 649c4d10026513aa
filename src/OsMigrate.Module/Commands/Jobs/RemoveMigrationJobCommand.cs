using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Jobs;

/// <summary>Deletes the records of jobs; what they made stays.</summary>
[Cmdlet(VerbsCommon.Remove, "MigrationJob", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveMigrationJobCommand : JobCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("JobId")]
    [ArgumentCompleter(typeof(JobCompleter))]
    public string Id { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void TakeRecord()
    {
        var store = Store();
        var id = Id;
        Run(id, () =>
        {
            if (!Force)
                RequireEnded(CloudJob.Find(store, id));
            if (Confirm($"Delete the record and the log of the job {id}.", $"Delete the record of the job {id}?"))
                store.Remove(id);
        });
    }

    private static void RequireEnded(CloudJob job)
    {
        if (job.State is CloudJobState.Done or CloudJobState.Undone || (job.State == CloudJobState.Failed && job.Made.Count == 0))
            return;
        throw new OsMigrateException(ErrorIds.JobState, ErrorKind.InvalidArgument, $"The job {job.Id} is {job.State.ToString().ToLowerInvariant()}: without its record nobody knows what it left in the cloud.", job.Id)
        {
            Advice = "Resume or undo it first, or use -Force.",
        };
    }
}
