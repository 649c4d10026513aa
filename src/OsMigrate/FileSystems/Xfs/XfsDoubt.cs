using System.Buffers.Binary;

namespace OsMigrate.FileSystems.Xfs;

/// <summary>Looks for reasons not to rely on the maps of free space: a log that holds changes, parts on other disks, features that are not known here.</summary>
/// <remarks>Source: "XFS Algorithms &amp; Data Structures", chapter "Superblocks".</remarks>
internal sealed class XfsDoubt(XfsVolume volume)
{
    // ATTR, NLINK, QUOTA, ALIGN, DALIGN, LOGV2, SECTOR, EXTFLG, DIRV2, BORG, MOREBITS, and the version itself; not SHARED.
    private const int KnownVersion = 0xF | 0x10 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400 | 0x800 | 0x1000 | 0x2000 | 0x4000 | 0x8000;

    // LAZYSBCOUNT, ATTR2, PROJID32BIT, CRC, FTYPE.
    private const uint KnownMore = 0x2 | 0x8 | 0x80 | 0x100 | 0x200;

    // FINOBT, RMAPBT, REFLINK, INOBTCNT.
    private const uint KnownReadOnly = 0xF;

    private const uint NeedsRepair = 0x10;

    private readonly byte[] _super = volume.Super.Bytes;

    /// <summary>The first reason found, as the end of a sentence that begins with "it"; null when there is none.</summary>
    public string? Find()
    {
        var version = BinaryPrimitives.ReadUInt16BigEndian(_super.AsSpan(100));
        if (_super[126] != 0)
            return "was not made to its end";
        if (Long(48) == 0)
            return "has its log on another disk";
        if (Long(16) != 0)
            return "has a realtime device";
        if ((version & ~KnownVersion) != 0 || (Word(200) & ~KnownMore) != 0)
            return $"uses features that are not known here: {version & ~KnownVersion:x}, {Word(200) & ~KnownMore:x}";
        if (volume.Super.IsVersion5 && (Word(208) != 0 || (Word(212) & ~KnownReadOnly) != 0 || Word(220) != 0))
            return $"uses features that are not known here: {Word(208):x}, {Word(212) & ~KnownReadOnly:x}, {Word(220):x}";
        if (volume.Super.IsVersion5 && (Word(216) & NeedsRepair) != 0)
            return "is marked as in need of repair";
        return new XfsLog(volume).IsClean() ? null : "was not unmounted in order: its log may hold changes that are not in their places yet";
    }

    private uint Word(int at) => BinaryPrimitives.ReadUInt32BigEndian(_super.AsSpan(at));

    private ulong Long(int at) => BinaryPrimitives.ReadUInt64BigEndian(_super.AsSpan(at));
}
