using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OsMigrate.Disks;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes the variants of the format that -DiskFormat names, or of all.</summary>
public sealed class SubformatCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var chosen = fakeBoundParameters["DiskFormat"] as string;
        var formats = DiskFormats.All.Where(f => chosen is null || string.Equals(f.Name, chosen, StringComparison.OrdinalIgnoreCase));
        return Completions.Of(wordToComplete, formats.SelectMany(f => f.WritableSubformats.Select((name, i) => (name, $"{f.Name} {name}{(i == 0 ? " (the usual one)" : "")}"))));
    }
}
