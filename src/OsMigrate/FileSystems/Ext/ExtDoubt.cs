using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ext;

/// <summary>Looks for reasons not to rely on the bitmaps: changes that are still in the journal, marks of faults, features that are not known here.</summary>
/// <remarks>Source: kernel.org, ext4 "Super Block", "Journal (jbd2)", "Multiple Mount Protection". The journal is big endian, all else little.</remarks>
internal sealed class ExtDoubt(ExtVolume volume)
{
    // DIR_PREALLOC, HAS_JOURNAL, EXT_ATTR, RESIZE_INODE, DIR_INDEX, SPARSE_SUPER2, FAST_COMMIT, STABLE_INODES, ORPHAN_FILE.
    private const uint KnownCompatible = 0x1 | 0x4 | 0x8 | 0x10 | 0x20 | 0x200 | 0x400 | 0x800 | 0x1000;

    // SPARSE_SUPER, LARGE_FILE, HUGE_FILE, GDT_CSUM, DIR_NLINK, EXTRA_ISIZE, QUOTA, BIGALLOC, METADATA_CSUM, READONLY, PROJECT, VERITY.
    private const uint KnownReadOnly = 0x1 | 0x2 | 0x8 | 0x10 | 0x20 | 0x40 | 0x100 | 0x200 | 0x400 | 0x1000 | 0x2000 | 0x8000;

    private const uint HasJournal = 0x4;
    private const uint OrphansPresent = 0x10000;
    private const uint MountProtection = 0x100;
    private const uint ProtectionMagic = 0x004D4D50;
    private const uint ProtectionClean = 0xFF4D4D50;
    private const uint JournalMagic = 0xC03B3998;
    private const int UnmountedInOrder = 1;

    private readonly byte[] _super = volume.Super.Bytes;

    /// <summary>The first reason found, as the end of a sentence that begins with "it"; null when there is none.</summary>
    /// <exception cref="InvalidImageException">The superblock does not have its checksum, or the journal is damaged.</exception>
    public string? Find()
    {
        var (compatible, incompatible, readOnly) = volume.Super.Features;
        if (volume.NeedsRecovery)
            return "was not unmounted in order: its journal holds changes that are not in their places yet";
        if (BinaryPrimitives.ReadUInt16LittleEndian(_super.AsSpan(58)) is var state && state != UnmountedInOrder)
            return (state & 2) != 0 ? "is marked as having errors" : "was not unmounted in order";
        if ((readOnly & OrphansPresent) != 0 || Word(232) != 0)
            return "has files that were deleted and not given back yet";
        if ((compatible & ~KnownCompatible) != 0 || (readOnly & ~KnownReadOnly) != 0)
            return $"uses features that are not known here: {compatible & ~KnownCompatible:x}, {readOnly & ~KnownReadOnly:x}";
        new ExtChecksum(volume.Super, volume.Store.Name).CheckSuperblock();
        return ((incompatible & MountProtection) != 0 && !IsProtectionClean())
            ? "may be mounted elsewhere, or was not unmounted in order"
            : (compatible & HasJournal) != 0 ? InJournal() : null;
    }

    private string? InJournal()
    {
        if (Word(224) == 0 || Word(228) != 0)
            return "has its journal on another disk";
        using var journal = volume.Inode(Word(224)).Open("journal of " + volume.Store.Name);
        var head = journal.ReadBytes(0, 64);
        if (BinaryPrimitives.ReadUInt32BigEndian(head) != JournalMagic || BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4)) is not (3 or 4))
            return "has a journal that is not understood";
        // Where the log begins, and what went wrong last; both are 0 when there is nothing to be done.
        return BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(28)) != 0 || BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(32)) != 0
            ? "was not unmounted in order: its journal is not empty"
            : null;
    }

    private bool IsProtectionClean()
    {
        var block = BinaryPrimitives.ReadUInt64LittleEndian(_super.AsSpan(360));
        if (block == 0 || block >= (ulong)volume.BlockCount)
            return false;
        var mark = volume.Store.ReadBytes((long)block * volume.BlockSize, 8);
        return BinaryPrimitives.ReadUInt32LittleEndian(mark) == ProtectionMagic && BinaryPrimitives.ReadUInt32LittleEndian(mark.AsSpan(4)) == ProtectionClean;
    }

    private uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_super.AsSpan(at));
}
