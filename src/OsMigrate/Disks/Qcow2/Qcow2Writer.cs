using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Writes the body of a QCOW2 strictly in order: give it the stored clusters by ascending guest offset, then <see cref="Finish"/>.</summary>
/// <remarks>
/// Compressed clusters are packed byte by byte; plain ones need a cluster boundary, so while compressed data is being packed they wait and
/// go out in batches: one alignment gap per batch instead of one per cluster. Which bytes go where depends on the sizes alone, so a run over
/// a counting sink is the plan of a later run over the real one.
/// Source: QEMU docs/interop/qcow2.txt, sections "Cluster mapping" and "Refcounts".
/// </remarks>
internal sealed class Qcow2Writer
{
    private const int PlainBatch = 64;
    private const ulong Copied = 1UL << 63;
    private const ulong CompressedFlag = 1UL << 62;

    private readonly Qcow2Geometry _geometry;
    private readonly Sink _sink;
    private readonly byte[] _l2;
    private readonly Qcow2Refcounts _refcounts;
    private readonly List<(long Index, byte[] Data)> _waiting = [];
    private readonly Stack<byte[]> _spare = new();
    private long _group = -1;

    public Qcow2Writer(Qcow2Geometry geometry, Sink sink)
    {
        (_geometry, _sink) = (geometry, sink);
        _l2 = new byte[geometry.ClusterSize];
        L1 = new ulong[geometry.L1Entries];
        _refcounts = new Qcow2Refcounts(geometry);
        _refcounts.CountRange(0, geometry.DataOffset);
    }

    /// <summary>The L1 table; complete after <see cref="Finish"/>.</summary>
    public ulong[] L1 { get; }

    /// <summary>Offsets of the refcount blocks; complete after <see cref="Finish"/>.</summary>
    public IReadOnlyList<ulong> RefcountBlocks => _refcounts.BlockOffsets;

    /// <summary>Stores a chunk's clusters. Chunks come in ascending order, and so do the clusters in each.</summary>
    public void Add(Qcow2Chunk chunk)
    {
        for (var i = 0; i < chunk.Clusters.Count; i++)
        {
            var cluster = chunk.Clusters[i];
            EnterGroup(cluster.Index);
            if (cluster.Compressed)
                AddCompressed(cluster.Index, chunk.Packed.Span(cluster.Offset, cluster.Length));
            else if (_sink.Position % _geometry.ClusterSize == 0)
                i += PlacePlainRun(chunk, i) - 1;
            else
                Postpone(cluster.Index, chunk.Data.Span(cluster.Offset, cluster.Length));
        }
    }

    private void AddCompressed(long index, ReadOnlySpan<byte> data)
    {
        var offset = _sink.Position;
        var sectorShift = 62 - (_geometry.ClusterBits - 8);
        var moreSectors = (ulong)(((offset + data.Length - 1) >> 9) - (offset >> 9));
        SetL2(index, CompressedFlag | (ulong)offset | (moreSectors << sectorShift));
        _refcounts.CountRange(offset, data.Length);
        _sink.Append(data);
    }

    /// <summary>Closes the last group and writes the remaining refcount blocks; the sink's position is then the size of the file.</summary>
    public void Finish()
    {
        CloseGroup();
        Align();
        _refcounts.WriteRest(_sink);
        if (_refcounts.BlockOffsets.Count * 8 > _geometry.RefcountTableClusters * _geometry.ClusterSize)
            throw new InvalidOperationException("The refcount table was planned too small.");
    }

    /// <summary>The front of the file (header, L1 table, refcount table) as it must be once <see cref="Finish"/> has run.</summary>
    public void WriteFront(Qcow2Header header, Action<long, byte[]> write)
    {
        var first = new byte[_geometry.ClusterSize];
        header.WriteTo(first);
        write(0, first);
        write(_geometry.L1Offset, Table(L1, _geometry.L1Clusters));
        write(_geometry.RefcountTableOffset, Table(_refcounts.BlockOffsets, _geometry.RefcountTableClusters));
    }

    private byte[] Table(IReadOnlyList<ulong> entries, long clusters)
    {
        var bytes = new byte[clusters * _geometry.ClusterSize];
        for (var i = 0; i < entries.Count; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * 8), entries[i]);
        return bytes;
    }

    private void EnterGroup(long index)
    {
        var group = index / _geometry.L2Entries;
        if (group == _group)
            return;
        if (group < _group)
            throw new InvalidOperationException("Clusters must come in ascending order.");
        CloseGroup();
        _group = group;
    }

    private void CloseGroup()
    {
        if (_group < 0)
            return;
        FlushWaiting();
        Align();
        L1[_group] = Copied | (ulong)_sink.Position;
        _refcounts.CountRange(_sink.Position, _geometry.ClusterSize);
        _sink.Append(_l2);
        Array.Clear(_l2, 0, _l2.Length);
        _refcounts.WriteFinished(_sink);
        _group = -1;
    }

    private void FlushWaiting()
    {
        if (_waiting.Count == 0)
            return;
        Align();
        foreach (var (index, data) in _waiting)
        {
            SetL2(index, Copied | (ulong)_sink.Position);
            _refcounts.CountRange(_sink.Position, _geometry.ClusterSize);
            _sink.Append(data);
            _spare.Push(data);
        }

        _waiting.Clear();
    }

    /// <summary>Places plain clusters that lie side by side with one write.</summary>
    private int PlacePlainRun(Qcow2Chunk chunk, int first)
    {
        var clusters = chunk.Clusters;
        var count = 0;
        var length = 0;
        while (first + count < clusters.Count && clusters[first + count] is { Compressed: false } next
               && next.Index == clusters[first].Index + count && next.Index / _geometry.L2Entries == _group)
        {
            SetL2(next.Index, Copied | (ulong)(_sink.Position + length));
            length += next.Length;
            count++;
        }

        _refcounts.CountRange(_sink.Position, length);
        _sink.Append(chunk.Data, clusters[first].Offset, length);
        Align();
        return count;
    }

    private void Postpone(long index, ReadOnlySpan<byte> data)
    {
        var copy = _spare.Count > 0 ? _spare.Pop() : new byte[_geometry.ClusterSize];
        data.CopyTo(copy);
        copy.AsSpan(data.Length).Clear();
        _waiting.Add((index, copy));
        if (_waiting.Count >= PlainBatch)
            FlushWaiting();
    }

    private void SetL2(long index, ulong entry)
        => BinaryPrimitives.WriteUInt64BigEndian(_l2.AsSpan((int)(index % _geometry.L2Entries) * 8), entry);

    private void Align()
    {
        var over = _sink.Position % _geometry.ClusterSize;
        if (over != 0)
            _sink.AppendZeros(_geometry.ClusterSize - over);
    }
}
