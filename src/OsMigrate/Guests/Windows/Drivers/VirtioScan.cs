using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.Guests.Windows.Inf;

namespace OsMigrate.Guests.Windows.Drivers;

/// <summary>Walks a medium and gathers its drivers.</summary>
/// <remarks>
/// Two layouts occur: DRIVER/RELEASE/ARCHITECTURE on the ISO (and by-driver in the package), ARCHITECTURE/RELEASE with all drivers in one folder
/// (by-os in the package, and the ISO's own folders for floppies). So names count wherever in the path they stand.
/// </remarks>
internal sealed class VirtioScan
{
    private const int MaxDepth = 16;
    private const int MaxFolders = 100_000;
    private const int MaxDrivers = 20_000;

    private readonly List<VirtioDriver> _found = [];
    private int _folders;

    public static IReadOnlyList<VirtioDriver> Of(FileVolume volume)
    {
        var scan = new VirtioScan();
        scan.Walk(volume.Root, "", null, null, 0);
        return scan._found;
    }

    private void Walk(FileEntry folder, string path, string? release, string? architecture, int depth)
    {
        if (depth > MaxDepth || ++_folders > MaxFolders)
            return;
        var entries = folder.Children().ToList();
        Take(entries.Where(static e => !e.IsFolder && !VirtioNames.IsExcludedFile(e.Name)).ToList(), path, release, architecture);
        foreach (var child in entries.Where(static e => e.IsFolder && !VirtioNames.IsExcludedFolder(e.Name)))
        {
            var name = child.Name.ToLowerInvariant();
            Walk(child, $"{path}/{child.Name}", VirtioNames.IsReleaseFolder(name) ? name : release, WindowsArchitectures.Named(name) ?? architecture, depth + 1);
        }
    }

    private void Take(List<FileEntry> files, string path, string? release, string? architecture)
    {
        var infs = files.Where(static f => f.Name.EndsWith(".inf", StringComparison.OrdinalIgnoreCase) && !string.Equals(f.Name, "autorun.inf", StringComparison.OrdinalIgnoreCase)).ToList();
        foreach (var inf in infs)
        {
            if (_found.Count == MaxDrivers)
                return;
            var (package, fault) = Read(inf);
            _found.Add(new VirtioDriver
            {
                Name = VirtioNames.OfInf(inf.Name),
                ReleaseFolder = release,
                Architecture = architecture ?? (package?.Architectures is [var only] ? only : null),
                Folder = path.Length == 0 ? "/" : path,
                InfName = inf.Name,
                Files = Belonging(files, inf, package, alone: infs.Count == 1),
                Package = package,
                Fault = fault,
            });
        }
    }

    private static (DriverPackage?, string?) Read(FileEntry inf)
    {
        try
        {
            using var content = inf.OpenContent();
            return (DriverPackage.Read(content, inf.Name), null);
        }
        catch (OsMigrateException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>A folder with one INF belongs to it as a whole; of a shared folder, what the INF names or what has its name.</summary>
    private static List<FileEntry> Belonging(List<FileEntry> files, FileEntry inf, DriverPackage? package, bool alone)
    {
        var stem = Path.GetFileNameWithoutExtension(inf.Name);
        var catalogues = package is null ? [] : new[] { package.CatalogFile }.Concat(WindowsArchitectures.All.Select(package.CatalogFileFor));
        var named = new HashSet<string>(catalogues.OfType<string>().Concat(package?.SourceFiles.Keys ?? []), StringComparer.OrdinalIgnoreCase);
        var others = files.Where(f => f != inf && (alone || named.Contains(f.Name) || string.Equals(Path.GetFileNameWithoutExtension(f.Name), stem, StringComparison.OrdinalIgnoreCase)));
        return [inf, .. others];
    }
}
