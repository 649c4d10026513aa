using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>One node of an index: the root, which is an attribute, or a block of the allocation.</summary>
/// <remarks>Source: flatcap NTFS documentation, "$INDEX_ROOT", "$INDEX_ALLOCATION".</remarks>
internal sealed class IndexNode
{
    /// <summary>The root's header: type and collation of the index, size of its blocks.</summary>
    public const int RootHeader = 16;

    /// <summary>Header of a block, before the header of the node.</summary>
    public const int BlockHeader = 24;

    public const int NodeHeader = 16;
    public const long Root = -1;

    public static ReadOnlySpan<byte> Magic => "INDX"u8;

    /// <summary>Place in the allocation, in the units the index counts in; <see cref="Root"/> for the root.</summary>
    public long Vcn { get; init; }

    /// <summary>At least the end entry.</summary>
    public List<IndexEntry> Entries { get; init; } = [];

    public bool IsLeaf => Entries[Entries.Count - 1].Child == IndexEntry.NoChild;

    public int EntriesSize => Entries.Sum(static e => e.Size);

    /// <param name="node">From the header of the node on.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? TryParse(ReadOnlySpan<byte> node, bool isFolder, List<IndexEntry> entries)
    {
        if (node.Length < NodeHeader)
            return "an index node is cut off";
        long at = Le.U32(node, 0), used = Le.U32(node, 4);
        if (used > node.Length || at < NodeHeader || at > used)
            return $"an index node uses {used} bytes of {node.Length}, from {at} on";
        while (at <= used - IndexEntry.HeaderSize)
        {
            var entry = IndexEntry.TryParse(node.Slice((int)at, (int)(used - at)), isFolder, out var size);
            if (entry is null)
                return $"an index node has a malformed entry at {at}";
            entries.Add(entry);
            if (entry.IsLast)
                return entries.Exists(e => e.Child == IndexEntry.NoChild != (entry.Child == IndexEntry.NoChild)) ? "an index node has entries with and without children" : null;
            at += size;
        }

        return "an index node has no end entry";
    }

    /// <summary>The node as it stands in a block, with its fix-ups.</summary>
    public byte[] ToBlock(int blockSize, ulong logSequence, ushort updateSequence)
    {
        var block = new byte[blockSize];
        Magic.CopyTo(block);
        var numbers = (blockSize / FixUps.Stride) + 1;
        Le.Put16(block, 4, 0x28);
        Le.Put16(block, 6, numbers);
        Le.Put64(block, 8, logSequence);
        Le.Put64(block, 16, Vcn);
        Le.Put16(block, 0x28, updateSequence);
        WriteNode(block.AsSpan(BlockHeader), FirstEntry(blockSize), blockSize - BlockHeader);
        FixUps.Apply(block);
        return block;
    }

    /// <summary>The value of $INDEX_ROOT.</summary>
    /// <param name="header">The first 16 bytes of the value as they were.</param>
    public byte[] ToRoot(ReadOnlySpan<byte> header)
    {
        var value = new byte[RootHeader + NodeHeader + EntriesSize];
        header.Slice(0, RootHeader).CopyTo(value);
        WriteNode(value.AsSpan(RootHeader), NodeHeader, NodeHeader + EntriesSize);
        return value;
    }

    /// <summary>Bytes for entries in a block.</summary>
    public static int Capacity(int blockSize) => blockSize - BlockHeader - FirstEntry(blockSize);

    /// <summary>Where entries begin, from the header of the node: after the update sequence.</summary>
    private static int FirstEntry(int blockSize) => Le.Align8(0x28 + (2 * ((blockSize / FixUps.Stride) + 1))) - BlockHeader;

    private void WriteNode(Span<byte> node, int first, int allocated)
    {
        Le.Put32(node, 0, (uint)first);
        Le.Put32(node, 4, (uint)(first + EntriesSize));
        Le.Put32(node, 8, (uint)allocated);
        node[12] = (byte)(IsLeaf ? 0 : 1);
        var at = first;
        foreach (var entry in Entries)
        {
            entry.Write(node.Slice(at));
            at += entry.Size;
        }
    }
}
