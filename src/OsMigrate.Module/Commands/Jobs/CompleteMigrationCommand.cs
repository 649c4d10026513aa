using System.Management.Automation;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Jobs;

/// <summary>Asks warm migrations to cut over now.</summary>
[Cmdlet(VerbsLifecycle.Complete, "Migration", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class CompleteMigrationCommand : JobCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("JobId")]
    [ArgumentCompleter(typeof(JobCompleter))]
    public string Id { get; set; } = "";

    protected override void TakeRecord()
    {
        var (store, id) = (Store(), Id);
        Run(id, () =>
        {
            var job = CloudJob.Find(store, id);
            if (Confirm($"Shut down '{job.Plan.MachineName}' and finish the job {id}.", $"Cut '{job.Plan.MachineName}' over now?"))
                job.AskForCutover();
        });
    }
}
