using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>What is known of a block of the disk. [MS-VHDX] 2.5.1.1 "Payload Block States".</summary>
internal enum VhdxBlockState
{
    NotPresent = 0,
    Undefined = 1,
    Zero = 2,
    Unmapped = 3,
    FullyPresent = 6,
    PartiallyPresent = 7,
}

/// <summary>The block allocation table: state and place of every block, with a sector bitmap after each chunk of blocks.</summary>
/// <remarks>[MS-VHDX] 2.5 "BAT". A chunk is 2^23 sectors, as many as a bitmap of 1 MiB has bits.</remarks>
internal sealed class VhdxBlockTable
{
    public const int BitmapSize = 1 << 20;
    public const long SectorsPerChunk = 1L << 23;

    // 64 TiB in blocks of 4 MiB; the usual block has 32 MiB.
    private const long MaxTableSize = 128 << 20;
    private const int PieceSize = 1 << 20;
    private const ulong OffsetMask = ~0xfffffUL;

    private readonly ulong[] _entries;
    private readonly VhdxMetadata _metadata;
    private readonly int _chunkRatio;

    private VhdxBlockTable(VhdxMetadata metadata, int chunkRatio, ulong[] entries)
    {
        (_metadata, _chunkRatio, _entries) = (metadata, chunkRatio, entries);
        Count = BlockCount(metadata);
    }

    public int BlockSize => _metadata.BlockSize;

    /// <summary>Blocks of the disk.</summary>
    public long Count { get; }

    public VhdxBlockState State(long block) => (VhdxBlockState)(Entry(block) & 7);

    /// <summary>Where the block's data starts in the file; meaningful when it is present.</summary>
    public long Offset(long block) => (long)(Entry(block) & OffsetMask);

    /// <summary>Sector bitmaps that the disk has room for.</summary>
    public long BitmapCount => _metadata.HasParent ? (Count + _chunkRatio - 1) / _chunkRatio : 0;

    /// <summary>Where the bitmap of the block's chunk starts in the file; -1 when it is not present.</summary>
    public long BitmapOffset(long block) => ChunkBitmapOffset(block / _chunkRatio);

    public long ChunkBitmapOffset(long chunk)
    {
        var entry = _entries[(chunk * (_chunkRatio + 1L)) + _chunkRatio];
        return (entry & 7) == (ulong)VhdxBlockState.FullyPresent ? (long)(entry & OffsetMask) : -1;
    }

    public static VhdxBlockTable Read(ByteStore store, VhdxRegion region, VhdxMetadata metadata)
    {
        var ratio = (int)(SectorsPerChunk * metadata.LogicalSectorSize / metadata.BlockSize);
        var blocks = BlockCount(metadata);
        var chunks = (blocks + ratio - 1) / ratio;
        // Without a parent the last chunk's bitmap has no entry.
        var entries = metadata.HasParent ? chunks * (ratio + 1L) : blocks + Math.Max(0, chunks - 1);
        if (entries * 8 > region.Length)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, region.Offset, $"the block table has room for {region.Length / 8} entries, but a disk of {metadata.VirtualSize} bytes needs {entries}");
        if (entries * 8 > MaxTableSize)
            throw new InvalidImageException(ErrorIds.TooLarge, store.Name, region.Offset, $"a block table of {entries} entries is more than can be held in memory here");
        if (region.Offset > store.Length - (entries * 8))
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, region.Offset, $"the block table needs {entries * 8} bytes here, but the file ends at {store.Length}");
        var table = new VhdxBlockTable(metadata, ratio, ReadEntries(store, region.Offset, (int)entries));
        for (long block = 0; block < table.Count; block++)
            table.Require(block, store, region);
        for (long chunk = 0; chunk < table.BitmapCount; chunk++)
            RequireInside(table.ChunkBitmapOffset(chunk), BitmapSize, $"the sector bitmap of chunk {chunk}", store, region);
        return table;
    }

    private static long BlockCount(VhdxMetadata metadata) => (metadata.VirtualSize + metadata.BlockSize - 1) / metadata.BlockSize;

    private static ulong[] ReadEntries(ByteStore store, long offset, int count)
    {
        var entries = new ulong[count];
        var piece = new byte[Math.Min(PieceSize, count * 8)];
        for (var first = 0; first < count; first += PieceSize / 8)
        {
            var n = Math.Min(PieceSize / 8, count - first);
            store.Read(offset + (first * 8L), piece.AsSpan(0, n * 8));
            for (var i = 0; i < n; i++)
                entries[first + i] = BinaryPrimitives.ReadUInt64LittleEndian(piece.AsSpan(i * 8));
        }

        return entries;
    }

    private ulong Entry(long block) => _entries[block + (block / _chunkRatio)];

    private void Require(long block, ByteStore store, VhdxRegion region)
    {
        switch (State(block))
        {
            case VhdxBlockState.NotPresent or VhdxBlockState.Undefined or VhdxBlockState.Zero or VhdxBlockState.Unmapped:
                return;
            case VhdxBlockState.PartiallyPresent when !_metadata.HasParent:
                throw new InvalidImageException(ErrorIds.BadStructure, store.Name, region.Offset, $"block {block} is partially present, but the disk has no parent for the rest");
            case VhdxBlockState.PartiallyPresent when BitmapOffset(block) < 0:
                throw new InvalidImageException(ErrorIds.BadStructure, store.Name, region.Offset, $"block {block} is partially present, but its sector bitmap is missing");
            case VhdxBlockState.FullyPresent or VhdxBlockState.PartiallyPresent:
                // The last block's tail past the end of the disk may be missing.
                var length = Math.Min(BlockSize, _metadata.VirtualSize - (block * BlockSize));
                RequireInside(Offset(block), length, $"block {block}", store, region);
                return;
            default:
                throw new InvalidImageException(ErrorIds.BadStructure, store.Name, region.Offset, $"block {block} has the state {(int)State(block)}, which is not known");
        }
    }

    private static void RequireInside(long offset, long length, string what, ByteStore store, VhdxRegion region)
    {
        if (offset == -1)
            return;
        if (offset < 1 << 20 || offset > store.Length - length)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, region.Offset, $"{what} lies at {offset} and has {length} bytes; the file has its blocks between 1 MiB and its end at {store.Length}");
    }
}
