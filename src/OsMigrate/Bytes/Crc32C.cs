using System.Buffers.Binary;

namespace OsMigrate.Bytes;

/// <summary>CRC-32C (Castagnoli), as VHDX and others use it; by the processor's own instruction where there is one.</summary>
/// <remarks>RFC 3720, appendix B.4: reflected polynomial 0x82F63B78, start and final complement 0xFFFFFFFF.</remarks>
public static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> data) => Finish(Append(Start, data));

    /// <summary>The state before the first byte, for data that comes in pieces.</summary>
    public const uint Start = uint.MaxValue;

    public static uint Finish(uint state) => ~state;

    public static uint Append(uint state, ReadOnlySpan<byte> data)
    {
#if NETSTANDARD2_0
        foreach (var value in data)
            state = Table[(byte)(state ^ value)] ^ (state >> 8);
#else
        for (; data.Length >= 8; data = data.Slice(8))
            state = System.Numerics.BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var value in data)
            state = System.Numerics.BitOperations.Crc32C(state, value);
#endif
        return state;
    }

#if NETSTANDARD2_0
    private static readonly uint[] Table = MakeTable();

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ 0x82F63B78 : value >> 1;
            table[i] = value;
        }

        return table;
    }
#endif
}
