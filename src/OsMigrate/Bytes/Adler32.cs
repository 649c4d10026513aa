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
            foreach (var value in data.Slice(0, run))
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
}
