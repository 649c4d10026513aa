using OsMigrate.Bytes;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Disks.Raw;
using OsMigrate.Disks.Vdi;
using OsMigrate.Disks.Vhd;
using OsMigrate.Disks.Vhdx;
using OsMigrate.Disks.Vmdk;

namespace OsMigrate.Disks;

/// <summary>The list of formats: the one place a new one is entered. Raw matches everything and is last.</summary>
public static class DiskFormats
{
    public static IReadOnlyList<DiskFormat> All { get; } =
    [
        Qcow2Format.Instance,
        VmdkFormat.Instance,
        VdiFormat.Instance,
        VhdxFormat.Instance,
        // A fixed VHD is known by its end only, so every format with a mark in front goes first.
        VhdFormat.Instance,
        RawFormat.Instance,
    ];

    /// <summary>Finds a format by its Glance name, without regard to case; null when there is none.</summary>
    public static DiskFormat? Find(string name)
        => All.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Tells the format from the bytes; the file's extension has no say.</summary>
    public static DiskFormat Detect(ByteStore store)
    {
        var head = store.ReadBytes(0, (int)Math.Min(store.Length, DiskFormat.HeadSize));
        var tailSize = (int)Math.Min(store.Length, DiskFormat.TailSize);
        var tail = store.ReadBytes(store.Length - tailSize, tailSize);
        return All.First(f => f.Matches(head, tail));
    }

    /// <summary>Opens an image of any known format. The image owns <paramref name="store"/> on success.</summary>
    public static DiskImage Open(ByteStore store, Siblings siblings) => Detect(store).Open(store, siblings);

    /// <summary>Opens an image file; extents and parents may be opened in its own folder only.</summary>
    /// <param name="format">The format when the user states it: then no probing happens at all. Null to probe.</param>
    public static DiskImage OpenFile(string path, DiskFormat? format = null)
    {
        UndoJournal.RequireNone(path);
        var store = FileStore.OpenRead(path);
        try
        {
            return (format ?? Detect(store)).Open(store, Siblings.Of(path));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }
}
