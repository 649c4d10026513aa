using System.IO.Compression;

namespace OsMigrate.Bytes;

/// <summary>Expands one bounded block of raw deflate data (RFC 1951) into a block of known size.</summary>
public static class Inflater
{
    /// <summary>Expands <paramref name="deflated"/> into <paramref name="output"/>.</summary>
    /// <returns>How many bytes came out; at most the length of <paramref name="output"/>.</returns>
    /// <exception cref="InvalidDataException">The data is no deflate stream, or it would expand beyond the output: a bomb.</exception>
    public static int Inflate(ArraySegment<byte> deflated, Span<byte> output)
    {
        using var input = new MemoryStream(deflated.Array!, deflated.Offset, deflated.Count, writable: false);
        using var inflater = new DeflateStream(input, CompressionMode.Decompress);
        var total = 0;
        while (total < output.Length)
        {
            var n = inflater.Read(output.Slice(total));
            if (n <= 0)
                return total;
            total += n;
        }

        Span<byte> more = stackalloc byte[1];
        if (inflater.Read(more) > 0)
            throw new InvalidDataException("the data expands beyond its block");
        return total;
    }
}
