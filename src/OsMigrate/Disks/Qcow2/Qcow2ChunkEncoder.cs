using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Disks.Qcow2;

/// <summary>The parallel half of writing a QCOW2: reads a chunk, hands on deflated blocks, checks them, compresses the rest, leaves zeros out.</summary>
internal sealed class Qcow2ChunkEncoder : IDisposable
{
    private readonly Qcow2Geometry _geometry;
    private readonly EncodeOptions _options;
    private readonly bool _handsOn;
    private readonly bool _planOnly;
    private readonly ThreadLocal<ClusterCompressor?> _compressor;

    /// <param name="handsOn">There are deflated blocks that can become clusters unchanged.</param>
    /// <param name="planOnly">Compute sizes only: passed-through blocks are neither read nor checked, nothing is hashed.</param>
    public Qcow2ChunkEncoder(Qcow2Geometry geometry, EncodeOptions options, bool handsOn, bool planOnly)
    {
        (_geometry, _options, _handsOn, _planOnly) = (geometry, options, handsOn, planOnly);
        _compressor = new ThreadLocal<ClusterCompressor?>(() => ClusterCompressor.Create(options.Compression), trackAllValues: true);
        ChunkSize = ChunkSizeFor(geometry.ClusterSize);
    }

    /// <summary>Bytes per chunk: a multiple of the cluster size and of the digest's block size.</summary>
    public int ChunkSize { get; }

    public static int ChunkSizeFor(int clusterSize) => Math.Max(1 << 20, clusterSize);

    /// <summary>The deflated blocks when they can become clusters unchanged, else null.</summary>
    public static IDeflatedBlocks? PassThrough(IDeflatedBlocks? blocks, int clusterSize, Compression compression)
        => compression is Compression.AsIs or Compression.Zlib && blocks is not null && blocks.BlockSize == clusterSize ? blocks : null;

    /// <param name="source">The disk, of which this chunk is read.</param>
    /// <param name="blocks">What <see cref="PassThrough"/> says.</param>
    public Qcow2Chunk Encode(ByteStore source, IDeflatedBlocks? blocks, long offset)
    {
        var length = (int)Math.Min(ChunkSize, source.Length - offset);
        var chunk = new Qcow2Chunk
        {
            Data = new SharedBuffer(ChunkSize),
            Packed = new SharedBuffer(ChunkSize + _geometry.ClusterSize),
        };
        var handedOn = new bool[(length + _geometry.ClusterSize - 1) / _geometry.ClusterSize];
        var packed = blocks is null ? 0 : HandOn(blocks, chunk, offset, length, handedOn);
        ReadRest(source, chunk, offset, length, handedOn);
        StoreRest(chunk, offset, length, handedOn, packed);
        chunk.Clusters.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        if (!_planOnly && WantsDigest)
            chunk.Hashes = ContentDigest.HashBlocks(chunk.Data.Span(0, length));
        return chunk;
    }

    public static void Return(Qcow2Chunk chunk)
    {
        chunk.Data.Release();
        chunk.Packed.Release();
    }

    public void Dispose()
    {
        foreach (var compressor in _compressor.Values)
            compressor?.Dispose();
        _compressor.Dispose();
    }

    /// <summary>A digest of the content needs every block expanded, which is what verification does.</summary>
    public bool WantsDigest => _options.Checksums.HasFlag(ChecksumKinds.Content) && (_options.Verify || !_handsOn);

    private int HandOn(IDeflatedBlocks blocks, Qcow2Chunk chunk, long offset, int length, bool[] handedOn)
    {
        var packed = 0;
        for (var i = 0; i < handedOn.Length; i++)
        {
            var at = i * _geometry.ClusterSize;
            // A block that is no smaller than its cluster, or does not fill it, is stored anew.
            if (at + _geometry.ClusterSize > length || !blocks.TryGet(offset + at, out var block)
                || block.Length >= _geometry.ClusterSize || packed + block.Length > chunk.Packed.Bytes.Length)
                continue;
            if (!_planOnly)
                Copying.PassThrough.Read(block, chunk.Packed.Span(packed, block.Length), _options.Verify ? chunk.Data.Span(at, _geometry.ClusterSize) : default, offset + at);
            handedOn[i] = true;
            chunk.Clusters.Add(new StoredCluster((offset + at) / _geometry.ClusterSize, Compressed: true, packed, block.Length));
            chunk.PassedThrough++;
            chunk.DataBytes += _geometry.ClusterSize;
            packed += block.Length;
        }

        return packed;
    }

    private void ReadRest(ByteStore source, Qcow2Chunk chunk, long offset, int length, bool[] handedOn)
    {
        for (var i = 0; i < handedOn.Length; i++)
        {
            if (handedOn[i])
                continue;
            var first = i;
            while (i + 1 < handedOn.Length && !handedOn[i + 1])
                i++;
            var start = first * _geometry.ClusterSize;
            var end = Math.Min(length, (i + 1) * _geometry.ClusterSize);
            SourceScan.ReadChunk(source, offset + start, chunk.Data.Span(start, end - start));
        }
    }

    private void StoreRest(Qcow2Chunk chunk, long offset, int length, bool[] handedOn, int packed)
    {
        for (var i = 0; i < handedOn.Length; i++)
        {
            if (handedOn[i])
                continue;
            var at = i * _geometry.ClusterSize;
            var data = chunk.Data.Span(at, Math.Min(_geometry.ClusterSize, length - at));
            if (Zeros.AreAll(data))
                continue;
            var index = (offset + at) / _geometry.ClusterSize;
            chunk.DataBytes += data.Length;
            // A short last cluster is not compressed: readers expect compressed clusters to expand to a whole one.
            var size = data.Length == _geometry.ClusterSize ? _compressor.Value?.Compress(data, chunk.Packed.Bytes, packed) ?? -1 : -1;
            if (size > 0)
            {
                chunk.Clusters.Add(new StoredCluster(index, Compressed: true, packed, size));
                packed += size;
            }
            else
            {
                chunk.Clusters.Add(new StoredCluster(index, Compressed: false, at, data.Length));
            }
        }
    }
}
