using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ext;

/// <summary>Follows the maps from a file to its blocks: trees of extents (ext4), or blocks of block numbers (ext2, ext3).</summary>
/// <remarks>Source: kernel.org, ext4 "Extent Tree", "Direct/Indirect Block Addressing".</remarks>
internal sealed class ExtBlocks(ExtVolume volume, ExtInode inode)
{
    private const ushort Magic = 0xF30A;
    private const int MaxDepth = 5;
    private const int LongestWritten = 32768;
    private const int MaxPieces = 1 << 20;
    private const int MaxNodes = 1 << 15;

    private readonly List<ContentPiece> _pieces = [];
    private long _reached;
    private int _nodes;

    /// <summary>Pieces from the start of the file on, holes included, up to its size.</summary>
    public IReadOnlyList<ContentPiece> Pieces(byte[] map, bool byExtents, long size)
    {
        var blocks = (size + volume.BlockSize - 1) / volume.BlockSize;
        if (byExtents)
            Extents(map, MaxDepth + 1, blocks);
        else
            Direct(map, blocks);
        return _pieces;
    }

    private void Extents(ReadOnlySpan<byte> node, int maxDepth, long blocks)
    {
        int entries = BinaryPrimitives.ReadUInt16LittleEndian(node.Slice(2)), depth = BinaryPrimitives.ReadUInt16LittleEndian(node.Slice(6));
        if (BinaryPrimitives.ReadUInt16LittleEndian(node) != Magic || depth >= maxDepth || (entries + 1) * 12 > node.Length)
            throw inode.Damaged("its tree of extents is damaged");
        for (var i = 1; i <= entries && _reached < blocks; i++)
        {
            var entry = node.Slice(i * 12, 12);
            long logical = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            if (depth > 0)
            {
                var child = BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(4)) | ((long)BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(8)) << 32);
                Extents(Block(child), depth, blocks);
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(4));
            var start = BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(8)) | ((long)BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(6)) << 32);
            // What was reserved and not written reads as zeros.
            var isWritten = length <= LongestWritten;
            Add(logical, isWritten ? length : length - LongestWritten, isWritten ? start : -1);
        }
    }

    private void Direct(byte[] map, long blocks)
    {
        for (var i = 0; i < 12 && i < blocks; i++)
            Single(i, BinaryPrimitives.ReadUInt32LittleEndian(map.AsSpan(i * 4)));
        var perBlock = volume.BlockSize / 4L;
        var first = 12L;
        var span = perBlock;
        for (var level = 1; level <= 3 && first < blocks; level++)
        {
            Indirect(BinaryPrimitives.ReadUInt32LittleEndian(map.AsSpan((11 + level) * 4)), level, first, blocks);
            first += span;
            span *= perBlock;
        }
    }

    private void Indirect(uint block, int level, long first, long blocks)
    {
        if (block == 0 || first >= blocks)
            return;
        var numbers = Block(block);
        var span = 1L;
        for (var i = 1; i < level; i++)
            span *= volume.BlockSize / 4;
        for (var i = 0; i < numbers.Length / 4 && first < blocks; i++, first += span)
        {
            var number = BinaryPrimitives.ReadUInt32LittleEndian(numbers.AsSpan(i * 4));
            if (level == 1)
                Single(first, number);
            else
                Indirect(number, level - 1, first, blocks);
        }
    }

    private void Single(long logical, uint block)
    {
        if (block != 0)
            Add(logical, 1, block);
    }

    /// <param name="start">First block in the volume; negative for zeros.</param>
    private void Add(long logical, int count, long start)
    {
        if (logical < _reached || count == 0 || start >= volume.BlockCount || _pieces.Count > MaxPieces)
            throw inode.Damaged($"it has {count} blocks at {start} for block {logical}, out of order or outside the volume");
        long size = volume.BlockSize;
        if (logical > _reached)
            _pieces.Add(new ContentPiece(-1, (logical - _reached) * size));
        var piece = new ContentPiece(start < 0 ? -1 : start * size, count * size);
        if (_pieces.Count > 0 && _pieces[_pieces.Count - 1] is var last && last.Start >= 0 && last.Start + last.Length == piece.Start)
            _pieces[_pieces.Count - 1] = last with { Length = last.Length + piece.Length };
        else
            _pieces.Add(piece);
        _reached = logical + count;
    }

    private byte[] Block(long number)
        => number > 0 && number < volume.BlockCount && ++_nodes <= MaxNodes ? volume.Store.ReadBytes(number * volume.BlockSize, volume.BlockSize) : throw inode.Damaged($"its map lies in block {number} of {volume.BlockCount}, or is endless");
}
