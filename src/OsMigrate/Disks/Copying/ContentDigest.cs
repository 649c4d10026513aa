using System.Buffers.Binary;
using System.Security.Cryptography;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Copying;

/// <summary>A SHA-256 of a disk's content whose cost follows the data and not the virtual size, and which every format of the same disk shares.</summary>
/// <remarks>
/// Definition: SHA-256 over, for each 64 KiB block of the disk that is not all zero, in ascending order, the block's number (8 bytes,
/// little endian) and the SHA-256 of its bytes (the last block may be short); then the virtual size in bytes (8 bytes, little endian).
/// A disk that does not end on a 512-byte sector counts as filled up with zeros to one, since most formats can only store whole sectors.
/// A plain SHA-256 cannot skip holes and cannot be computed by several threads: an empty 8 TiB disk would take an hour.
/// </remarks>
public sealed class ContentDigest : IDisposable
{
    public const int BlockSize = 65536;

    private const int HashSize = 32;
    private const int SectorSize = 512;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _number = new byte[8];

    /// <summary>The digest of a disk. Reads all of it that is not known to be zero.</summary>
    /// <returns>64 lower-case hex digits.</returns>
    /// <exception cref="OsMigrateException">The disk cannot be read.</exception>
    public static string Of(ByteStore disk, CancellationToken cancel)
    {
        const int chunk = 1 << 20;
        using var digest = new ContentDigest();
        OrderedPipeline.Run(
            SourceScan.DataChunks(disk, chunk),
            offset =>
            {
                var data = new SharedBuffer(chunk);
                var part = data.Span(0, (int)Math.Min(chunk, disk.Length - offset));
                SourceScan.ReadChunk(disk, offset, part);
                var hashes = HashBlocks(part);
                data.Release();
                return hashes;
            },
            digest.Add,
            Math.Max(1, Environment.ProcessorCount),
            cancel);
        return digest.Finish(disk.Length);
    }

    /// <summary>Hashes of the blocks of one chunk. Safe to call from several threads.</summary>
    /// <param name="data">The chunk's content; starts on a block boundary.</param>
    /// <returns>A hash for each block that is not all zero.</returns>
    public static BlockHashes HashBlocks(ReadOnlySpan<byte> data)
    {
        var count = (data.Length + BlockSize - 1) / BlockSize;
        var hashes = new byte[count * HashSize];
        var present = new bool[count];
        for (var i = 0; i < count; i++)
        {
            var block = data.Slice(i * BlockSize, Math.Min(BlockSize, data.Length - (i * BlockSize)));
            if (Zeros.AreAll(block))
                continue;
            present[i] = true;
            if (block.Length % SectorSize != 0)
            {
                var whole = new byte[ToSectors(block.Length)];
                block.CopyTo(whole);
                block = whole;
            }

            Sha256.Hash(block, hashes.AsSpan(i * HashSize, HashSize));
        }

        return new BlockHashes(hashes, present);
    }

    /// <summary>Adds a chunk; chunks come in ascending order.</summary>
    /// <param name="offset">Byte offset of the chunk on the disk, a multiple of <see cref="BlockSize"/>.</param>
    public void Add(long offset, BlockHashes blocks)
    {
        for (var i = 0; i < blocks.Present.Length; i++)
        {
            if (!blocks.Present[i])
                continue;
            BinaryPrimitives.WriteInt64LittleEndian(_number, (offset / BlockSize) + i);
            _hash.AppendData(_number);
            _hash.AppendData(blocks.Hashes, i * HashSize, HashSize);
        }
    }

    /// <summary>Closes the digest.</summary>
    /// <returns>64 lower-case hex digits.</returns>
    public string Finish(long virtualSize)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_number, ToSectors(virtualSize));
        _hash.AppendData(_number);
        return Hex.Lower(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    private static long ToSectors(long length) => (length + SectorSize - 1) / SectorSize * SectorSize;
}

/// <summary>The block hashes of one chunk: 32 bytes per block in <paramref name="Hashes"/>, meaningful where <paramref name="Present"/> is set.</summary>
public readonly record struct BlockHashes(byte[] Hashes, bool[] Present);
