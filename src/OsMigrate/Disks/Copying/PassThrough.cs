using OsMigrate.Bytes;

namespace OsMigrate.Disks.Copying;

/// <summary>Reads deflated blocks that are handed on, and proves them.</summary>
internal static class PassThrough
{
    /// <summary>Reads a block's raw deflate bytes.</summary>
    /// <param name="packed">Gets the bytes; as long as the block.</param>
    /// <param name="expanded">Gets the content, which is then checked against its Adler-32; empty to hand the block on unseen.</param>
    /// <param name="diskOffset">Where the block belongs, for errors.</param>
    /// <exception cref="InvalidImageException"><see cref="ErrorIds.BadCompression"/>, <see cref="ErrorIds.BadChecksum"/>.</exception>
    public static void Read(DeflatedBlock block, Span<byte> packed, Span<byte> expanded, long diskOffset)
    {
        block.Store.Read(block.Offset, packed);
        if (expanded.IsEmpty)
            return;
        int count;
        try
        {
            count = Inflater.Inflate(packed, expanded);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidImageException(ErrorIds.BadCompression, block.Store.Name, block.Offset, $"the compressed block for disk offset {diskOffset} cannot be expanded: {e.Message}", e);
        }

        if (count != expanded.Length)
            throw new InvalidImageException(ErrorIds.BadCompression, block.Store.Name, block.Offset, $"the compressed block for disk offset {diskOffset} expands to {count} bytes instead of {expanded.Length}");
        if (block.Adler32 is { } expected && Adler32.Compute(expanded) is var found && found != expected)
            throw new InvalidImageException(ErrorIds.BadChecksum, block.Store.Name, block.Offset, $"the compressed block for disk offset {diskOffset} has Adler-32 {found:x8}, its trailer says {expected:x8}");
    }
}
