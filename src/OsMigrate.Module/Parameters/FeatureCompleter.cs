using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OsMigrate.Migrations.Features;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes names of features of vSphere.</summary>
public sealed class FeatureCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
        => Completions.Of(wordToComplete, FeatureMap.Names.Select(static f => (f.Name, f.Counterpart)));
}
