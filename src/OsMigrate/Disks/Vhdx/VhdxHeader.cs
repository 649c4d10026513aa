using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>One of the two headers of a VHDX; the valid one with the higher sequence number counts. Little endian.</summary>
/// <remarks>[MS-VHDX] 2.2.2 "Headers".</remarks>
internal readonly record struct VhdxHeader
{
    public const int Size = 4096;
    public const long FirstOffset = 64 << 10;
    public const long SecondOffset = 128 << 10;

    public ulong SequenceNumber { get; init; }

    public Guid FileWriteGuid { get; init; }

    /// <summary>Changes with the content of the disk: a child names its parent by it.</summary>
    public Guid DataWriteGuid { get; init; }

    /// <summary>Names the log's entries; empty when there is nothing to replay.</summary>
    public Guid LogGuid { get; init; }

    public ushort LogVersion { get; init; }

    public ushort Version { get; init; }

    public uint LogLength { get; init; }

    public ulong LogOffset { get; init; }

    public static VhdxHeader Parse(ReadOnlySpan<byte> bytes) => new()
    {
        SequenceNumber = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(8)),
        FileWriteGuid = VhdxGuids.Read(bytes.Slice(16)),
        DataWriteGuid = VhdxGuids.Read(bytes.Slice(32)),
        LogGuid = VhdxGuids.Read(bytes.Slice(48)),
        LogVersion = BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(64)),
        Version = BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(66)),
        LogLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(68)),
        LogOffset = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(72)),
    };

    /// <summary>Signature and CRC-32C are right.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes)
        => bytes.Slice(0, 4).SequenceEqual("head"u8) && VhdxChecksum.IsRight(bytes);

    /// <summary>The header that counts.</summary>
    /// <exception cref="InvalidImageException">Neither is whole, or its version is not known.</exception>
    public static VhdxHeader ReadCurrent(ByteStore store)
    {
        VhdxHeader? current = null;
        foreach (var offset in new[] { FirstOffset, SecondOffset })
        {
            var bytes = store.ReadBytes(offset, Size);
            if (IsWhole(bytes) && Parse(bytes) is var header && (current is null || header.SequenceNumber > current.Value.SequenceNumber))
                current = header;
        }

        if (current is not { } found)
            throw new InvalidImageException(ErrorIds.BadChecksum, store.Name, FirstOffset, "neither of the two VHDX headers is whole: each must begin with 'head' and have the CRC-32C it states");
        if (found.Version != 1)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, FirstOffset, $"VHDX version {found.Version} is not known, only 1 is");
        return found;
    }
}
