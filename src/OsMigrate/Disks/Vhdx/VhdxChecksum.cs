using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>The CRC-32C that headers, region tables and log entries carry at byte 4, computed with that field as zero.</summary>
internal static class VhdxChecksum
{
    private const int Offset = 4;

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> zero = [0, 0, 0, 0];
        var state = Crc32C.Append(Crc32C.Start, bytes.Slice(0, Offset));
        state = Crc32C.Append(state, zero);
        return Crc32C.Finish(Crc32C.Append(state, bytes.Slice(Offset + 4)));
    }

    public static bool IsRight(ReadOnlySpan<byte> bytes)
        => BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(Offset)) == Compute(bytes);
}
