using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OsMigrate.Bytes;
using OsMigrate.Module.VSphere;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes names of machines of the connected server.</summary>
public sealed class VSphereMachineCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var session = VSphereSessions.Get(fakeBoundParameters["Server"] as string);
            return Completions.Of(wordToComplete, new VSphereInventory(session, limit.Token).Names().Select(static n => (n.Name, $"{n.Name} ({n.Reference.Value})")));
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            // What is wrong is told by the command, not at the Tab key.
            return [];
        }
    }
}
