using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OsMigrate.Module.VSphere;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes names of connected vCenters and ESXi hosts.</summary>
public sealed class VSphereServerCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
        => Completions.Of(wordToComplete, VSphereSessions.All.Select(static s => (s.Name, $"{s.Name}, {s.Product}")));
}
