using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Xfs;

/// <summary>One of the two B+trees of an allocation group that hold its free space: by place, or by length. Blocks are counted from the start of the group.</summary>
/// <remarks>Source: "XFS Algorithms &amp; Data Structures", chapter "Allocation Groups", "AG Free Space B+trees"; "B+trees", "Short Format". Big endian, but for checksums.</remarks>
internal sealed class XfsFreeTree(XfsVolume volume, XfsGroup group, bool byLength)
{
    private const int RecordSize = 8;
    private const int MaxLevels = 9;
    private const int MaxRecords = 1 << 22;
    private const int Sum = 52;

    private readonly (uint Old, uint New) _mark = byLength ? (0x41425443u, 0x41423343u) : (0x41425442u, 0x41423342u);
    private readonly int _header = volume.Super.IsVersion5 ? 56 : 16;
    private (uint Start, uint Count) _last;

    public List<(uint Start, uint Count)> Records { get; } = [];

    /// <summary>Blocks of the tree itself. They are in use.</summary>
    public List<uint> Blocks { get; } = [];

    /// <exception cref="InvalidImageException">The tree is damaged.</exception>
    public void Read(CancellationToken cancel)
    {
        var (root, levels) = group.Tree(byLength);
        if (levels is 0 or > MaxLevels)
            throw Damaged(-1, $"it has {levels} levels");
        Node(root, levels - 1, null, cancel);
    }

    /// <param name="key">What the node above says the first record is; null for the root.</param>
    private void Node(uint number, uint level, (uint Start, uint Count)? key, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        // No node can be met twice: every one has a record, and records ascend all over the tree.
        if (number == 0 || number >= group.Length)
            throw Damaged(-1, $"it leads to block {number} of {group.Length}");
        var at = group.Place + ((long)number * volume.Super.BlockSize);
        var block = volume.Store.ReadBytes(at, volume.Super.BlockSize);
        CheckHeader(block, at, number, level);
        Blocks.Add(number);
        int count = BinaryPrimitives.ReadUInt16BigEndian(block.AsSpan(6)), most = (block.Length - _header) / (level == 0 ? RecordSize : RecordSize + 4);
        if (count > most || (count == 0 && (key is not null || level > 0)))
            throw Damaged(at, $"the node has {count} entries, {most} fit");
        for (var i = 0; i < count; i++)
        {
            var entry = (Start: Word(block, _header + (i * RecordSize)), Count: Word(block, _header + (i * RecordSize) + 4));
            if (i == 0 && key is { } expected && (entry.Start != expected.Start || (byLength && entry.Count != expected.Count)))
                throw Damaged(at, $"the node begins with block {entry.Start}, the one above says {expected.Start}");
            if (level > 0)
                Node(Word(block, _header + (most * RecordSize) + (i * 4)), level - 1, entry, cancel);
            else
                Add(entry, at);
        }
    }

    private void CheckHeader(byte[] block, long at, uint number, uint level)
    {
        var isNew = volume.Super.IsVersion5;
        if (Word(block, 0) != (isNew ? _mark.New : _mark.Old) || BinaryPrimitives.ReadUInt16BigEndian(block.AsSpan(4)) != level)
            throw Damaged(at, $"the node is none of level {level}");
        if (!isNew)
            return;
        XfsChecksum.Check(volume, block, Sum, 32, at);
        if (BinaryPrimitives.ReadUInt64BigEndian(block.AsSpan(16)) != (ulong)at / 512 || Word(block, 48) != group.Number)
            throw Damaged(at, $"the node belongs to another place than block {number}");
    }

    private void Add((uint Start, uint Count) record, long at)
    {
        var isBehind = Records.Count == 0
            || (byLength ? record.Count > _last.Count || (record.Count == _last.Count && record.Start > _last.Start) : record.Start >= _last.Start + _last.Count);
        if (!isBehind || record.Count == 0 || record.Start == 0 || record.Start >= group.Length || record.Count > group.Length - record.Start)
            throw Damaged(at, $"{record.Count} free blocks at {record.Start} of {group.Length} are out of order");
        if (Records.Count >= MaxRecords)
            throw Damaged(at, $"it has more than {MaxRecords} records");
        Records.Add(record);
        _last = record;
    }

    private InvalidImageException Damaged(long at, string reason)
        => new(ErrorIds.BadStructure, volume.Store.Name, at, $"the tree of free space by {(byLength ? "length" : "place")} of allocation group {group.Number}: {reason}");

    private static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
