using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OsMigrate.OpenStack.Configuration;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes names of OpenStack releases with a table of options.</summary>
public sealed class ReleaseCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
        => ConfigFiles.Releases.Where(r => r.StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase)).Select(r => new CompletionResult(r));
}
