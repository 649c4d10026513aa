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
            .Where(c => c.Text.Length > 0 && c.Text.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Select(c => new CompletionResult(Quoted(c.Text), c.Text, CompletionResultType.ParameterValue, c.Tip));
    }

    /// <summary>As one argument of a command line.</summary>
    private static string Quoted(string text) => text.All(static c => char.IsLetterOrDigit(c) || "._-:/+".IndexOf(c) >= 0) ? text : $"'{text.Replace("'", "''")}'";
}
