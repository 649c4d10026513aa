using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes files and folders where PowerShell itself cannot: its own completion needs the commands of the Management module, which a bare engine lacks.</summary>
public sealed class FileCompleter : IArgumentCompleter
{
    private static readonly char[] Separators = ['/', '\\'];

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        // Nothing from here means: complete as usual.
        if (Session() is not { } location)
            return [];
        var typed = wordToComplete.Trim('\'', '"');
        var split = typed.LastIndexOfAny(Separators) + 1;
        var (folder, start) = (typed.Substring(0, split), typed.Substring(split));
        var places = new DirectoryInfo(Path.Combine(location, folder));
        return Entries(places)
            .Where(e => e.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .OrderBy(e => e.Name, StringComparer.OrdinalIgnoreCase)
            .Select(e => Result(folder, e))
            .ToList();
    }

    /// <summary>The location in the file system, or null when PowerShell completes files by itself.</summary>
    private static string? Session()
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript("if (-not $ExecutionContext.InvokeCommand.GetCommand('Microsoft.PowerShell.Management\\Resolve-Path', 'Cmdlet')) { $ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath }");
        return shell.Invoke<string>().FirstOrDefault();
    }

    private static IReadOnlyList<FileSystemInfo> Entries(DirectoryInfo folder)
    {
        try
        {
            return folder.GetFileSystemInfos();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    private static CompletionResult Result(string folder, FileSystemInfo entry)
    {
        var text = folder + entry.Name;
        var quoted = text.Any(c => !char.IsLetterOrDigit(c) && "/\\.-_:~+".IndexOf(c) < 0) ? $"'{text.Replace("'", "''")}'" : text;
        var type = entry is DirectoryInfo ? CompletionResultType.ProviderContainer : CompletionResultType.ProviderItem;
        return new CompletionResult(quoted, entry.Name, type, entry.FullName);
    }
}
