using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Partitions;

/// <summary>The header of a GUID partition table; one at the second sector, a copy at the last. Little endian, sectors.</summary>
/// <remarks>UEFI Specification 2.10, section 5.3.2 "GPT Header".</remarks>
internal readonly record struct GptHeader
{
    public const int Size = 92;

    private const int MaxEntrySize = 4096;
    private const long MaxTableSize = 4 << 20;

    public uint HeaderSize { get; init; }

    public uint Checksum { get; init; }

    public ulong OwnSector { get; init; }

    public ulong OtherSector { get; init; }

    public Guid DiskGuid { get; init; }

    public ulong EntriesSector { get; init; }

    public uint EntryCount { get; init; }

    public uint EntrySize { get; init; }

    public uint EntriesChecksum { get; init; }

    public static bool HasSignature(ReadOnlySpan<byte> sector) => sector.Slice(0, 8).SequenceEqual("EFI PART"u8);

    public static GptHeader Parse(ReadOnlySpan<byte> bytes) => new()
    {
        HeaderSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(12)),
        Checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(16)),
        OwnSector = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(24)),
        OtherSector = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(32)),
        DiskGuid = new Guid(bytes.Slice(56, 16).ToArray()),
        EntriesSector = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(72)),
        EntryCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(80)),
        EntrySize = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(84)),
        EntriesChecksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(88)),
    };

    /// <summary>Why this header cannot be trusted; null when it can.</summary>
    /// <param name="sector">The whole sector the header was parsed from.</param>
    /// <param name="sectorNumber">Where it was found.</param>
    public string? Fault(ReadOnlySpan<byte> sector, long sectorNumber)
    {
        if (HeaderSize < Size || HeaderSize > sector.Length)
            return $"says it has {HeaderSize} bytes";
        if (ComputeChecksum(sector.Slice(0, (int)HeaderSize)) != Checksum)
            return "has a wrong checksum";
        if (OwnSector != (ulong)sectorNumber)
            return $"says it lies at sector {OwnSector}, but lies at {sectorNumber}";
        if (EntrySize is < GptEntry.Size or > MaxEntrySize || EntrySize % 8 != 0 || (long)EntryCount * EntrySize > MaxTableSize)
            return $"lists {EntryCount} entries of {EntrySize} bytes, which is beyond reason";
        return null;
    }

    /// <summary>CRC-32 of the header with the checksum itself as zero.</summary>
    public static uint ComputeChecksum(ReadOnlySpan<byte> header)
    {
        var copy = header.ToArray();
        copy.AsSpan(16, 4).Clear();
        return Crc32.Compute(copy);
    }
}
