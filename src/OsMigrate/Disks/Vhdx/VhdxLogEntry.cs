using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>The header of a log entry. Little endian.</summary>
/// <remarks>[MS-VHDX] 2.3.1 "Log Entry".</remarks>
internal readonly record struct VhdxLogEntry
{
    public const int Size = 64;
    public const int SectorSize = 4096;
    public const int DescriptorSize = 32;

    public uint Length { get; init; }

    /// <summary>Where, in the log, the oldest entry that must be replayed starts.</summary>
    public uint Tail { get; init; }

    public ulong SequenceNumber { get; init; }

    public uint DescriptorCount { get; init; }

    public Guid LogGuid { get; init; }

    /// <summary>The file was at least this long when the entry was written.</summary>
    public ulong FlushedFileOffset { get; init; }

    /// <summary>The file must be at least this long after the replay.</summary>
    public ulong LastFileOffset { get; init; }

    /// <summary>Whole sectors of descriptors, the header included.</summary>
    public long DescriptorBytes => ((Size + ((long)DescriptorCount * DescriptorSize)) + SectorSize - 1) / SectorSize * SectorSize;

    public static VhdxLogEntry Parse(ReadOnlySpan<byte> bytes) => new()
    {
        Length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(8)),
        Tail = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(12)),
        SequenceNumber = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(16)),
        DescriptorCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(24)),
        LogGuid = VhdxGuids.Read(bytes.Slice(32)),
        FlushedFileOffset = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(48)),
        LastFileOffset = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(56)),
    };

    /// <summary>The header could be one of this log's; the CRC over the whole entry is a further matter.</summary>
    public bool IsPlausible(Guid logGuid, int logLength)
        => LogGuid == logGuid && SequenceNumber != 0
           && Length is >= SectorSize && Length <= (uint)logLength && Length % SectorSize == 0
           && Tail < (uint)logLength && Tail % SectorSize == 0
           && DescriptorBytes <= Length;
}
