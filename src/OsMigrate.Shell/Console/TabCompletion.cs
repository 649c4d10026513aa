using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace OsMigrate.Shell.Console;

/// <summary>The engine's own completion of commands, parameters, paths and values.</summary>
internal sealed class TabCompletion(Runspace runspace)
{
    /// <summary>What could stand in place of the word at the cursor, and which part of the line it replaces.</summary>
    public (int Start, int Length, IReadOnlyList<string> Texts) Complete(string line, int cursor)
    {
        using var shell = PowerShell.Create(runspace);
        try
        {
            var completion = CommandCompletion.CompleteInput(line, cursor, null, shell);
            return (completion.ReplacementIndex, completion.ReplacementLength, [.. completion.CompletionMatches.Select(match => match.CompletionText)]);
        }
        catch (RuntimeException)
        {
            return (cursor, 0, []);
        }
    }
}
