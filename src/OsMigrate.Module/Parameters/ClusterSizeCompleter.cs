using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace OsMigrate.Module.Parameters;

/// <summary>Completes QCOW2 cluster sizes.</summary>
public sealed class ClusterSizeCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
        => Completions.Of(wordToComplete, new[] { 64, 4, 16, 32, 128, 256, 512, 1024, 2048 }
            .Select(kib => (kib.ToString(CultureInfo.InvariantCulture) + "KB", kib == 64 ? "65536 bytes, the usual size" : $"{kib * 1024} bytes")));
}
