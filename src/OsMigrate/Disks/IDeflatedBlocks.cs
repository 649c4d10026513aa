using OsMigrate.Bytes;

namespace OsMigrate.Disks;

/// <summary>A disk whose blocks can be handed on in their stored, deflated form (grain pass-through).</summary>
/// <remarks>
/// A streamOptimized VMDK stores grains as zlib streams (RFC 1950), a QCOW2 compressed cluster is raw deflate (RFC 1951): without the
/// two-byte header and the four-byte Adler-32 the grain is the cluster. Safe to call from several threads.
/// </remarks>
public interface IDeflatedBlocks
{
    /// <summary>Bytes of content per block; a power of two. Blocks lie on multiples of it.</summary>
    int BlockSize { get; }

    /// <summary>Finds the stored form of the block at <paramref name="offset"/>, a multiple of <see cref="BlockSize"/>.</summary>
    /// <returns>False when the block is absent, stored plain, comes from a parent or reaches past the end of the disk.</returns>
    bool TryGet(long offset, out DeflatedBlock block);
}

/// <summary>Where a block's raw deflate bytes lie.</summary>
/// <param name="Store">The file that holds them.</param>
/// <param name="Offset">First byte of the raw deflate data in <paramref name="Store"/>.</param>
/// <param name="Length">Bytes of raw deflate data.</param>
/// <param name="Adler32">Adler-32 of the expanded block, when the format stores one.</param>
public readonly record struct DeflatedBlock(ByteStore Store, long Offset, int Length, uint? Adler32);
