using System.Text.RegularExpressions;
using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.Guests.Windows.Inf;

namespace OsMigrate.Guests.Windows.Drivers;

/// <summary>A medium with virtio drivers: the project's ISO, or a folder with what it holds.</summary>
public sealed class VirtioMedia : IDisposable
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(1);

    private readonly ByteStore? _store;

    private VirtioMedia(FileVolume volume, ByteStore? store, string name)
    {
        (Volume, _store, Name) = (volume, store, name);
        Drivers = VirtioScan.Of(volume);
    }

    /// <summary>The path or label it is called by in messages.</summary>
    public string Name { get; }

    public FileVolume Volume { get; }

    /// <summary>Everything that is offered.</summary>
    public IReadOnlyList<VirtioDriver> Drivers { get; }

    /// <summary>The release of the drivers as the label says it, for example 0.1.271; null where it says none.</summary>
    public Version? Release => Regex.Match(Volume.Label ?? "", @"(?<=virtio-win-)\d+\.\d+\.\d+", RegexOptions.None, PatternTime) is { Success: true } match && Version.TryParse(match.Value, out var version) ? version : null;

    /// <summary>Opens an .iso file or a folder.</summary>
    /// <exception cref="OsMigrateException">It does not exist, is no disc, or is damaged.</exception>
    public static VirtioMedia Open(string path)
    {
        if (Directory.Exists(path))
            return new VirtioMedia(HostFolder.Open(path), null, path);
        var store = FileStore.OpenRead(path);
        try
        {
            return new VirtioMedia(OpticalDisc.Open(store), store, path);
        }
        catch (OsMigrateException)
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Reads an open volume, which stays with its owner.</summary>
    public static VirtioMedia Open(FileVolume volume) => new(volume, null, volume.Label ?? volume.Kind);

    /// <summary>The best offer of each driver for a guest, in the order of their names.</summary>
    /// <param name="release">From <see cref="WindowsReleases.Find"/>.</param>
    /// <param name="build">The guest's exact build; INF files name the lowest they are for.</param>
    /// <param name="architecture">x86, amd64 or arm64.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.DriverNotFound"/>: nothing is offered for this guest.</exception>
    public IReadOnlyList<VirtioChoice> Choose(WindowsRelease release, int build, string architecture)
    {
        var target = new TargetSystem(architecture, release.Major, release.Minor, build, release.IsServer);
        var chosen = Drivers.GroupBy(static d => d.Name, StringComparer.Ordinal)
            .Select(offers => VirtioSelection.Best([.. offers], release, target, Release))
            .OfType<VirtioChoice>()
            .OrderBy(static c => c.Driver.Name, StringComparer.Ordinal)
            .ToList();
        // Both drive the same device, and the older one must not be there beside the newer.
        if (chosen.Any(static c => c.Driver.Name == "fwcfg"))
            chosen.RemoveAll(static c => c.Driver.Name == "qemufwcfg");
        if (chosen.Count > 0)
            return chosen;
        throw new OsMigrateException(ErrorIds.DriverNotFound, ErrorKind.NotFound, $"'{Name}' offers no driver for {release.Name} on {architecture}.", Name)
        {
            Advice = $"Look for a folder '{release.DriverFolder}' on the medium. Windows before 10 needs an older disc: new ones no longer have their drivers.",
        };
    }

    public void Dispose() => _store?.Dispose();
}
