using System.Buffers.Binary;

namespace OsMigrate.FileSystems.Udf;

/// <summary>A block within a partition. ECMA-167, 4/7.1 (lb_addr).</summary>
internal readonly record struct UdfAddress(uint Block, int Partition)
{
    public static UdfAddress Parse(ReadOnlySpan<byte> bytes)
        => new(BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(4)));

    /// <summary>One number for both, to tell places apart.</summary>
    public long Key => ((long)Partition << 32) | Block;
}

/// <summary>How the bytes of an extent are recorded: the upper two bits of an allocation descriptor's length. ECMA-167, 4/14.14.1.1.</summary>
internal enum UdfExtentKind
{
    Recorded = 0,
    AllocatedOnly = 1,
    Hole = 2,

    /// <summary>Not content: the descriptors go on there.</summary>
    Continuation = 3,
}

/// <summary>One allocation descriptor.</summary>
internal readonly record struct UdfExtent(UdfExtentKind Kind, long Bytes, UdfAddress Address)
{
    public const int ShortSize = 8;
    public const int LongSize = 16;

    /// <param name="partition">The partition of the file entry, in which short descriptors lie.</param>
    public static UdfExtent ParseShort(ReadOnlySpan<byte> bytes, int partition)
        => Make(BinaryPrimitives.ReadUInt32LittleEndian(bytes), new UdfAddress(BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(4)), partition));

    public static UdfExtent ParseLong(ReadOnlySpan<byte> bytes)
        => Make(BinaryPrimitives.ReadUInt32LittleEndian(bytes), UdfAddress.Parse(bytes.Slice(4)));

    private static UdfExtent Make(uint length, UdfAddress address) => new((UdfExtentKind)(length >> 30), length & 0x3FFF_FFFF, address);
}
