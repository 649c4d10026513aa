using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Writes a QCOW2 of a disk that arrives chunk by chunk: data in the order of coming, each table behind its data, the front last.</summary>
internal sealed class Qcow2Intake : IDisposable
{
    private readonly long _length;
    private readonly EncodeOptions _options;
    private readonly Qcow2Geometry _geometry;
    private readonly Sink _target;
    private readonly Qcow2Writer _writer;
    private readonly Qcow2ChunkEncoder _encoder;
    private readonly OrderedPump<Arrived, Qcow2Chunk> _pump;
    private readonly ContentDigest _digest = new();
    private long _data;
    private long _passedThrough;

    /// <param name="length">Virtual size of the disk.</param>
    /// <param name="blockSize">Bytes of its deflated blocks, which become the clusters.</param>
    /// <param name="target">A sink that can be patched.</param>
    public Qcow2Intake(long length, int blockSize, Sink target, EncodeOptions options)
    {
        (_length, _target, _options) = (length, target, options);
        _geometry = new Qcow2Geometry(length, blockSize);
        _encoder = new Qcow2ChunkEncoder(_geometry, options, HandsOn, planOnly: false);
        target.ExpectPatches();
        target.AppendZeros(_geometry.DataOffset);
        _writer = new Qcow2Writer(_geometry, target);
        _pump = new OrderedPump<Arrived, Qcow2Chunk>(Encode, Write, options.Workers, options.Cancel);
    }

    /// <summary>Bytes of the disk that a chunk spans; chunks begin at multiples of it.</summary>
    public int ChunkSize => _encoder.ChunkSize;

    private bool HandsOn => _options.Compression is Compression.AsIs or Compression.Zlib;

    /// <summary>Takes a chunk; chunks come in ascending order, each once.</summary>
    /// <param name="content">The disk, of which this chunk is read; disposed when that is done.</param>
    /// <param name="blocks">Its deflated blocks.</param>
    public void Add(long offset, ByteStore content, IDeflatedBlocks blocks) => _pump.Add(new Arrived(offset, content, blocks));

    /// <summary>All chunks were there.</summary>
    public EncodeResult Finish()
    {
        _pump.Finish();
        _writer.Finish();
        _writer.WriteFront(Qcow2Encoder.Header(_geometry, _options), (offset, bytes) => _target.Patch(offset, bytes));
        return new EncodeResult
        {
            FileSizeBytes = _target.Position,
            VirtualSizeBytes = _length,
            DataSizeBytes = _data,
            PassedThroughBlocks = _passedThrough,
            ContentDigest = _encoder.WantsDigest ? _digest.Finish(_length) : null,
        };
    }

    public void Dispose()
    {
        _pump.Dispose();
        _encoder.Dispose();
        _digest.Dispose();
    }

    private Qcow2Chunk Encode(Arrived arrived) => _encoder.Encode(arrived.Content, HandsOn ? arrived.Blocks : null, arrived.Offset);

    private void Write(Arrived arrived, Qcow2Chunk chunk)
    {
        arrived.Content.Dispose();
        _writer.Add(chunk);
        if (chunk.Hashes is { } hashes)
            _digest.Add(arrived.Offset, hashes);
        _data += chunk.DataBytes;
        _passedThrough += chunk.PassedThrough;
        Qcow2ChunkEncoder.Return(chunk);
    }

    private readonly record struct Arrived(long Offset, ByteStore Content, IDeflatedBlocks Blocks);
}
