namespace OsMigrate.Bytes;

/// <summary>Expands one bounded block of raw deflate data (RFC 1951) into a block of known size, in one call and about half as fast again as DeflateStream.</summary>
/// <remarks>
/// Takes and refuses what zlib takes and refuses: over-subscribed and incomplete codes, distances before the start and bad stored lengths
/// are errors, bytes after the final block are left alone. Safe for hostile input; the working tables are per thread.
/// </remarks>
public static class Inflater
{
    /// <summary>Expands <paramref name="deflated"/> into <paramref name="output"/>.</summary>
    /// <param name="deflated">The stream, perhaps followed by other bytes.</param>
    /// <param name="output">Room for the expanded bytes; bytes beyond the returned count may have been used as scratch.</param>
    /// <returns>How many bytes came out; fewer than expected when the stream ends early, never more than <paramref name="output"/> has.</returns>
    /// <exception cref="InvalidDataException">The data is no deflate stream, or it would expand beyond the output: a bomb.</exception>
    public static unsafe int Inflate(ReadOnlySpan<byte> deflated, Span<byte> output)
    {
        fixed (byte* input = deflated)
        fixed (byte* target = output)
        {
            var bits = new DeflateBitReader(input, input + deflated.Length);
            var blocks = new InflateBlocks(target, target + output.Length);
            try
            {
                while (!blocks.Next(ref bits))
                {
                }
            }
            catch (DeflateEndException)
            {
                // What came out so far may be all that is wanted: some writers leave the end of a cluster's stream out.
            }

            return blocks.Count;
        }
    }
}
