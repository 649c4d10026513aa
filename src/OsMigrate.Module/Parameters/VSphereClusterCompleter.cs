using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OsMigrate.Bytes;
using OsMigrate.Module.VSphere;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes names of clusters of the connected vCenter.</summary>
public sealed class VSphereClusterCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var session = VSphereSessions.Get(fakeBoundParameters["Server"] as string);
            return Completions.Of(wordToComplete, new VSphereInventory(session, limit.Token).Clusters().Select(static c => (c.Name, $"{c.Name} ({c.Rules.Count} rules)")));
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            // What is wrong is told by the command, not at the Tab key.
            return [];
        }
    }
}
