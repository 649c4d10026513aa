using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Iso9660;

/// <summary>Reads the records of one folder. ECMA-119, 6.8.1: no record crosses a sector's end, the rest of a sector is zero.</summary>
internal static class IsoFolder
{
    private const int SectorSize = 2048;

    public static IEnumerable<FileEntry> Read(Iso9660Volume volume, long block, long size)
    {
        var start = block * volume.Descriptor.BlockSize;
        if (start > volume.Store.Length - size)
            throw new InvalidImageException(ErrorIds.Truncated, volume.Store.Name, start, $"a folder of {size} bytes is here, but the volume ends at {volume.Store.Length}");
        return Entries(volume, start, size);
    }

    private static IEnumerable<FileEntry> Entries(Iso9660Volume volume, long start, long size)
    {
        var extents = new List<IsoRecord>();
        long firstPlace = 0;
        foreach (var (record, place) in Records(volume.Store, start, size))
        {
            if (record.IsSelf || record.IsParent || record.Identifier.Length == 0)
                continue;
            if (extents.Count > 0 && !extents[0].Identifier.AsSpan().SequenceEqual(record.Identifier))
                throw new InvalidImageException(ErrorIds.BadStructure, volume.Store.Name, place, "another file begins before the last part of the one before");
            if (extents.Count == 0)
                firstPlace = place;
            extents.Add(record);
            if (record.HasMoreExtents && !record.IsFolder)
                continue;
            if (Entry(volume, extents.ToArray(), firstPlace) is { } entry)
                yield return entry;
            extents.Clear();
        }
    }

    private static IEnumerable<(IsoRecord Record, long Place)> Records(ByteStore store, long start, long size)
    {
        for (long sector = 0; sector < size; sector += SectorSize)
        {
            var bytes = store.ReadBytes(start + sector, (int)Math.Min(SectorSize, size - sector));
            for (var at = 0; at < bytes.Length && bytes[at] != 0;)
            {
                var record = IsoRecord.Parse(bytes.AsSpan(at))
                    ?? throw new InvalidImageException(ErrorIds.BadStructure, store.Name, start + sector + at, "this directory record is damaged: its lengths do not fit");
                yield return (record, start + sector + at);
                at += record.Size;
            }
        }
    }

    private static IsoEntry? Entry(Iso9660Volume volume, IsoRecord[] extents, long place)
    {
        if (volume.Names != IsoNames.RockRidge)
            return new IsoEntry(volume, PlainName(volume, extents[0]), extents, null, place);
        var systemUse = extents[0].SystemUse.AsSpan();
        var rockRidge = RockRidge.Read(systemUse.Slice(Math.Min(volume.Skip, systemUse.Length)), volume.Store, volume.Descriptor.BlockSize);
        if (rockRidge.IsDotName || rockRidge.IsMovedHere || rockRidge.IsLink)
            return null;
        return new IsoEntry(volume, Safe(rockRidge.Name) ?? PlainName(volume, extents[0]), extents, rockRidge, place);
    }

    /// <summary>The identifier without version number and without the point of an empty extension. ECMA-119, 7.5.</summary>
    private static string PlainName(Iso9660Volume volume, IsoRecord record)
    {
        var name = (volume.Descriptor.IsJoliet ? Encoding.BigEndianUnicode : Latin1).GetString(record.Identifier);
        if (!record.IsFolder)
        {
            var version = name.LastIndexOf(';');
            if (version > 0)
                name = name.Substring(0, version);
            if (name.Length > 1 && name.EndsWith(".", StringComparison.Ordinal))
                name = name.Substring(0, name.Length - 1);
        }

        return Safe(name) ?? "_";
    }

    private static Encoding Latin1 { get; } = Encoding.GetEncoding(28591);

    /// <summary>A name never holds a path: separators and zeros become underscores; "." and ".." are no names.</summary>
    private static string? Safe(string? name)
        => string.IsNullOrEmpty(name) || name is "." or ".." ? null : name!.Replace('/', '_').Replace('\\', '_').Replace('\0', '_');
}
