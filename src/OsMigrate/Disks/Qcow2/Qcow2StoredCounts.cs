using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>The reference counts as the file has them.</summary>
/// <remarks>Source: QEMU docs/interop/qcow2.rst, section "Host cluster management".</remarks>
internal sealed class Qcow2StoredCounts
{
    private const int MaxSliceSize = 65536;
    private const ulong ReservedTableBits = 0x1FF;

    private readonly ByteStore _store;
    private readonly Qcow2Layout _layout;
    private readonly byte[] _table;
    private readonly TableCache _blocks;
    private readonly int _countsPerBlockBits;

    public Qcow2StoredCounts(ByteStore store, Qcow2Layout layout)
    {
        (_store, _layout) = (store, layout);
        var size = (long)layout.Header.RefcountTableClusters << layout.ClusterBits;
        var offset = (long)layout.Header.RefcountTableOffset;
        if (offset > store.Length || size > int.MaxValue)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, offset, $"the table of reference counts of {size} bytes reaches past the end of the file at {store.Length}");
        // The end of the last cluster may be missing; it is zero then.
        _table = store.ReadBytes(offset, (int)Math.Min(size, (store.Length - offset) & ~7L));
        _blocks = new TableCache(store, Math.Min(layout.ClusterSize, MaxSliceSize));
        _countsPerBlockBits = layout.ClusterBits + 3 - (int)layout.Header.RefcountOrder;
    }

    /// <summary>The count of a cluster; 0 where there is no block for it or the block is no good, which <see cref="AddBlocks"/> reports.</summary>
    public ulong this[long cluster]
    {
        get
        {
            var block = Block(cluster >> _countsPerBlockBits);
            if (block <= 0 || block % _layout.ClusterSize != 0 || block > _store.Length - _layout.ClusterSize)
                return 0;
            var order = (int)_layout.Header.RefcountOrder;
            var bit = (cluster & ((1L << _countsPerBlockBits) - 1)) << order;
            var at = bit >> 3;
            var slice = _blocks.Get(block + (at / _blocks.SliceSize * _blocks.SliceSize), "a block of reference counts");
            var bytes = slice.AsSpan((int)(at % _blocks.SliceSize));
            return order switch
            {
                6 => BinaryPrimitives.ReadUInt64BigEndian(bytes),
                5 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
                4 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
                3 => bytes[0],
                _ => (ulong)(bytes[0] >> (int)(bit & 7)) & ((1UL << (1 << order)) - 1),
            };
        }
    }

    /// <summary>Counts the table and its blocks as used, and checks where they lie.</summary>
    public void AddBlocks(Qcow2UseCounts uses, Qcow2Findings findings)
    {
        uses.Add((long)_layout.Header.RefcountTableOffset, (long)_layout.Header.RefcountTableClusters << _layout.ClusterBits, Qcow2Use.Structure, 1, "the table of reference counts");
        for (var i = 0; i < _table.Length / 8; i++)
        {
            var entry = BinaryPrimitives.ReadUInt64BigEndian(_table.AsSpan(i * 8));
            var at = (long)_layout.Header.RefcountTableOffset + (i * 8L);
            if ((entry & ReservedTableBits) != 0)
                findings.Corruption(ErrorIds.BadStructure, at, $"entry {i} of the table of reference counts, {entry:x16}, has reserved bits set");
            var block = Block(i);
            if (block == 0)
                continue;
            if (block < 0 || block % _layout.ClusterSize != 0)
                findings.Corruption(ErrorIds.BadStructure, at, $"block {i} of reference counts lies at {(ulong)block}, which is not on a cluster's boundary");
            else if (block > _store.Length - _layout.ClusterSize)
                findings.Corruption(ErrorIds.Truncated, at, $"block {i} of reference counts at {block} reaches past the end of the file at {_store.Length}");
            else
                uses.Add(block, _layout.ClusterSize, Qcow2Use.Structure, 1, "a block of reference counts");
        }
    }

    /// <summary>Compares what is stored with what was counted.</summary>
    public void Compare(Qcow2UseCounts uses, Qcow2Findings findings, CancellationToken cancel)
    {
        for (var cluster = 0L; cluster < uses.ClusterCount; cluster++)
        {
            if ((cluster & 0xFFFF) == 0)
                cancel.ThrowIfCancellationRequested();
            // Where the file has a hole of blocks nothing is stored.
            var stored = this[cluster];
            var counted = (ulong)uses[cluster];
            if (stored < counted)
                findings.Corruption(ErrorIds.BadStructure, cluster << _layout.ClusterBits, $"the cluster has the reference count {stored}, but is used {counted} times");
            else if (stored > counted && counted < Qcow2UseCounts.Saturated)
                findings.Leak(cluster << _layout.ClusterBits, $"the cluster has the reference count {stored}, but is used {counted} times");
        }
    }

    private long Block(long number)
        => number < _table.Length / 8 ? (long)(BinaryPrimitives.ReadUInt64BigEndian(_table.AsSpan((int)number * 8)) & ~ReservedTableBits) : 0;
}
