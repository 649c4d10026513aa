using System.Management.Automation;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Jobs;

/// <summary>Lists migration jobs.</summary>
[Cmdlet(VerbsCommon.Get, "MigrationJob")]
[OutputType(typeof(MigrationJob))]
public sealed class GetMigrationJobCommand : JobCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("JobId")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(JobCompleter))]
    public string Id { get; set; } = "*";

    [Parameter]
    public CloudJobState[] State { get; set; } = [];

    protected override void TakeRecord()
    {
        var store = Store();
        var id = Id;
        Run(id, () =>
        {
            var pattern = WildcardPattern.Get(id, WildcardOptions.IgnoreCase);
            var jobs = WildcardPattern.ContainsWildcardCharacters(id) ? CloudJob.All(store, Warn).Where(j => pattern.IsMatch(j.Id)) : [CloudJob.Find(store, id)];
            foreach (var job in jobs.Where(j => State.Length == 0 || State.Contains(j.State)))
                Emit(new MigrationJob(job, store.Folder));
        });
    }
}
