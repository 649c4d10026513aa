using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>Header of a hosted sparse extent, which streamOptimized disks use too; also the footer of the latter.</summary>
/// <remarks>Source: VMware Virtual Disks, Virtual Disk Format 5.0, "Hosted Sparse Extent Header". All offsets and sizes in 512-byte sectors.</remarks>
internal readonly record struct VmdkSparseHeader
{
    public const int Size = 512;
    public const uint MagicValue = 0x564D444B; // "KDMV", little endian

    /// <summary>In <see cref="DirectoryOffset"/>: the real header is the footer at the end of the file.</summary>
    public const ulong AtEnd = ulong.MaxValue;

    public const uint FlagNewLineTest = 1;
    public const uint FlagRedundantDirectory = 2;
    public const uint FlagZeroGrains = 4;
    public const uint FlagCompressed = 1 << 16;
    public const uint FlagMarkers = 1 << 17;

    public const int DefaultTableEntries = 512;
    private const int MaxTableEntries = 8192;
    private const int MaxGrainSectors = 65536;

    public uint Version { get; init; }

    public uint Flags { get; init; }

    public long CapacitySectors { get; init; }

    public int GrainSectors { get; init; }

    public long DescriptorOffset { get; init; }

    public long DescriptorSectors { get; init; }

    public int TableEntries { get; init; }

    public ulong RedundantDirectoryOffset { get; init; }

    public ulong DirectoryOffset { get; init; }

    public long OverheadSectors { get; init; }

    public bool UncleanShutdown { get; init; }

    public ushort CompressAlgorithm { get; init; }

    public bool IsCompressed => (Flags & FlagCompressed) != 0;

    public bool HasMarkers => (Flags & FlagMarkers) != 0;

    public bool HasZeroGrains => (Flags & FlagZeroGrains) != 0;

    public int GrainBytes => GrainSectors * VmdkFormat.SectorSize;

    public long CapacityBytes => CapacitySectors * VmdkFormat.SectorSize;

    /// <summary>Number of grain tables that the capacity needs.</summary>
    public long TableCount
    {
        get
        {
            var perTable = (long)GrainSectors * TableEntries;
            return (CapacitySectors + perTable - 1) / perTable;
        }
    }

    /// <summary>Reads and checks everything that a header can be judged by alone.</summary>
    /// <param name="at">Offset of the bytes in the file, for errors.</param>
    public static VmdkSparseHeader Parse(ReadOnlySpan<byte> bytes, string name, long at)
    {
        InvalidImageException Fault(string id, int offset, string reason) => new(id, name, at + offset, reason);

        if (bytes.Length < Size)
            throw Fault(ErrorIds.Truncated, 0, $"the header needs {Size} bytes, {bytes.Length} are there");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != MagicValue)
            throw Fault(ErrorIds.BadStructure, 0, "the header does not begin with KDMV");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(4));
        if (version is 0 or > 3)
            throw Fault(ErrorIds.UnsupportedFeature, 4, $"it is version {version} of the format; 1 to 3 are read");
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(8));
        var capacity = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(12));
        if (capacity > VmdkFormat.MaxSectors)
            throw Fault(ErrorIds.TooLarge, 12, $"the capacity of {capacity} sectors is beyond any disk");
        var grain = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(20));
        if (grain is 0 or > MaxGrainSectors || (grain & (grain - 1)) != 0)
            throw Fault(ErrorIds.BadStructure, 20, $"the grain size of {grain} sectors is no power of two from 1 to {MaxGrainSectors}");
        var entries = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(44));
        if (entries is 0 or > MaxTableEntries)
            throw Fault(ErrorIds.BadStructure, 44, $"{entries} entries per grain table are not between 1 and {MaxTableEntries}");
        if ((flags & FlagNewLineTest) != 0 && !bytes.Slice(73, 4).SequenceEqual("\n \r\n"u8))
            throw Fault(ErrorIds.BadStructure, 73, "the line-end test bytes are changed: the file went through a text-mode transfer");
        var algorithm = BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(77));
        if ((flags & FlagCompressed) != 0 && algorithm != 1)
            throw Fault(ErrorIds.UnsupportedFeature, 77, $"it uses compression algorithm {algorithm}; only 1 (deflate) exists");
        return new VmdkSparseHeader
        {
            Version = version,
            Flags = flags,
            CapacitySectors = (long)capacity,
            GrainSectors = (int)grain,
            DescriptorOffset = Sectors(bytes.Slice(28)),
            DescriptorSectors = Sectors(bytes.Slice(36)),
            TableEntries = (int)entries,
            RedundantDirectoryOffset = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(48)),
            DirectoryOffset = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(56)),
            OverheadSectors = Sectors(bytes.Slice(64)),
            UncleanShutdown = bytes[72] != 0,
            CompressAlgorithm = algorithm,
        };
    }

    public void WriteTo(Span<byte> bytes)
    {
        bytes.Slice(0, Size).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, MagicValue);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.Slice(4), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.Slice(8), Flags);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.Slice(12), CapacitySectors);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.Slice(20), GrainSectors);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.Slice(28), DescriptorOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.Slice(36), DescriptorSectors);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.Slice(44), TableEntries);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(48), RedundantDirectoryOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(56), DirectoryOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.Slice(64), OverheadSectors);
        "\n \r\n"u8.CopyTo(bytes.Slice(73));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.Slice(77), CompressAlgorithm);
    }

    /// <summary>A sector number small enough that its byte offset fits; what does not is put beyond the end of every file.</summary>
    private static long Sectors(ReadOnlySpan<byte> bytes)
        => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(bytes), VmdkFormat.MaxSectors);
}
