using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OsMigrate.Bytes;
using OsMigrate.Module.Clouds;
using OsMigrate.OpenStack.Clouds;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes names of clouds: those connected and those of clouds.yaml.</summary>
public sealed class CloudCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
        => Completions.Of(wordToComplete, CloudSessions.All.Select(s => (s.Name, $"{s.Name}, connected"))
            .Concat(Configured().Select(n => (n, n)))
            .GroupBy(c => c.Item1, StringComparer.Ordinal).Select(g => g.First()));

    private static IReadOnlyList<string> Configured()
    {
        try
        {
            using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
            var folder = shell.AddScript("$ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath").Invoke<string>().FirstOrDefault();
            return CloudSettings.Load(folder ?? Directory.GetCurrentDirectory()).Names;
        }
        catch (OsMigrateException)
        {
            // A broken clouds.yaml is told of when it is used, not at the Tab key.
            return [];
        }
    }
}
