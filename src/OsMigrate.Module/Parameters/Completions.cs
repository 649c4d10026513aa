using System.Management.Automation;

namespace OsMigrate.Module.Parameters;

/// <summary>Makes completion results.</summary>
internal static class Completions
{
    /// <summary>The texts that start with what was typed, quotes set aside.</summary>
    public static IEnumerable<CompletionResult> Of(string typed, IEnumerable<(string Text, string Tip)> choices)
    {
        var start = typed.Trim('\'', '"');
        return choices
            .Where(c => c.Text.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(c => new CompletionResult(c.Text, c.Text, CompletionResultType.ParameterValue, c.Tip));
    }
}
