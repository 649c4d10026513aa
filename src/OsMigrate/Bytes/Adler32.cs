#if !NETSTANDARD2_0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
#endif

namespace OsMigrate.Bytes;

/// <summary>Adler-32 (RFC 1950, section 8.2), the checksum that closes a zlib stream and so every compressed VMDK grain.</summary>
public static class Adler32
{
    private const uint Modulus = 65521;

    // RFC 1950, section 9: the largest count of bytes for which the sums cannot overflow 32 bits.
    private const int MaxRun = 5552;

    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint a = 1, b = 0;
        while (data.Length > 0)
        {
            var run = Math.Min(data.Length, MaxRun);
            var rest = data.Slice(0, run);
#if !NETSTANDARD2_0
            if (Avx2.IsSupported)
                rest = AddVectors(ref a, ref b, rest);
#endif
            foreach (var value in rest)
            {
                a += value;
                b += a;
            }

            a %= Modulus;
            b %= Modulus;
            data = data.Slice(run);
        }

        return (b << 16) | a;
    }

#if !NETSTANDARD2_0
    /// <summary>Adds 32 bytes at a time: b gains 32 times the earlier a, and each byte as often as bytes follow it, itself included.</summary>
    /// <returns>What is left, fewer than 32 bytes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ReadOnlySpan<byte> AddVectors(scoped ref uint a, scoped ref uint b, ReadOnlySpan<byte> data)
    {
        var vectors = MemoryMarshal.Cast<byte, Vector256<byte>>(data);
        var weights = Vector256.Create((sbyte)32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
        var sums = Vector256<uint>.Zero;
        var earlier = Vector256<uint>.Zero;
        var weighted = Vector256<int>.Zero;
        foreach (var vector in vectors)
        {
            earlier += sums;
            sums += Avx2.SumAbsoluteDifferences(vector, Vector256<byte>.Zero).AsUInt32();
            // 255 * (32 + 31) fits 16 bits with its sign.
            weighted += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(vector, weights), Vector256<short>.One);
        }

        b += (a * 32 * (uint)vectors.Length) + (Vector256.Sum(earlier) * 32) + (uint)Vector256.Sum(weighted);
        a += Vector256.Sum(sums);
        return data.Slice(vectors.Length * 32);
    }
#endif
}
