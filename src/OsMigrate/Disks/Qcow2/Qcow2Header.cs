using System.Buffers.Binary;

namespace OsMigrate.Disks.Qcow2;

/// <summary>The fixed fields of a QCOW2 header, versions 2 and 3. Sizes and offsets in bytes unless the name says otherwise.</summary>
/// <remarks>Source: QEMU docs/interop/qcow2.txt, section "Header". All fields are big endian.</remarks>
internal readonly record struct Qcow2Header
{
    public const uint MagicValue = 0x514649FB;

    /// <summary>Bytes of a version 2 header.</summary>
    public const int SizeV2 = 72;

    /// <summary>Bytes of a version 3 header as we write it, compression type and padding included.</summary>
    public const int SizeV3 = 112;

    public const ulong IncompatibleDirty = 1 << 0;
    public const ulong IncompatibleCorrupt = 1 << 1;
    public const ulong IncompatibleDataFile = 1 << 2;
    public const ulong IncompatibleCompressionType = 1 << 3;
    public const ulong IncompatibleExtendedL2 = 1 << 4;

    public uint Magic { get; init; }

    public uint Version { get; init; }

    public ulong BackingFileOffset { get; init; }

    public uint BackingFileLength { get; init; }

    public uint ClusterBits { get; init; }

    /// <summary>Virtual size of the disk.</summary>
    public ulong Size { get; init; }

    /// <summary>0 none, 1 AES, 2 LUKS.</summary>
    public uint EncryptionMethod { get; init; }

    public uint L1Entries { get; init; }

    public ulong L1Offset { get; init; }

    public ulong RefcountTableOffset { get; init; }

    public uint RefcountTableClusters { get; init; }

    public uint SnapshotCount { get; init; }

    public ulong SnapshotsOffset { get; init; }

    public ulong IncompatibleFeatures { get; init; }

    public ulong CompatibleFeatures { get; init; }

    public ulong AutoclearFeatures { get; init; }

    /// <summary>Width of a refcount is 2 to the power of this, in bits; 4 in version 2.</summary>
    public uint RefcountOrder { get; init; }

    public uint HeaderLength { get; init; }

    /// <summary>0 zlib (raw deflate), 1 Zstandard.</summary>
    public byte CompressionType { get; init; }

    /// <param name="bytes">At least <see cref="SizeV2"/> bytes; version 3 fields that are not there take their defaults.</param>
    public static Qcow2Header Parse(ReadOnlySpan<byte> bytes)
    {
        var v2 = new Qcow2Header
        {
            Magic = BinaryPrimitives.ReadUInt32BigEndian(bytes),
            Version = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(4)),
            BackingFileOffset = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(8)),
            BackingFileLength = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(16)),
            ClusterBits = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(20)),
            Size = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(24)),
            EncryptionMethod = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(32)),
            L1Entries = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(36)),
            L1Offset = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(40)),
            RefcountTableOffset = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(48)),
            RefcountTableClusters = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(56)),
            SnapshotCount = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(60)),
            SnapshotsOffset = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(64)),
            RefcountOrder = 4,
            HeaderLength = SizeV2,
        };
        if (v2.Version < 3 || bytes.Length < 104)
            return v2;
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(100));
        return v2 with
        {
            IncompatibleFeatures = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(72)),
            CompatibleFeatures = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(80)),
            AutoclearFeatures = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(88)),
            RefcountOrder = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(96)),
            HeaderLength = length,
            CompressionType = length > 104 && bytes.Length > 104 ? bytes[104] : (byte)0,
        };
    }

    /// <summary>A version 3 header without backing file, snapshots and extensions.</summary>
    public static Qcow2Header ForWriting(Qcow2Geometry geometry, bool zstd) => new()
    {
        Magic = MagicValue,
        Version = 3,
        ClusterBits = (uint)geometry.ClusterBits,
        Size = (ulong)geometry.VirtualSize,
        L1Entries = (uint)geometry.L1Entries,
        L1Offset = (ulong)geometry.L1Offset,
        RefcountTableOffset = (ulong)geometry.RefcountTableOffset,
        RefcountTableClusters = (uint)geometry.RefcountTableClusters,
        RefcountOrder = 4,
        HeaderLength = SizeV3,
        IncompatibleFeatures = zstd ? IncompatibleCompressionType : 0,
        CompressionType = zstd ? (byte)1 : (byte)0,
    };

    /// <summary>Writes a version 3 header.</summary>
    /// <param name="bytes">At least <see cref="SizeV3"/> bytes, zero; an end marker of the header extensions follows by being zero.</param>
    public void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(4), Version);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(8), BackingFileOffset);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(16), BackingFileLength);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(20), ClusterBits);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(24), Size);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(32), EncryptionMethod);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(36), L1Entries);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(40), L1Offset);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(48), RefcountTableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(56), RefcountTableClusters);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(60), SnapshotCount);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(64), SnapshotsOffset);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(72), IncompatibleFeatures);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(80), CompatibleFeatures);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(88), AutoclearFeatures);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(96), RefcountOrder);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(100), HeaderLength);
        bytes[104] = CompressionType;
    }
}
