using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>Expands LZNT1, the compression of NTFS.</summary>
/// <remarks>Source: Microsoft, [MS-XCA] section 2.5 "LZNT1 Algorithm Details".</remarks>
internal static class Lznt1
{
    private const int ChunkSize = 4096;

    /// <summary>Expands into <paramref name="output"/>; what the data does not fill stays zero.</summary>
    public static void Expand(ReadOnlySpan<byte> input, Span<byte> output, string name, long at)
    {
        output.Clear();
        int from = 0, to = 0;
        while (from <= input.Length - 2 && to < output.Length)
        {
            var header = Le.U16(input, from);
            if (header == 0)
                break;
            var size = (header & 0xFFF) + 1;
            from += 2;
            if (size > input.Length - from)
                throw new InvalidImageException(ErrorIds.BadCompression, name, at + from, $"a compressed chunk of {size} bytes is cut off");
            var chunk = input.Slice(from, size);
            var target = output.Slice(to, Math.Min(ChunkSize, output.Length - to));
            if ((header & 0x8000) == 0)
                chunk.Slice(0, Math.Min(size, target.Length)).CopyTo(target);
            else if (!ExpandChunk(chunk, target))
                throw new InvalidImageException(ErrorIds.BadCompression, name, at + from, "a compressed chunk copies from before its start, or grows beyond 4096 bytes");
            from += size;
            to += ChunkSize;
        }
    }

    private static bool ExpandChunk(ReadOnlySpan<byte> chunk, Span<byte> target)
    {
        int from = 0, to = 0;
        while (from < chunk.Length)
        {
            var flags = chunk[from++];
            for (var bit = 0; bit < 8 && from < chunk.Length; bit++)
            {
                if ((flags & (1 << bit)) == 0)
                {
                    if (to >= target.Length)
                        return false;
                    target[to++] = chunk[from++];
                    continue;
                }

                if (from + 2 > chunk.Length || !Copy(Le.U16(chunk, from), target, ref to))
                    return false;
                from += 2;
            }
        }

        return true;
    }

    /// <summary>The further into the chunk, the more bits of a pair are distance and the fewer are length.</summary>
    private static bool Copy(int pair, Span<byte> target, ref int to)
    {
        var lengthBits = 12;
        for (var limit = 16; limit < to && lengthBits > 4; limit <<= 1)
            lengthBits--;
        var distance = (pair >> lengthBits) + 1;
        var length = (pair & ((1 << lengthBits) - 1)) + 3;
        if (distance > to || length > target.Length - to)
            return false;
        for (var i = 0; i < length; i++, to++)
            target[to] = target[to - distance];
        return true;
    }
}
