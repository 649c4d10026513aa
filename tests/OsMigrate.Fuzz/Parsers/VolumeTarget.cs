using OsMigrate.Bytes;
using OsMigrate.FileSystems;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>A file system: opened, walked, every file read at both ends, and edited where it can be.</summary>
/// <param name="name">As on the command line.</param>
/// <param name="open">Opens the volume.</param>
/// <param name="make">Writes the seeds into a folder.</param>
/// <param name="repair">Puts checksums right over damaged fields; null where the format has none.</param>
/// <param name="edit">Changes the volume at random; null for one that is only read.</param>
/// <param name="unixNames">True where a backslash is a letter as any other.</param>
internal sealed class VolumeTarget(string name, Func<ByteStore, FileVolume> open, Action<string> make, Action<MutableInput>? repair = null, Action<FileVolume, Random>? edit = null, bool unixNames = false) : FuzzTarget
{
    private const int MaxEntries = 50_000;
    private const int MaxDepth = 200;

    private int _depth;

    public override string Name => name;

    public override IReadOnlyList<byte[]> Seeds(SeedFolder folder) => folder.Get(name, make);

    public override void Repair(MutableInput input) => repair?.Invoke(input);

    public override bool Parse(byte[] bytes, int length, Random random)
    {
        ByteStore store = new InputStore(bytes, length, "input");
        if (edit is not null && random.Next(3) == 0)
            Edit(new OverlayStore(store), random);
        var volume = open(store);
        var entries = 0;
        Walk(volume.Root, ref entries);
        if (volume is IFreeSpace free)
            Free(free, length);
        return entries > 0;
    }

    private static void Free(IFreeSpace volume, int length)
    {
        try
        {
            if (volume.FreeSpaceDoubt is "")
                throw new BrokenPromiseException("a doubt without a reason");
            long end = 0;
            foreach (var extent in volume.FreeExtents(CancellationToken.None))
            {
                if (extent.Start < end || extent.Length <= 0 || extent.End > length || extent.Kind != ExtentKind.Zero)
                    throw new BrokenPromiseException($"the free extent {extent} behind {end} in {length} bytes");
                end = extent.End;
            }
        }
        catch (OsMigrateException)
        {
            // Maps that are damaged say nothing about the files.
            return;
        }
    }

    private void Walk(FileEntry folder, ref int entries)
    {
        _depth++;
        try
        {
            foreach (var entry in folder.Children())
            {
                if (++entries > MaxEntries)
                    throw new BrokenPromiseException($"more than {MaxEntries} entries in so small a volume");
                if (entry.Name.IndexOfAny(unixNames ? ['/', '\0'] : ['/', '\\', '\0']) >= 0 || entry.Name is "" or "." or "..")
                    throw new BrokenPromiseException("the name '" + entry.Name + "'");
                if (entry.IsFolder && _depth < MaxDepth)
                    Walk(entry, ref entries);
                else if (entry.LinkTarget is null && !entry.IsFolder)
                    Read(entry);
            }
        }
        catch (OsMigrateException)
        {
            // One bad folder is no reason not to look at the next.
            return;
        }
        finally
        {
            _depth--;
        }
    }

    private static void Read(FileEntry entry)
    {
        try
        {
            using var content = entry.OpenContent();
            if (content.Length != entry.SizeBytes)
                throw new BrokenPromiseException($"{content.Length} bytes of content, {entry.SizeBytes} announced");
            var buffer = new byte[(int)Math.Min(content.Length, 4096)];
            content.Read(0, buffer);
            content.Read(content.Length - buffer.Length, buffer);
            _ = (entry.CreatedTime, entry.ModifiedTime, entry.AccessedTime);
        }
        catch (OsMigrateException)
        {
            return;
        }
    }

    private void Edit(OverlayStore store, Random random)
    {
        try
        {
            var volume = open(store);
            for (var i = 0; i < 4; i++)
                edit!(volume, random);
        }
        catch (OsMigrateException)
        {
            // Refusing to edit a damaged volume is right.
            return;
        }
    }
}
