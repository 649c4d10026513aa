using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Opens a QCOW2 with the files it needs.</summary>
internal static class Qcow2Opener
{
    private const ulong CompatibleLazyRefcounts = 1;
    private const ulong AutoclearBitmaps = 1;
    private const ulong AutoclearRawDataFile = 2;
    private const int MaxListedSnapshots = 1000;

    public static Qcow2Image Open(ByteStore store, Siblings siblings)
    {
        var layout = Qcow2Layout.Read(store);
        var notices = new List<string>();
        // All are looked at, so that a broken table is refused; not all are listed.
        var snapshots = Qcow2Snapshot.ReadAll(store, layout).Where((_, i) => i < MaxListedSnapshots).Select(s => s.Name).ToList();
        DiskImage? parent = null;
        ByteStore? dataFile = null;
        try
        {
            dataFile = OpenDataFile(store, layout, siblings);
            parent = OpenParent(store, layout, siblings, notices);
            AddNotices(layout, notices);
            return new Qcow2Image(store, layout, parent, dataFile, Describe(layout, parent, snapshots, notices));
        }
        catch
        {
            parent?.Dispose();
            dataFile?.Dispose();
            throw;
        }
    }

    private static ByteStore? OpenDataFile(ByteStore store, Qcow2Layout layout, Siblings siblings)
    {
        if (!layout.HasDataFile)
            return null;
        if (layout.Extensions.DataFileName is not { Length: > 0 } name)
            throw new InvalidImageException(ErrorIds.MissingSibling, store.Name, -1, "its content lies in a data file of its own, but it does not say which");
        RefuseProtocol(store, name, "the data file");
        return siblings.Open(InOwnFolder(name, store.Name), store.Name);
    }

    private static DiskImage? OpenParent(ByteStore store, Qcow2Layout layout, Siblings siblings, List<string> notices)
    {
        if (layout.BackingName is not { } name)
            return null;
        RefuseProtocol(store, name, "the backing file");
        var format = ParentFormat(store, layout.Extensions.BackingFormat);
        if (format is null)
            notices.Add($"The image does not say what format its backing file '{name}' has; it was told from the file.");
        return siblings.OpenParent(InOwnFolder(name, store.Name), store.Name, format);
    }

    private static DiskFormat? ParentFormat(ByteStore store, string? name)
    {
        if (name is null or "")
            return null;
        // QEMU's name for VHD; a block device in its place would be raw.
        var ours = name switch { "vpc" => "vhd", "file" or "host_device" => "raw", _ => name };
        return DiskFormats.Find(ours)
            ?? throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, -1, $"its backing file has the format '{name}', which is not read here");
    }

    /// <summary>QEMU reads a name with a colon before any slash as a protocol and its address, and json: as a whole configuration.</summary>
    private static void RefuseProtocol(ByteStore store, string name, string what)
    {
        var colon = name.IndexOf(':');
        var slash = name.IndexOf('/');
        if (colon > 0 && (slash < 0 || colon < slash))
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, -1, $"{what} is not named by a file name but by '{name.Substring(0, colon)}:...', which is not followed here");
    }

    /// <summary>A path to the image's own folder is as good as a plain name. Nothing tells one backing file from another, so no other folder may be left out.</summary>
    private static string InOwnFolder(string name, string imageName)
    {
        try
        {
            return Path.IsPathRooted(name) && Path.IsPathRooted(imageName) && Path.GetDirectoryName(name) == Path.GetDirectoryName(imageName)
                ? Path.GetFileName(name)
                : name;
        }
        catch (ArgumentException)
        {
            // Characters that a path cannot hold on this system: the gate will say so.
            return name;
        }
    }

    private static void AddNotices(Qcow2Layout layout, List<string> notices)
    {
        var header = layout.Header;
        if (header.SnapshotCount > 0)
            notices.Add($"{header.SnapshotCount} internal snapshot{(header.SnapshotCount == 1 ? " is" : "s are")} ignored.");
        if (layout.Has(Qcow2Header.IncompatibleDirty))
            notices.Add("The image was not closed properly; its reference counts may be wrong, its content is not affected.");
        if (layout.Has(Qcow2Header.IncompatibleCorrupt))
            notices.Add("The image is marked corrupt; parts of its content may be wrong.");
        if ((ulong)layout.VirtualSize != header.Size)
            notices.Add($"The virtual size of {header.Size} bytes is not a multiple of 512; the last {header.Size % 512} bytes are left out, as QEMU does.");
    }

    private static DiskImageInfo Describe(Qcow2Layout layout, DiskImage? parent, List<string> snapshots, List<string> notices)
    {
        var features = new List<string>();
        void Add(bool isThere, string name)
        {
            if (isThere)
                features.Add(name);
        }

        var header = layout.Header;
        Add(layout.UsesZstd, "zstd");
        Add(layout.HasSubclusters, "extended-l2");
        Add(layout.HasDataFile, "data-file");
        Add(layout.HasDataFile && (header.AutoclearFeatures & AutoclearRawDataFile) != 0, "data-file-raw");
        Add((header.CompatibleFeatures & CompatibleLazyRefcounts) != 0, "lazy-refcounts");
        Add((header.AutoclearFeatures & AutoclearBitmaps) != 0 && layout.Extensions.BitmapCount > 0, "bitmaps");
        Add(layout.Has(Qcow2Header.IncompatibleDirty), "dirty");
        Add(layout.Has(Qcow2Header.IncompatibleCorrupt), "corrupt");
        return new DiskImageInfo
        {
            Subformat = $"v{header.Version} {(layout.UsesZstd ? "zstd" : "zlib")}",
            BlockSizeBytes = layout.ClusterSize,
            ParentName = layout.BackingName,
            Parent = parent?.Info,
            ExtentNames = layout.HasDataFile ? [layout.Extensions.DataFileName!] : [],
            Snapshots = snapshots,
            Features = features,
            Notices = notices,
        };
    }
}
