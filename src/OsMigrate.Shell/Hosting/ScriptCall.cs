using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;

namespace OsMigrate.Shell.Hosting;

/// <summary>The call of a script file with the words that follow -File: those with a hyphen are parameter names, everything else is text.</summary>
internal static partial class ScriptCall
{
    public static Command Create(string script, IEnumerable<string> words)
    {
        var call = new Command(script, isScript: false, useLocalScope: false);
        foreach (var word in words)
            call.Parameters.Add(Parameter(word));
        return call;
    }

    private static CommandParameter Parameter(string word)
    {
        if (ParameterName().Match(word) is not { Success: true } name)
            return new CommandParameter(null, word);
        var value = word[name.Length..];

        // A name that keeps its hyphen and has no value is bound as if typed: as a switch, or with the word that follows.
        return value.Length == 0 ? new CommandParameter(name.Value.TrimEnd(':')) : new CommandParameter(name.Value.TrimEnd(':'), Value(value));
    }

    private static object? Value(string text) => text.ToLowerInvariant() switch
    {
        "$true" => true,
        "$false" => false,
        "$null" => null,
        _ => text,
    };

    [GeneratedRegex(@"^-[A-Za-z_?][A-Za-z0-9_-]*(?>:|$)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ParameterName();
}
