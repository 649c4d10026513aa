using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>A stretch of the file with one purpose.</summary>
internal readonly record struct VhdxRegion(Guid Id, long Offset, long Length, bool Required)
{
    public const int Size = 32;

    public static VhdxRegion Parse(ReadOnlySpan<byte> bytes) => new(
        VhdxGuids.Read(bytes),
        (long)BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(16)),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(24)),
        (BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(28)) & 1) != 0);
}

/// <summary>The region table: where the block table and the metadata lie. There are two copies; the first whole one counts.</summary>
/// <remarks>[MS-VHDX] 2.2.3 "Region Table".</remarks>
internal sealed record VhdxRegions(VhdxRegion BlockTable, VhdxRegion Metadata)
{
    public const int TableSize = 64 << 10;
    public const long FirstOffset = 192 << 10;
    public const long SecondOffset = 256 << 10;

    private const int MaxEntries = 2047;
    private const long Alignment = 1 << 20;

    public static bool IsWhole(ReadOnlySpan<byte> bytes)
        => bytes.Slice(0, 4).SequenceEqual("regi"u8) && VhdxChecksum.IsRight(bytes);

    public static VhdxRegions Read(ByteStore store)
    {
        foreach (var offset in new[] { FirstOffset, SecondOffset })
        {
            var bytes = store.ReadBytes(offset, TableSize);
            if (IsWhole(bytes))
                return Parse(bytes, store.Name, offset);
        }

        throw new InvalidImageException(ErrorIds.BadChecksum, store.Name, FirstOffset, "neither of the two VHDX region tables is whole: each must begin with 'regi' and have the CRC-32C it states");
    }

    private static VhdxRegions Parse(byte[] bytes, string fileName, long offset)
    {
        var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        if (count > MaxEntries)
            throw new InvalidImageException(ErrorIds.BadStructure, fileName, offset + 8, $"the region table has {count} entries; at most {MaxEntries} are allowed");
        VhdxRegion? blockTable = null, metadata = null;
        for (var i = 0; i < count; i++)
        {
            var at = 16 + (i * VhdxRegion.Size);
            var region = VhdxRegion.Parse(bytes.AsSpan(at));
            var twice = (region.Id == VhdxGuids.BlockTableRegion && blockTable is not null) || (region.Id == VhdxGuids.MetadataRegion && metadata is not null);
            if (twice || region.Offset < Alignment || region.Offset % Alignment != 0)
                throw new InvalidImageException(ErrorIds.BadStructure, fileName, offset + at, twice ? $"the region {region.Id} is listed twice" : $"the region {region.Id} lies at {region.Offset}; a multiple of 1 MiB is expected");
            if (region.Id == VhdxGuids.BlockTableRegion)
                blockTable = region;
            else if (region.Id == VhdxGuids.MetadataRegion)
                metadata = region;
            else if (region.Required)
                throw new InvalidImageException(ErrorIds.UnsupportedFeature, fileName, offset + at, $"the region {region.Id} is not known here and the image says that it must be");
        }

        if (blockTable is null || metadata is null)
            throw new InvalidImageException(ErrorIds.BadStructure, fileName, offset, $"the region table does not list the {(blockTable is null ? "block allocation table" : "metadata")}");
        return new VhdxRegions(blockTable.Value, metadata.Value);
    }
}
