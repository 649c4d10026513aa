using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using OsMigrate.Guests.Windows;

namespace OsMigrate.Module.Parameters;

/// <summary>A parameter that names a release of Windows in any of its names: checks it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WindowsReleaseAttribute : ValidateEnumeratedArgumentsAttribute
{
    protected override void ValidateElement(object element)
    {
        if (WindowsReleases.Named(element?.ToString() ?? "") is null)
            throw new ValidationMetadataException($"'{element}' is no release of Windows that is known. Choose one of: {string.Join(", ", WindowsReleases.All.Select(static r => r.DriverFolder).Distinct())}.");
    }
}

/// <summary>Completes releases of Windows by their folder on virtio media.</summary>
public sealed class WindowsReleaseCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
        => Completions.Of(wordToComplete, WindowsReleases.All
            .GroupBy(static r => r.DriverFolder, StringComparer.Ordinal)
            .Select(static g => (g.Key, string.Join(", ", g.Select(static r => r.Name)))));
}

/// <summary>Completes names of virtio drivers.</summary>
public sealed class VirtioNameCompleter : IArgumentCompleter
{
    private static readonly (string, string)[] Names =
    [
        ("viostor", "block device"), ("vioscsi", "SCSI controller"), ("netkvm", "network card"), ("balloon", "memory balloon"), ("vioserial", "serial channels, for the guest agent"),
        ("viorng", "random numbers"), ("vioinput", "keyboard, mouse, tablet"), ("viogpudo", "display"), ("viofs", "shared folders"), ("pvpanic", "crash notification"),
        ("fwcfg", "firmware configuration"), ("qemufwcfg", "firmware configuration, no driver"), ("qemupciserial", "PCI serial port"), ("viosock", "sockets to the host"), ("viomem", "memory hot-plug"),
        ("smbus", "SMBus, no driver"), ("qxl", "old display"), ("qxldod", "display of SPICE"),
    ];

    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
        => Completions.Of(wordToComplete, Names);
}
