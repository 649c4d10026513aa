using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>The two levels of tables that lead from a place on the disk to a place in the file.</summary>
/// <remarks>Source: QEMU docs/interop/qcow2.rst, sections "Cluster mapping", "Standard Cluster Descriptor", "Compressed Clusters Descriptor", "Extended L2 Entries".</remarks>
internal sealed class Qcow2Map
{
    private const int MaxSliceSize = 65536;
    private const int MaxEntriesPerRun = 4096;
    private const int MaxAbsentTables = 65536;
    private const int SectorSize = 512;

    private readonly ByteStore _store;
    private readonly Qcow2Layout _layout;
    private readonly byte[] _l1;
    private readonly TableCache _tables;

    public Qcow2Map(ByteStore store, Qcow2Layout layout)
    {
        (_store, _layout) = (store, layout);
        _l1 = store.ReadBytes((long)layout.Header.L1Offset, layout.NeededL1Entries * 8);
        _tables = new TableCache(store, Math.Min(layout.ClusterSize, MaxSliceSize));
    }

    /// <summary>The run that starts at a byte of the disk. May end earlier than it could, never past the end of the disk.</summary>
    public Qcow2Run Find(long offset)
    {
        var run = FindHere(offset);
        return run.Length <= _layout.VirtualSize - offset ? run : run with { Length = _layout.VirtualSize - offset };
    }

    private Qcow2Run FindHere(long offset)
    {
        var table = (int)(offset >> _layout.L2SpanBits);
        var tableOffset = L1Entry(table);
        if (tableOffset == 0)
            return new Qcow2Run(Qcow2RunKind.Absent, AbsentTables(table) - offset);
        if (tableOffset % _layout.ClusterSize != 0)
            throw new InvalidImageException(ErrorIds.BadStructure, _store.Name, (long)_layout.Header.L1Offset + (table * 8L), $"L2 table {table} lies at {tableOffset}, which is not on a cluster's boundary");
        var index = (int)(offset >> _layout.ClusterBits) & ((1 << _layout.L2Bits) - 1);
        var within = (long)index * _layout.L2EntrySize;
        var slice = _tables.Get(tableOffset + (within / _tables.SliceSize * _tables.SliceSize), "an L2 table");
        var entries = slice.AsSpan((int)(within % _tables.SliceSize));
        var inCluster = offset & (_layout.ClusterSize - 1);
        return _layout.HasSubclusters ? SubclusterRun(entries, tableOffset + within, inCluster) : ClusterRun(entries, tableOffset + within, inCluster);
    }

    private Qcow2Run ClusterRun(ReadOnlySpan<byte> entries, long at, long inCluster)
    {
        var first = Decode(entries, at);
        if (first.Kind == Qcow2RunKind.Compressed)
            return first with { Length = _layout.ClusterSize - inCluster };
        var count = 1;
        var limit = Math.Min(entries.Length / 8, MaxEntriesPerRun);
        while (count < limit && Follows(first, Decode(entries.Slice(count * 8), at + (count * 8L)), (long)count << _layout.ClusterBits))
            count++;
        return new Qcow2Run(first.Kind, ((long)count << _layout.ClusterBits) - inCluster, first.Kind == Qcow2RunKind.Data ? first.HostOffset + inCluster : 0);
    }

    private Qcow2Run SubclusterRun(ReadOnlySpan<byte> entries, long at, long inCluster)
    {
        var cluster = Decode(entries, at);
        if (cluster.Kind == Qcow2RunKind.Compressed)
            return cluster with { Length = _layout.ClusterSize - inCluster };
        var subclusterBits = _layout.ClusterBits - 5;
        var subcluster = (int)(inCluster >> subclusterBits);
        var first = Subcluster(entries, at, cluster, subcluster);
        var next = subcluster + 1;
        while (next < 32 && Subcluster(entries, at, cluster, next) == first)
            next++;
        var length = ((long)next << subclusterBits) - inCluster;
        if (next < 32 || first == Qcow2RunKind.Zero)
            return new Qcow2Run(first, length, first == Qcow2RunKind.Data ? cluster.HostOffset + inCluster : 0);

        // Clusters that are like their neighbour from end to end are taken together.
        var count = 1;
        var limit = Math.Min(entries.Length / 16, MaxEntriesPerRun);
        var whole = first == Qcow2RunKind.Data ? uint.MaxValue : 0UL;
        while (count < limit && BinaryPrimitives.ReadUInt64BigEndian(entries.Slice((count * 16) + 8)) == whole
            && Follows(cluster, Decode(entries.Slice(count * 16), at + (count * 16L)), (long)count << _layout.ClusterBits))
            count++;
        return new Qcow2Run(first, length + ((count - 1L) << _layout.ClusterBits), first == Qcow2RunKind.Data ? cluster.HostOffset + inCluster : 0);
    }

    /// <summary>Bit n of the bitmap: subcluster n is stored; bit 32 + n: it is zero.</summary>
    private Qcow2RunKind Subcluster(ReadOnlySpan<byte> entry, long at, Qcow2Run cluster, int number)
    {
        var bitmap = BinaryPrimitives.ReadUInt64BigEndian(entry.Slice(8));
        if ((bitmap >> 32 & bitmap & uint.MaxValue) != 0)
            throw new InvalidImageException(ErrorIds.BadStructure, _store.Name, at + 8, $"the bitmap {bitmap:x16} has subclusters that are both stored and zero");
        if ((bitmap >> (32 + number) & 1) != 0)
            return Qcow2RunKind.Zero;
        if ((bitmap >> number & 1) == 0)
            return Qcow2RunKind.Absent;
        if (cluster.Kind != Qcow2RunKind.Data)
            throw new InvalidImageException(ErrorIds.BadStructure, _store.Name, at + 8, $"the bitmap {bitmap:x16} has stored subclusters, but the cluster has no place in the file");
        return Qcow2RunKind.Data;
    }

    private static bool Follows(Qcow2Run first, Qcow2Run next, long distance)
        => next.Kind == first.Kind && (first.Kind != Qcow2RunKind.Data || next.HostOffset == first.HostOffset + distance);

    /// <summary>One descriptor; the length is left at 0.</summary>
    private Qcow2Run Decode(ReadOnlySpan<byte> bytes, long at)
    {
        var entry = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        if ((entry & Qcow2Layout.CompressedFlag) != 0)
            return DecodeCompressed(entry, at);
        if ((entry & Qcow2Layout.ZeroFlag) != 0 && !_layout.HasSubclusters)
        {
            if (_layout.Header.Version < 3)
                throw new InvalidImageException(ErrorIds.BadStructure, _store.Name, at, "a cluster is marked zero, which version 2 does not know");
            return new Qcow2Run(Qcow2RunKind.Zero, 0);
        }

        var host = (long)(entry & Qcow2Layout.OffsetMask);
        // In a data file of its own a cluster may lie at offset 0.
        if (host == 0 && !(_layout.HasDataFile && (entry & Qcow2Layout.CopiedFlag) != 0))
            return new Qcow2Run(Qcow2RunKind.Absent, 0);
        if (host % _layout.ClusterSize != 0)
            throw new InvalidImageException(ErrorIds.BadStructure, _store.Name, at, $"a data cluster lies at {host}, which is not on a cluster's boundary");
        return new Qcow2Run(Qcow2RunKind.Data, 0, host);
    }

    private Qcow2Run DecodeCompressed(ulong entry, long at)
    {
        if (_layout.HasDataFile)
            throw new InvalidImageException(ErrorIds.BadStructure, _store.Name, at, "a compressed cluster in an image whose content lies in a data file");
        var (host, length) = Compressed(entry, _layout.ClusterBits);
        return new Qcow2Run(Qcow2RunKind.Compressed, 0, host, (int)Math.Max(0, Math.Min(length, _store.Length - host)));
    }

    /// <summary>Place and length of a compressed cluster: the count of further sectors lies above the offset, which has 70 - cluster bits bits.</summary>
    public static (long Offset, int Length) Compressed(ulong entry, int clusterBits)
    {
        var offsetBits = 70 - clusterBits;
        var host = (long)(entry & ((1UL << offsetBits) - 1));
        var sectors = (int)(entry >> offsetBits & ((1UL << (clusterBits - 8)) - 1)) + 1;
        return (host, (sectors * SectorSize) - (int)(host % SectorSize));
    }

    private long AbsentTables(int table)
    {
        var end = table + 1;
        var limit = Math.Min((long)_layout.NeededL1Entries, (long)table + MaxAbsentTables);
        while (end < limit && L1Entry(end) == 0)
            end++;
        return (long)end << _layout.L2SpanBits;
    }

    private long L1Entry(int table) => (long)(BinaryPrimitives.ReadUInt64BigEndian(_l1.AsSpan(table * 8)) & Qcow2Layout.OffsetMask);
}
