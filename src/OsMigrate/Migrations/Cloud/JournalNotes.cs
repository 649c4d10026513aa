using System.Text.Json.Nodes;
using OsMigrate.Migrations.Jobs;
using OsMigrate.Migrations.Sources;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Notes about a source in the journal of its job.</summary>
internal sealed class JournalNotes(JobSteps steps, JobLog log) : ISourceNotes
{
    private const string Prefix = "source-";

    public JsonObject? Get(string step) => steps.ResultOf(Prefix + step);

    public void Set(string step, JsonObject result) => steps.Complete(Prefix + step, result);

    public void Log(string text, string step) => log.Write("info", text, Prefix + step);
}
