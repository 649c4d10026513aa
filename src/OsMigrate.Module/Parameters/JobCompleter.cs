using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Migrations.Jobs;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes ids of migration jobs, the newest first.</summary>
public sealed class JobCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var store = new JobStore(fakeBoundParameters["JobPath"] as string ?? JobStore.DefaultFolder);
        return Completions.Of(wordToComplete, CloudJob.All(store, static _ => { }).Reverse().Take(50).Select(j => (j.Id, $"{j.Plan.ServerName}, {j.State}")));
    }
}
