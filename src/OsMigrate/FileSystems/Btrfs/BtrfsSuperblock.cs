using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.FileSystems.Ext;

namespace OsMigrate.FileSystems.Btrfs;

/// <summary>The first superblock of Btrfs, checked.</summary>
/// <remarks>Source: btrfs documentation, "On-disk Format", section "Superblock". All fields are little endian.</remarks>
internal sealed record BtrfsSuperblock
{
    public const int Place = 65536;

    private const int Size = 4096;
    private const int ChunksAt = 811;

    // MIXED_BACKREF, DEFAULT_SUBVOL, MIXED_GROUPS, COMPRESS_LZO, COMPRESS_ZSTD, BIG_METADATA, EXTENDED_IREF, RAID56, SKINNY_METADATA, NO_HOLES, METADATA_UUID, RAID1C34, SIMPLE_QUOTA (bit 16).
    private const ulong ReadFeatures = 0xFFF | (1UL << 16);

    public Guid Uuid { get; private init; }

    public string? Label { get; private init; }

    public ulong RootTree { get; private init; }

    public int RootLevel { get; private init; }

    public ulong ChunkTree { get; private init; }

    public int ChunkLevel { get; private init; }

    public int NodeSize { get; private init; }

    public ulong DeviceId { get; private init; }

    public ulong DeviceCount { get; private init; }

    /// <summary>Where the chunk tree itself lies: pairs of keys and chunks.</summary>
    public byte[] SystemChunks { get; private init; } = [];

    /// <exception cref="InvalidImageException">It is none, contradicts itself, or needs features that are not read here.</exception>
    public static BtrfsSuperblock Read(ByteStore store)
    {
        if (store.Length < Place + Size)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, store.Length, "too short for the superblock of a Btrfs file system");
        var s = store.ReadBytes(Place, Size);
        if (!s.AsSpan(64, 8).SequenceEqual("_BHRfS_M"u8))
            throw new InvalidImageException(ErrorIds.UnknownFormat, store.Name, Place + 64, "no superblock of a Btrfs file system is here");
        if ((U64(s, 188) & ~ReadFeatures) != 0)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, Place + 188, $"the Btrfs file system uses features that are not read here: {U64(s, 188) & ~ReadFeatures:x}");
        var (nodeSize, chunks) = (U32(s, 148), U32(s, 160));
        if (nodeSize is < 4096 or > 65536 || (nodeSize & (nodeSize - 1)) != 0 || chunks > 2048 || s[198] > 7 || s[199] > 7)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, Place, "the superblock of the Btrfs file system contradicts itself");
        return new BtrfsSuperblock
        {
            Uuid = ExtSuperblock.ToGuid(s.AsSpan(32, 16)),
            Label = ExtSuperblock.Text(s.AsSpan(299, 256)),
            RootTree = U64(s, 80),
            RootLevel = s[198],
            ChunkTree = U64(s, 88),
            ChunkLevel = s[199],
            NodeSize = (int)nodeSize,
            DeviceId = U64(s, 201),
            DeviceCount = U64(s, 136),
            SystemChunks = s.AsSpan(ChunksAt, (int)chunks).ToArray(),
        };
    }

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static ulong U64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
