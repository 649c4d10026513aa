using System.Management.Automation;
using OsMigrate.Guests.Windows;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Module.Output;
using OsMigrate.Module.Parameters;
using OsMigrate.Module.Pipeline;

namespace OsMigrate.Module.Commands.Guests;

/// <summary>Lists the virtio drivers that an ISO or a folder offers.</summary>
[Cmdlet(VerbsCommon.Get, "VirtioDriver", DefaultParameterSetName = ByPath)]
[OutputType(typeof(OfferedDriver))]
public sealed class GetVirtioDriverCommand : PathCmdlet
{
    [Parameter]
    [WindowsRelease]
    [ArgumentCompleter(typeof(WindowsReleaseCompleter))]
    public string[] Release { get; set; } = [];

    [Parameter]
    [ValidateSet("x86", "amd64", "arm64")]
    public string[] Architecture { get; set; } = [];

    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VirtioNameCompleter))]
    public string[] Name { get; set; } = [];

    protected override bool TakesFolders => true;

    protected override void Process(string path)
    {
        using var media = VirtioMedia.Open(path);
        if (media.Drivers.Count == 0)
            Warn($"'{path}' has no drivers: no INF file was found on it.");
        var folders = Release.Select(static r => WindowsReleases.Named(r)!.DriverFolder).ToList();
        var names = Name.Select(static n => WildcardPattern.Get(n, WildcardOptions.IgnoreCase)).ToList();
        foreach (var driver in media.Drivers.OrderBy(static d => d.Name, StringComparer.Ordinal).ThenBy(static d => d.Folder, StringComparer.OrdinalIgnoreCase))
        {
            Cancel.ThrowIfCancellationRequested();
            if (folders.Count > 0 && !folders.Contains(driver.ReleaseFolder ?? ""))
                continue;
            if (Architecture.Length > 0 && !Architecture.Contains(driver.Architecture, StringComparer.OrdinalIgnoreCase))
                continue;
            if (names.Count > 0 && !names.Any(n => n.IsMatch(driver.Name)))
                continue;
            Emit(OfferedDriver.Of(path, driver));
        }
    }
}
