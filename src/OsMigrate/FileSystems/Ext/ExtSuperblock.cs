using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ext;

/// <summary>The superblock of ext2, ext3 or ext4, checked.</summary>
/// <remarks>Source: kernel.org, ext4 "Super Block", "Block Group Descriptors". All fields are little endian.</remarks>
internal sealed record ExtSuperblock
{
    public const int Place = 1024;
    public const int Size = 1024;

    private const uint MetaGroups = 0x10;
    private const uint Wide = 0x80;
    private const uint Recover = 0x4;
    private const uint Clusters = 0x200;
    private const uint SparseSuper2 = 0x200;

    // FILETYPE, RECOVER, META_BG, EXTENTS, 64BIT, MMP, FLEX_BG, EA_INODE, DIRDATA, CSUM_SEED, LARGEDIR, INLINE_DATA, ENCRYPT, CASEFOLD.
    private const uint ReadFeatures = 0x2 | 0x4 | 0x10 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x1000 | 0x2000 | 0x4000 | 0x8000 | 0x10000 | 0x20000;

    public int BlockSize { get; private init; }

    public long BlockCount { get; private init; }

    public uint InodeCount { get; private init; }

    public uint InodesPerGroup { get; private init; }

    public int InodeSize { get; private init; }

    public string? Label { get; private init; }

    public Guid Uuid { get; private init; }

    /// <summary>True when the journal holds what was not written to its place yet.</summary>
    public bool NeedsRecovery { get; private init; }

    /// <summary>"ext2", "ext3" or "ext4", by the features in use.</summary>
    public string Kind { get; private init; } = "ext4";

    /// <summary>The superblock as it lies in the volume, for the fields that are not named here.</summary>
    public byte[] Bytes { get; private init; } = [];

    /// <summary>Features: those that do not matter to whom does not know them, those that forbid to read, those that forbid to write.</summary>
    public (uint Compatible, uint Incompatible, uint ReadOnly) Features { get; private init; }

    public uint BlocksPerGroup { get; private init; }

    /// <summary>Where the first group begins.</summary>
    public uint FirstBlock { get; private init; }

    public int DescriptorSize { get; private init; }

    public uint FirstMetaGroup { get; private init; }

    public bool HasMetaGroups { get; private init; }

    /// <summary>Where the superblock lies: with blocks of 1 KiB behind block 0, also where the first group begins with that.</summary>
    public uint OwnBlock => BlockSize == Place ? 1u : 0u;

    /// <summary>Blocks that a bit of a bitmap stands for; more than one with bigalloc.</summary>
    public long BlocksPerCluster { get; private init; }

    private bool IsSparse { get; init; }

    /// <summary>The only two groups beside the first that have a copy of the superblock; null where they are chosen by their numbers.</summary>
    private (uint First, uint Second)? BackupGroups { get; init; }

    /// <exception cref="InvalidImageException">It is none, contradicts itself, or needs features that are not read here.</exception>
    public static ExtSuperblock Read(ByteStore store)
    {
        if (store.Length < Place + Size)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, store.Length, "too short for the superblock of an ext file system");
        var s = store.ReadBytes(Place, Size);
        if (U16(s, 56) != 0xEF53)
            throw new InvalidImageException(ErrorIds.UnknownFormat, store.Name, Place + 56, "no superblock of an ext file system is here");
        var (compatible, incompatible, readOnly) = U32(s, 76) == 0 ? (0u, 0u, 0u) : (U32(s, 92), U32(s, 96), U32(s, 100));
        if ((incompatible & ~ReadFeatures) != 0)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, Place + 96, $"the ext file system uses features that are not read here: {incompatible & ~ReadFeatures:x}");
        var isWide = (incompatible & Wide) != 0;
        var hasClusters = (readOnly & Clusters) != 0;
        var super = new ExtSuperblock
        {
            BlockSize = U32(s, 24) <= 6 ? 1024 << (int)U32(s, 24) : 0,
            BlockCount = U32(s, 4) | (isWide ? (long)U32(s, 336) << 32 : 0),
            InodeCount = U32(s, 0),
            FirstBlock = U32(s, 20),
            BlocksPerGroup = U32(s, 32),
            InodesPerGroup = U32(s, 40),
            InodeSize = U32(s, 76) == 0 ? 128 : U16(s, 88),
            DescriptorSize = isWide && U16(s, 254) >= 64 ? U16(s, 254) : 32,
            FirstMetaGroup = U32(s, 260),
            HasMetaGroups = (incompatible & MetaGroups) != 0,
            IsSparse = (readOnly & 1) != 0,
            BackupGroups = (compatible & SparseSuper2) != 0 ? (U32(s, 588), U32(s, 592)) : null,
            BlocksPerCluster = !hasClusters ? 1 : U32(s, 28) >= U32(s, 24) && U32(s, 28) - U32(s, 24) <= 20 ? 1L << (int)(U32(s, 28) - U32(s, 24)) : 0,
            Bytes = s,
            Features = (compatible, incompatible, readOnly),
            NeedsRecovery = (incompatible & Recover) != 0,
            Uuid = ToGuid(s.AsSpan(104, 16)),
            Label = Text(s.AsSpan(120, 16)),
            Kind = (incompatible & (0x40 | 0x80 | 0x200)) != 0 ? "ext4" : (compatible & 4) != 0 ? "ext3" : "ext2",
        };
        var isPossible = super.BlockSize != 0 && super.BlocksPerCluster > 0 && super.BlocksPerGroup > 0 && super.BlocksPerGroup <= super.BlocksPerCluster << 19 && super.InodesPerGroup is > 0 and <= 1 << 19 && super.InodeSize is >= 128 and <= 65536
            && super.InodeSize <= super.BlockSize && (super.InodeSize & (super.InodeSize - 1)) == 0 && super.DescriptorSize <= 1024 && super.BlockCount > super.FirstBlock && super.FirstBlock <= 1;
        return isPossible ? super : throw new InvalidImageException(ErrorIds.BadStructure, store.Name, Place, "the superblock of the ext file system contradicts itself");
    }

    /// <summary>Byte offset of an inode; inode numbers begin at 1.</summary>
    public long PlaceOf(ByteStore store, uint inode)
    {
        if (inode == 0 || inode > InodeCount)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, -1, $"inode {inode} of {InodeCount}");
        var group = (inode - 1) / InodesPerGroup;
        var at = DescriptorPlace(group);
        var descriptor = store.ReadBytes(at, DescriptorSize);
        var table = U32(descriptor, 8) | (DescriptorSize >= 64 ? (long)U32(descriptor, 40) << 32 : 0);
        if (table <= 0 || table >= BlockCount)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, at, $"group {group} has its inodes in block {table} of {BlockCount}");
        return (table * BlockSize) + ((inode - 1) % InodesPerGroup * (long)InodeSize);
    }

    /// <summary>Byte offset of the descriptor of a group.</summary>
    public long DescriptorPlace(uint group)
    {
        var perBlock = BlockSize / DescriptorSize;
        var block = group / (uint)perBlock;
        long place;
        if (!HasMetaGroups || block < FirstMetaGroup)
        {
            place = OwnBlock + 1L + block;
        }
        else
        {
            var first = (long)block * perBlock;
            place = GroupStart((uint)first) + (HasSuperblock(first) ? 1 : 0);
        }

        return (place * BlockSize) + (group % perBlock * DescriptorSize);
    }

    /// <summary>The block where a group's copy of the superblock lies, if it has one, and its other structures begin.</summary>
    public long GroupStart(uint group) => group == 0 ? OwnBlock : ((long)group * BlocksPerGroup) + FirstBlock;

    public bool HasSuperblock(long group) => BackupGroups is { } two ? group == 0 || group == two.First || group == two.Second : !IsSparse || group <= 1 || IsPower(group, 3) || IsPower(group, 5) || IsPower(group, 7);

    private static bool IsPower(long number, int of)
    {
        while (number % of == 0)
            number /= of;
        return number == 1;
    }

    /// <summary>UUIDs of Linux are written in the order of their digits.</summary>
    internal static Guid ToGuid(ReadOnlySpan<byte> bytes) => Guid.Parse(Hex.Lower(bytes.ToArray()));

    internal static string? Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString((end < 0 ? bytes : bytes.Slice(0, end)).ToArray()).Trim();
        return text.Length == 0 ? null : text;
    }

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
