using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>ESXi's copy-on-write delta (vmfsSparse): grains of one sector as a rule, tables of 4096 entries.</summary>
/// <remarks>Source: VMware Virtual Disks, Virtual Disk Format 5.0, "ESX Server Sparse Extent Header" (COWDisk_Header).</remarks>
internal sealed class CowdExtent : VmdkSparseExtent
{
    private const int TableEntries = 4096;
    private const int MaxGrainSectors = 4096;

    private CowdExtent(ByteStore store, GrainTables tables, int grainBytes, long length)
        : base(store, tables, grainBytes, length)
    {
    }

    public static CowdExtent Open(ByteStore file, ReadOnlySpan<byte> head)
    {
        if (head.Length < 32)
            throw new InvalidImageException(ErrorIds.Truncated, file.Name, 0, "the COWD header is cut off");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(head.Slice(4));
        if (version != 1)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, file.Name, 4, $"it is version {version} of COWD; 1 is read");
        var sectors = BinaryPrimitives.ReadUInt32LittleEndian(head.Slice(12));
        var grain = BinaryPrimitives.ReadUInt32LittleEndian(head.Slice(16));
        if (grain is 0 or > MaxGrainSectors || (grain & (grain - 1)) != 0)
            throw new InvalidImageException(ErrorIds.BadStructure, file.Name, 16, $"the grain size of {grain} sectors is no power of two from 1 to {MaxGrainSectors}");
        if (sectors == 0)
            throw new InvalidImageException(ErrorIds.BadStructure, file.Name, 12, "the disk has no sectors");
        var directory = BinaryPrimitives.ReadUInt32LittleEndian(head.Slice(20));
        var entries = BinaryPrimitives.ReadUInt32LittleEndian(head.Slice(24));
        var grains = (sectors + (long)grain - 1) / grain;
        if (entries < (grains + TableEntries - 1) / TableEntries)
            throw new InvalidImageException(ErrorIds.BadStructure, file.Name, 24, $"a grain directory of {entries} entries is too small for {sectors} sectors");
        var tables = new SectorGrainTables(file, (long)directory * VmdkFormat.SectorSize, TableEntries, grains, zeroGrains: false);
        return new CowdExtent(file, tables, (int)grain * VmdkFormat.SectorSize, (long)sectors * VmdkFormat.SectorSize);
    }
}
