using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhd;

/// <summary>The header of dynamic and differencing disks. Big endian.</summary>
/// <remarks>Microsoft, "Virtual Hard Disk Image Format Specification" 1.0, section "Dynamic Disk Header Format".</remarks>
internal readonly record struct VhdDynamicHeader
{
    public const int Size = 1024;
    public const int LocatorCount = 8;

    private const int ChecksumOffset = 36;
    private const int LocatorsOffset = 576;

    public ulong TableOffset { get; init; }

    public uint Version { get; init; }

    /// <summary>Entries of the block allocation table.</summary>
    public uint MaxTableEntries { get; init; }

    public uint BlockSizeBytes { get; init; }

    public uint Checksum { get; init; }

    /// <summary>16 bytes in hex: the <see cref="VhdFooter.UniqueId"/> of the parent.</summary>
    public string ParentUniqueId { get; init; }

    public uint ParentTimeStamp { get; init; }

    public string ParentName { get; init; }

    public VhdParentLocator[] Locators { get; init; }

    public static VhdDynamicHeader Read(ByteStore store, long offset)
    {
        var bytes = store.ReadBytes(offset, Size);
        var header = Parse(bytes);
        if (!bytes.AsSpan(0, 8).SequenceEqual("cxsparse"u8))
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, offset, "the dynamic header of a VHD should be here and begin with 'cxsparse', but does not");
        if (ComputeChecksum(bytes) is var sum && sum != header.Checksum)
            throw new InvalidImageException(ErrorIds.BadChecksum, store.Name, offset, $"the dynamic header says its checksum is {header.Checksum:x8}, its bytes give {sum:x8}");
        if (header.Version >> 16 != 1)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, offset + 24, $"dynamic header version {header.Version >> 16}.{header.Version & 0xffff} is not known, only 1.0 is");
        if (header.BlockSizeBytes is < 512 or > 1 << 28 || (header.BlockSizeBytes & (header.BlockSizeBytes - 1)) != 0)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, offset + 32, $"the block size is {header.BlockSizeBytes}; a power of two from 512 to 256 MiB is expected");
        return header;
    }

    public static VhdDynamicHeader Parse(ReadOnlySpan<byte> bytes)
    {
        var locators = new VhdParentLocator[LocatorCount];
        for (var i = 0; i < LocatorCount; i++)
            locators[i] = VhdParentLocator.Parse(bytes.Slice(LocatorsOffset + (i * VhdParentLocator.Size)));
        return new VhdDynamicHeader
        {
            TableOffset = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(16)),
            Version = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(24)),
            MaxTableEntries = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(28)),
            BlockSizeBytes = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(32)),
            Checksum = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(ChecksumOffset)),
            ParentUniqueId = Hex.Lower(bytes.Slice(40, 16).ToArray()),
            ParentTimeStamp = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(56)),
            ParentName = VhdText.Utf16(bytes.Slice(64, 512), bigEndian: true),
            Locators = locators,
        };
    }

    public static uint ComputeChecksum(ReadOnlySpan<byte> bytes) => VhdText.Checksum(bytes, ChecksumOffset);

    /// <summary>Writes the header of a disk without a parent, with its checksum.</summary>
    /// <param name="bytes">1,024 zero bytes.</param>
    public void WriteTo(Span<byte> bytes)
    {
        "cxsparse"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(8), ulong.MaxValue);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.Slice(16), TableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(24), 0x00010000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(28), MaxTableEntries);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(32), BlockSizeBytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(ChecksumOffset), ComputeChecksum(bytes));
    }
}
