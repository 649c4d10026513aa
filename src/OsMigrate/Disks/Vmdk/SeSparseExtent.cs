using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>ESXi's space-efficient delta (seSparse), the default of VMFS 6.</summary>
/// <remarks>
/// VMware publishes no specification; the layout is known from what readers of it agree on. Offsets and sizes in the header are 64-bit
/// sector numbers. A directory entry is 0 or 0x10000000 in its upper half and the number of a table in its lower. In a table's entry the
/// topmost four bits say absent (0), unmapped (1), zero (2) or stored (3), and the rest is the grain's number with its twelve highest bits first.
/// </remarks>
internal sealed class SeSparseExtent : VmdkSparseExtent
{
    private const ulong Version = 0x0000000200000001;
    private const ulong VolatileMagic = 0xCAFECAFE;
    private const int EntryBytes = sizeof(ulong);

    private SeSparseExtent(ByteStore store, GrainTables tables, int grainBytes, long length)
        : base(store, tables, grainBytes, length)
    {
    }

    public static SeSparseExtent Open(ByteStore file, ReadOnlySpan<byte> head)
    {
        if (head.Length < VmdkFormat.SectorSize)
            throw new InvalidImageException(ErrorIds.Truncated, file.Name, 0, "the seSparse header is cut off");
        if (Field(head, 1) != Version)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, file.Name, 8, $"it is version 0x{Field(head, 1):x} of seSparse; 0x{Version:x} is read");
        var capacity = Sectors(file, head, 2);
        var grain = Sectors(file, head, 3);
        var tableSectors = Sectors(file, head, 4);
        if (grain is not 8)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, file.Name, 24, $"grains of {grain} sectors are not read; 8 is the only size known");
        if (tableSectors is not 64)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, file.Name, 32, $"grain tables of {tableSectors} sectors are not read; 64 is the only size known");
        if (capacity == 0)
            throw new InvalidImageException(ErrorIds.BadStructure, file.Name, 16, "the disk has no sectors");
        RequireClean(file, Sectors(file, head, 10));
        var tables = new SeSparseTables(
            file,
            directoryOffset: Sectors(file, head, 16) * VmdkFormat.SectorSize,
            tablesOffset: Sectors(file, head, 18) * VmdkFormat.SectorSize,
            grainsOffset: Sectors(file, head, 24) * VmdkFormat.SectorSize,
            tableEntries: (int)tableSectors * VmdkFormat.SectorSize / EntryBytes,
            grainCount: (capacity + grain - 1) / grain,
            grainBytes: (int)grain * VmdkFormat.SectorSize);
        return new SeSparseExtent(file, tables, (int)grain * VmdkFormat.SectorSize, capacity * VmdkFormat.SectorSize);
    }

    private static void RequireClean(ByteStore file, long volatileSector)
    {
        var at = volatileSector * VmdkFormat.SectorSize;
        if (at > file.Length - VmdkFormat.SectorSize)
            throw new InvalidImageException(ErrorIds.Truncated, file.Name, at, "the volatile header reaches past the end of the file");
        var bytes = file.ReadBytes(at, VmdkFormat.SectorSize);
        if (Field(bytes, 0) != VolatileMagic)
            throw new InvalidImageException(ErrorIds.BadStructure, file.Name, at, "the volatile header does not begin with its magic number");
        if (bytes[24] != 0)
            throw new InvalidImageException(ErrorIds.Dirty, file.Name, at + 24, "its journal has not been replayed: start the machine once on ESXi, or consolidate its snapshots");
    }

    private static ulong Field(ReadOnlySpan<byte> bytes, int number) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(number * sizeof(ulong)));

    private static long Sectors(ByteStore file, ReadOnlySpan<byte> head, int number)
        => Field(head, number) is <= VmdkFormat.MaxSectors and var value
            ? (long)value
            : throw new InvalidImageException(ErrorIds.TooLarge, file.Name, number * sizeof(ulong), "a header field is beyond any disk");
}

/// <summary>The tables of a seSparse delta.</summary>
internal sealed class SeSparseTables : GrainTables
{
    private readonly long _tablesOffset;
    private readonly long _grainsOffset;
    private readonly int _grainBytes;

    public SeSparseTables(ByteStore store, long directoryOffset, long tablesOffset, long grainsOffset, int tableEntries, long grainCount, int grainBytes)
        : base(store, directoryOffset, tableEntries, sizeof(ulong), grainCount)
        => (_tablesOffset, _grainsOffset, _grainBytes) = (tablesOffset, grainsOffset, grainBytes);

    public override long TableOffset(long tableNumber)
    {
        var entry = BinaryPrimitives.ReadUInt64LittleEndian(DirectoryEntry(tableNumber));
        if (entry == 0)
            return 0;
        if (entry >> 32 != 0x10000000)
            throw new InvalidImageException(ErrorIds.BadStructure, Store.Name, -1, $"entry {tableNumber} of the grain directory is 0x{entry:x}, which has no meaning");
        return _tablesOffset + ((long)(uint)entry * TableEntries * EntryBytes);
    }

    protected override VmdkRunKind Entry(ReadOnlySpan<byte> table, int index, out long offset)
    {
        var entry = BinaryPrimitives.ReadUInt64LittleEndian(table.Slice(index * sizeof(ulong)));
        offset = 0;
        switch (entry >> 60)
        {
            case 0 when entry == 0:
                return VmdkRunKind.Absent;
            case 1 or 2:
                return VmdkRunKind.Zero;
            case 3:
                var grain = ((entry & 0x0FFF000000000000) >> 48) | ((entry & 0x0000FFFFFFFFFFFF) << 12);
                // A number too large for any file stays too large: it must not wrap into it.
                offset = grain > (ulong)(Store.Length / _grainBytes) ? long.MaxValue : _grainsOffset + ((long)grain * _grainBytes);
                return VmdkRunKind.Data;
            default:
                throw new InvalidImageException(ErrorIds.BadStructure, Store.Name, -1, $"a grain table has the entry 0x{entry:x}, which has no meaning");
        }
    }
}
