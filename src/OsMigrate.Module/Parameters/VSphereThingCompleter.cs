using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OsMigrate.Bytes;
using OsMigrate.Module.VSphere;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes names of things on the connected server.</summary>
public abstract class VSphereThingCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var session = VSphereSessions.Get(fakeBoundParameters["Server"] as string);
            return Completions.Of(wordToComplete, [.. List(new VSphereInventory(session, limit.Token))]);
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            // What is wrong is told by the command, not at the Tab key.
            return [];
        }
    }

    /// <summary>Names with a word about each.</summary>
    protected abstract IEnumerable<(string Name, string Tip)> List(VSphereInventory inventory);
}

/// <summary>Completes names of machines.</summary>
public sealed class VSphereMachineCompleter : VSphereThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(VSphereInventory inventory) => inventory.Names().Select(static n => (n.Name, $"{n.Name} ({n.Reference.Value})"));
}

/// <summary>Completes names of clusters.</summary>
public sealed class VSphereClusterCompleter : VSphereThingCompleter
{
    protected override IEnumerable<(string Name, string Tip)> List(VSphereInventory inventory) => inventory.Clusters().Select(static c => (c.Name, $"{c.Name} ({c.Rules.Count} rules)"));
}
