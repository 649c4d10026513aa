using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Counts how often each host cluster is used, and writes 16-bit refcount blocks as soon as their range is finished.</summary>
/// <remarks>A compressed cluster counts once for every host cluster it touches (QEMU docs/interop/qcow2.txt, "Compressed Clusters Descriptor").</remarks>
internal sealed class Qcow2Refcounts(Qcow2Geometry geometry)
{
    private readonly Dictionary<long, ushort[]> _open = [];
    private readonly List<ulong> _blockOffsets = [];

    public IReadOnlyList<ulong> BlockOffsets => _blockOffsets;

    public void CountRange(long offset, long length)
    {
        for (var cluster = offset / geometry.ClusterSize; cluster * geometry.ClusterSize < offset + length; cluster++)
        {
            var number = cluster / geometry.RefcountsPerBlock;
            if (!_open.TryGetValue(number, out var block))
                _open[number] = block = new ushort[geometry.RefcountsPerBlock];
            checked
            {
                block[cluster % geometry.RefcountsPerBlock]++;
            }
        }
    }

    /// <summary>Writes the blocks whose whole range lies before the sink's position, which is a cluster boundary.</summary>
    public void WriteFinished(Sink sink)
    {
        while ((_blockOffsets.Count + 1L) * geometry.RefcountsPerBlock * geometry.ClusterSize <= sink.Position)
            WriteNext(sink);
    }

    /// <summary>Writes all blocks that are left, those that count the blocks themselves included.</summary>
    public void WriteRest(Sink sink)
    {
        // Each block occupies a cluster that must itself be counted, perhaps by a further block: reserve until it holds.
        var first = sink.Position / geometry.ClusterSize;
        var count = 0L;
        while (first + count > (_blockOffsets.Count + count) * geometry.RefcountsPerBlock)
            count++;
        CountRange(sink.Position, count * geometry.ClusterSize);
        for (var i = 0L; i < count; i++)
            Write(sink);
    }

    private void WriteNext(Sink sink)
    {
        CountRange(sink.Position, geometry.ClusterSize);
        Write(sink);
    }

    private void Write(Sink sink)
    {
        var number = _blockOffsets.Count;
        _blockOffsets.Add((ulong)sink.Position);
        var bytes = new byte[geometry.ClusterSize];
        if (_open.TryGetValue(number, out var counts))
        {
            for (var i = 0; i < counts.Length; i++)
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(i * 2), counts[i]);
            _open.Remove(number);
        }

        sink.Append(bytes);
    }
}
