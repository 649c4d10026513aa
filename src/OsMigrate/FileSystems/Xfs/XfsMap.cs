using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Xfs;

/// <summary>Follows the maps from a file to its blocks: lists of extents, or B+trees of them.</summary>
/// <remarks>Source: "XFS Algorithms &amp; Data Structures", chapter "Data Extents".</remarks>
internal sealed class XfsMap(XfsVolume volume, XfsInode inode)
{
    private const int RecordSize = 16;
    private const int MaxLevel = 8;
    private const int MaxNodes = 1 << 16;
    private const int MaxPieces = 1 << 20;

    private readonly List<ContentPiece> _pieces = [];
    private long _reached;
    private int _nodes;

    public IReadOnlyList<ContentPiece> FromExtents(ReadOnlySpan<byte> records, ulong count, long length)
    {
        if (count > (ulong)(records.Length / RecordSize))
            throw inode.Damaged($"it has {count} extents where {records.Length / RecordSize} fit");
        for (var i = 0; i < (int)count && _reached < length; i++)
            Add(records.Slice(i * RecordSize, RecordSize), length);
        return _pieces;
    }

    /// <summary>The root of the tree lies in the inode; keys come first, and the pointers where the keys would end if it were full.</summary>
    public IReadOnlyList<ContentPiece> FromTree(ReadOnlySpan<byte> root, long length)
    {
        int level = BinaryPrimitives.ReadUInt16BigEndian(root), count = BinaryPrimitives.ReadUInt16BigEndian(root.Slice(2));
        var most = (root.Length - 4) / RecordSize;
        if (level is 0 or > MaxLevel || count > most)
            throw inode.Damaged("the root of its tree of extents is damaged");
        for (var i = 0; i < count && _reached < length; i++)
            Node(BinaryPrimitives.ReadUInt64BigEndian(root.Slice(4 + (most * 8) + (i * 8))), level - 1, length);
        return _pieces;
    }

    private void Node(ulong number, int level, long length)
    {
        var at = volume.Super.PlaceOfBlock(number);
        if (at < 0 || ++_nodes > MaxNodes)
            throw inode.Damaged($"its tree of extents leads to block {number}, or is endless");
        var block = volume.Store.ReadBytes(at, volume.Super.BlockSize);
        var (mark, header) = volume.Super.IsVersion5 ? (0x424D4133u, 72) : (0x424D4150u, 24);
        int count = BinaryPrimitives.ReadUInt16BigEndian(block.AsSpan(6)), most = (block.Length - header) / RecordSize;
        if (BinaryPrimitives.ReadUInt32BigEndian(block) != mark || BinaryPrimitives.ReadUInt16BigEndian(block.AsSpan(4)) != level || count > most)
            throw inode.Damaged($"the node of its tree of extents at {at} is damaged");
        for (var i = 0; i < count && _reached < length; i++)
        {
            if (level == 0)
                Add(block.AsSpan(header + (i * RecordSize), RecordSize), length);
            else
                Node(BinaryPrimitives.ReadUInt64BigEndian(block.AsSpan(header + (most * 8) + (i * 8))), level - 1, length);
        }
    }

    /// <summary>1 bit "not written", 54 bits place in the file, 52 bits place in the volume, 21 bits count; in blocks.</summary>
    private void Add(ReadOnlySpan<byte> record, long length)
    {
        var (high, low) = (BinaryPrimitives.ReadUInt64BigEndian(record), BinaryPrimitives.ReadUInt64BigEndian(record.Slice(8)));
        long size = volume.Super.BlockSize;
        var logical = (high & 0x7FFF_FFFF_FFFF_FFFF) >> 9;
        var count = (long)(low & 0x1F_FFFF);
        var place = volume.Super.PlaceOfBlock(((high & 0x1FF) << 43) | (low >> 21));
        if (logical >= (ulong)(length + size - 1) / (ulong)size)
        {
            // Behind the wanted part; a folder keeps its indexes there.
            _reached = length;
            return;
        }

        var start = (long)logical * size;
        if (start < _reached || count == 0 || place < 0 || place > volume.Store.Length || _pieces.Count > MaxPieces)
            throw inode.Damaged($"an extent of {count} blocks for block {logical} is out of order or outside the volume");
        if (start > _reached)
            _pieces.Add(new ContentPiece(-1, start - _reached));
        _pieces.Add(new ContentPiece(high >> 63 != 0 ? -1 : place, count * size));
        _reached = start + (count * size);
    }
}
