using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>What the metadata region says of the disk. Sizes in bytes.</summary>
/// <remarks>[MS-VHDX] 2.6 "Metadata Region".</remarks>
internal sealed record VhdxMetadata
{
    private const int TableSize = 64 << 10;
    private const int MaxEntries = 2047;
    private const int MaxLocatorSize = 1 << 20;
    private const long MaxDiskSize = 64L << 40;

    public int BlockSize { get; private init; }

    /// <summary>Every block is meant to stay allocated: a fixed disk.</summary>
    public bool LeaveBlocksAllocated { get; private init; }

    public bool HasParent { get; private init; }

    public long VirtualSize { get; private init; }

    public int LogicalSectorSize { get; private init; }

    public VhdxParentLocator? ParentLocator { get; private init; }

    public static VhdxMetadata Read(ByteStore store, VhdxRegion region)
    {
        var items = ReadItems(store, region);
        var parameters = Need(items, VhdxGuids.FileParameters, 8, "file parameters", store, region);
        var blockSize = BinaryPrimitives.ReadUInt32LittleEndian(parameters);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(parameters.AsSpan(4));
        var size = BinaryPrimitives.ReadUInt64LittleEndian(Need(items, VhdxGuids.VirtualDiskSize, 8, "virtual disk size", store, region));
        var sector = BinaryPrimitives.ReadUInt32LittleEndian(Need(items, VhdxGuids.LogicalSectorSize, 4, "logical sector size", store, region));
        if (blockSize is < 1 << 20 or > 256 << 20 || (blockSize & (blockSize - 1)) != 0)
            throw Bad(store, region, $"the block size is {blockSize}; a power of two from 1 MiB to 256 MiB is expected");
        if (sector is not (512 or 4096))
            throw Bad(store, region, $"the logical sector size is {sector}; 512 or 4096 is expected");
        if (size > (ulong)MaxDiskSize)
            throw new InvalidImageException(ErrorIds.TooLarge, store.Name, region.Offset, $"the disk size is {size} bytes; a VHDX holds at most 64 TiB");
        if (size % sector != 0)
            throw Bad(store, region, $"the disk size {size} is not a multiple of the sector size {sector}");
        var hasParent = (flags & 2) != 0;
        return new VhdxMetadata
        {
            BlockSize = (int)blockSize,
            LeaveBlocksAllocated = (flags & 1) != 0,
            HasParent = hasParent,
            VirtualSize = (long)size,
            LogicalSectorSize = (int)sector,
            ParentLocator = hasParent ? VhdxParentLocator.Parse(Need(items, VhdxGuids.ParentLocator, 20, "parent locator", store, region), store.Name, region.Offset) : null,
        };
    }

    private static Dictionary<Guid, byte[]> ReadItems(ByteStore store, VhdxRegion region)
    {
        if (region.Length < TableSize)
            throw Bad(store, region, $"the metadata region has {region.Length} bytes; at least {TableSize} are expected");
        var table = store.ReadBytes(region.Offset, TableSize);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(table.AsSpan(10));
        if (!table.AsSpan(0, 8).SequenceEqual("metadata"u8) || count > MaxEntries)
            throw Bad(store, region, "the metadata table should be here, begin with 'metadata' and have at most 2047 entries, but does not");
        var items = new Dictionary<Guid, byte[]>();
        for (var i = 0; i < count; i++)
        {
            var entry = VhdxMetadataEntry.Parse(table.AsSpan(32 + (i * VhdxMetadataEntry.Size)));
            if (!entry.IsKnown)
            {
                if (entry.IsRequired)
                    throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, region.Offset + 32 + (i * VhdxMetadataEntry.Size), $"the metadata item {entry.Id} is not known here and the image says that it must be");
                continue;
            }

            if (entry.Offset < TableSize || entry.Offset + (long)entry.Length > region.Length || entry.Length > MaxLocatorSize || items.ContainsKey(entry.Id))
                throw Bad(store, region, $"the metadata item {entry.Id} with {entry.Length} bytes at {entry.Offset} is listed twice or does not lie within its region of {region.Length} bytes, behind the table");
            items[entry.Id] = store.ReadBytes(region.Offset + entry.Offset, (int)entry.Length);
        }

        return items;
    }

    private static byte[] Need(Dictionary<Guid, byte[]> items, Guid id, int size, string what, ByteStore store, VhdxRegion region)
        => items.TryGetValue(id, out var bytes) && bytes.Length >= size
            ? bytes
            : throw Bad(store, region, $"the metadata has no whole item for the {what}");

    private static InvalidImageException Bad(ByteStore store, VhdxRegion region, string reason) => new(ErrorIds.BadStructure, store.Name, region.Offset, reason);
}

/// <summary>An entry of the metadata table. [MS-VHDX] 2.6.1.2.</summary>
internal readonly record struct VhdxMetadataEntry(Guid Id, uint Offset, uint Length, bool IsUser, bool IsRequired)
{
    public const int Size = 32;

    public bool IsKnown => !IsUser
        && (Id == VhdxGuids.FileParameters || Id == VhdxGuids.VirtualDiskSize || Id == VhdxGuids.VirtualDiskId
            || Id == VhdxGuids.LogicalSectorSize || Id == VhdxGuids.PhysicalSectorSize || Id == VhdxGuids.ParentLocator);

    public static VhdxMetadataEntry Parse(ReadOnlySpan<byte> bytes)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(24));
        return new VhdxMetadataEntry(
            VhdxGuids.Read(bytes),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(16)),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(20)),
            (flags & 1) != 0,
            (flags & 4) != 0);
    }
}
