using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;

namespace OsMigrate.Disks.Vmdk;

/// <summary>A chunk's grains as they go into the file: marker, zlib stream, padding to a sector, one after another.</summary>
internal sealed class PackedGrains
{
    public required SharedBuffer Buffer { get; init; }

    public int Length { get; set; }

    /// <summary>Grain numbers and their offsets in the buffer, ascending.</summary>
    public List<(long Grain, int Offset)> Places { get; } = [];

    public int PassedThrough { get; set; }

    public int DataBytes { get; set; }

    public BlockHashes? Hashes { get; set; }
}

/// <summary>The parallel half of writing a streamOptimized disk: hands deflated blocks on, compresses the rest, leaves zero grains out.</summary>
internal sealed class StreamGrainPacker : IDisposable
{
    public const int GrainSize = 65536;
    public const int ChunkSize = 16 * GrainSize;

    private static readonly int MaxStored = Padded(StoredGrain.MarkerSize + StoredGrain.ZlibHeaderSize + StoredDeflate.SizeFor(GrainSize) + StoredGrain.AdlerSize);

    private readonly DiskImage _source;
    private readonly EncodeOptions _options;
    private readonly IDeflatedBlocks? _blocks;
    private readonly ThreadLocal<(ClusterCompressor Compressor, byte[] Data)> _thread = new(() => (ClusterCompressor.Create(Compression.Zlib)!, new byte[ChunkSize]), trackAllValues: true);

    public StreamGrainPacker(DiskImage source, EncodeOptions options)
    {
        (_source, _options) = (source, options);
        _blocks = source.DeflatedBlocks is { BlockSize: GrainSize } blocks ? blocks : null;
    }

    public bool WantsDigest => _options.Checksums.HasFlag(ChecksumKinds.Content) && (_options.Verify || _blocks is null);

    public PackedGrains Pack(long offset)
    {
        var packed = new PackedGrains { Buffer = new SharedBuffer(ChunkSize / GrainSize * MaxStored) };
        var length = (int)Math.Min(ChunkSize, _source.Length - offset);
        var data = _thread.Value.Data;
        for (var at = 0; at < length; at += GrainSize)
        {
            var content = data.AsSpan(at, GrainSize);
            if (!HandOn(packed, offset + at, content))
                Store(packed, offset + at, content, Math.Min(GrainSize, length - at));
        }

        if (WantsDigest)
            packed.Hashes = ContentDigest.HashBlocks(data.AsSpan(0, length));
        return packed;
    }

    public void Dispose()
    {
        foreach (var (compressor, _) in _thread.Values)
            compressor.Dispose();
        _thread.Dispose();
    }

    /// <summary>Blocks without an Adler-32 come from formats that do not say where the stream ends; these are compressed anew.</summary>
    private bool HandOn(PackedGrains packed, long offset, Span<byte> content)
    {
        if (_blocks is null || offset + GrainSize > _source.Length || !_blocks.TryGet(offset, out var block)
            || block.Adler32 is not { } adler || block.Length > StoredDeflate.SizeFor(GrainSize))
            return false;
        var stream = packed.Buffer.Span(packed.Length + StoredGrain.MarkerSize + StoredGrain.ZlibHeaderSize, block.Length);
        PassThrough.Read(block, stream, _options.Verify ? content : default, offset);
        packed.PassedThrough++;
        Close(packed, offset, block.Length, adler, GrainSize);
        return true;
    }

    private void Store(PackedGrains packed, long offset, Span<byte> content, int length)
    {
        SourceScan.ReadChunk(_source, offset, content.Slice(0, length));
        content.Slice(length).Clear();
        if (Zeros.AreAll(content))
            return;
        var at = packed.Length + StoredGrain.MarkerSize + StoredGrain.ZlibHeaderSize;
        var size = _thread.Value.Compressor.Compress(content, packed.Buffer.Bytes, at);
        if (size < 0)
            size = StoredDeflate.Write(content, packed.Buffer.Span(at, StoredDeflate.SizeFor(GrainSize)));
        Close(packed, offset, size, Adler32.Compute(content), length);
    }

    /// <summary>Puts marker, zlib header, Adler-32 and padding around a stream that is in place.</summary>
    private static void Close(PackedGrains packed, long offset, int size, uint adler, int dataBytes)
    {
        var whole = StoredGrain.MarkerSize + StoredGrain.ZlibHeaderSize + size + StoredGrain.AdlerSize;
        var bytes = packed.Buffer.Span(packed.Length, Padded(whole));
        BinaryPrimitives.WriteInt64LittleEndian(bytes, offset / VmdkFormat.SectorSize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.Slice(8), StoredGrain.ZlibHeaderSize + size + StoredGrain.AdlerSize);
        // RFC 1950: deflate with a window of 32 KiB, default level.
        bytes[StoredGrain.MarkerSize] = 0x78;
        bytes[StoredGrain.MarkerSize + 1] = 0x9C;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.Slice(whole - StoredGrain.AdlerSize), adler);
        bytes.Slice(whole).Clear();
        packed.Places.Add((offset / GrainSize, packed.Length));
        packed.Length += bytes.Length;
        packed.DataBytes += dataBytes;
    }

    private static int Padded(int size) => (size + VmdkFormat.SectorSize - 1) / VmdkFormat.SectorSize * VmdkFormat.SectorSize;
}
