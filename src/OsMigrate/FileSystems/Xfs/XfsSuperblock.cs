using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.FileSystems.Ext;

namespace OsMigrate.FileSystems.Xfs;

/// <summary>The superblock of XFS, versions 4 and 5, checked.</summary>
/// <remarks>Source: kernel.org, "XFS Algorithms &amp; Data Structures", chapter "Superblocks". All fields are big endian.</remarks>
internal sealed record XfsSuperblock
{
    // FTYPE, SPINODES, META_UUID, BIGTIME, NEEDSREPAIR, NREXT64, EXCHRANGE, PARENT.
    private const uint ReadFeatures = 0xFF;

    public int BlockSize { get; private init; }

    public long BlockCount { get; private init; }

    public ulong RootInode { get; private init; }

    public Guid Uuid { get; private init; }

    public string? Label { get; private init; }

    public bool IsVersion5 { get; private init; }

    /// <summary>Bytes of one block of a folder.</summary>
    public int FolderBlockSize { get; private init; }

    public int InodeSize { get; private init; }

    /// <summary>True when entries of folders carry the kind of what they name.</summary>
    public bool HasKinds { get; private init; }

    /// <summary>The first 512 bytes of the superblock as they lie in the volume, for the fields that are not named here.</summary>
    public byte[] Bytes { get; private init; } = [];

    public uint GroupBlocks { get; private init; }

    public uint GroupCount { get; private init; }

    private int GroupBits { get; init; }

    private int InodesPerBlockBits { get; init; }

    /// <exception cref="InvalidImageException">It is none, contradicts itself, or needs features that are not read here.</exception>
    public static XfsSuperblock Read(ByteStore store)
    {
        var s = store.ReadBytes(0, (int)Math.Min(512, store.Length));
        if (s.Length < 512 || U32(s, 0) != 0x58465342)
            throw new InvalidImageException(ErrorIds.UnknownFormat, store.Name, 0, "no superblock of an XFS file system is here");
        var version = BinaryPrimitives.ReadUInt16BigEndian(s.AsSpan(100)) & 0xF;
        var is5 = version == 5;
        if (version is not (4 or 5) || (is5 && (U32(s, 216) & ~ReadFeatures) != 0))
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, 100, $"XFS of version {version} with features {(is5 ? U32(s, 216) : 0):x}; versions 4 and 5 are read");
        var super = new XfsSuperblock
        {
            BlockSize = (int)Math.Min(U32(s, 4), 1 << 20),
            BlockCount = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(s.AsSpan(8)), long.MaxValue >> 20),
            RootInode = BinaryPrimitives.ReadUInt64BigEndian(s.AsSpan(56)),
            Uuid = ExtSuperblock.ToGuid(s.AsSpan(32, 16)),
            Label = ExtSuperblock.Text(s.AsSpan(108, 12)),
            IsVersion5 = is5,
            FolderBlockSize = s[192] <= 7 ? (int)Math.Min(U32(s, 4), 65536) << s[192] : 0,
            InodeSize = BinaryPrimitives.ReadUInt16BigEndian(s.AsSpan(104)),
            HasKinds = is5 ? (U32(s, 216) & 1) != 0 : (U32(s, 200) & 0x200) != 0,
            Bytes = s,
            GroupBlocks = U32(s, 84),
            GroupCount = U32(s, 88),
            GroupBits = s[124],
            InodesPerBlockBits = s[123],
        };
        var isPossible = super.BlockSize is >= 512 and <= 65536 && (super.BlockSize & (super.BlockSize - 1)) == 0 && super.FolderBlockSize is > 0 and <= 65536
            && super.InodeSize is >= 256 and <= 2048 && (super.InodeSize & (super.InodeSize - 1)) == 0 && super.BlockSize >> super.InodesPerBlockBits == super.InodeSize
            && super.GroupBlocks > 0 && super.GroupBits is > 0 and <= 31 && super.GroupBlocks <= 1u << super.GroupBits && super.GroupCount > 0 && (long)super.GroupBlocks * super.GroupCount >= super.BlockCount;
        return isPossible ? super : throw new InvalidImageException(ErrorIds.BadStructure, store.Name, 0, "the superblock of the XFS file system contradicts itself");
    }

    /// <summary>Byte offset of an inode: its number is made of group, block in it, and place in the block.</summary>
    /// <returns>-1 where there is none.</returns>
    public long PlaceOf(ulong inode)
    {
        var group = inode >> (GroupBits + InodesPerBlockBits);
        var block = (inode >> InodesPerBlockBits) & ((1UL << GroupBits) - 1);
        return group < GroupCount && block < GroupBlocks
            ? (((long)group * GroupBlocks) + (long)block) * BlockSize + ((long)(inode & ((1UL << InodesPerBlockBits) - 1)) * InodeSize)
            : -1;
    }

    /// <summary>Byte offset of a block: its number is made of group and block in it. -1 where there is none.</summary>
    public long PlaceOfBlock(ulong number)
    {
        var group = number >> GroupBits;
        var block = number & ((1UL << GroupBits) - 1);
        return group < GroupCount && block < GroupBlocks ? (((long)group * GroupBlocks) + (long)block) * BlockSize : -1;
    }

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
