using System.Buffers.Binary;

namespace OsMigrate.Registry;

/// <summary>The 64-bit hash of log entries, with the seed that regf logs use.</summary>
/// <remarks>Suhanov, "Log file, new format"; US patent 20130262421.</remarks>
internal static class Marvin32
{
    private const ulong Seed = 0x82EF4D887A4E55C5;

    public static ulong Hash(ReadOnlySpan<byte> data)
    {
        var low = unchecked((uint)Seed);
        var high = (uint)(Seed >> 32);
        while (data.Length >= 4)
        {
            low = unchecked(low + BinaryPrimitives.ReadUInt32LittleEndian(data));
            Mix(ref low, ref high);
            data = data.Slice(4);
        }

        var last = 0x80u;
        for (var i = data.Length - 1; i >= 0; i--)
            last = (last << 8) | data[i];
        low = unchecked(low + last);
        Mix(ref low, ref high);
        Mix(ref low, ref high);
        return ((ulong)high << 32) | low;
    }

    private static void Mix(ref uint low, ref uint high)
    {
        unchecked
        {
            high ^= low;
            low = Rotate(low, 20) + high;
            high = Rotate(high, 9) ^ low;
            low = Rotate(low, 27) + high;
            high = Rotate(high, 19);
        }
    }

    private static uint Rotate(uint value, int bits) => (value << bits) | (value >> (32 - bits));
}
