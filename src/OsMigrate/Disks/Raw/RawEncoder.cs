using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Disks.Raw;

/// <summary>Writes a raw image in order; runs of zeros become holes.</summary>
internal static class RawEncoder
{
    private const int ChunkSize = 1 << 20;

    // Finer holes would save little and cost much: every hole splits the file's extents and the writes.
    private const int HoleSize = 65536;

    public static EncodeResult Encode(DiskImage source, Sink target, EncodeOptions options)
    {
        if (options.Compression is not (Compression.AsIs or Compression.None))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "A raw image cannot be compressed.");
        var wantsDigest = options.Checksums.HasFlag(ChecksumKinds.Content);
        var meter = new ProgressMeter(options.Progress, source.Length);
        using var digest = new ContentDigest();
        long data = 0;
        OrderedPipeline.Run(
            SourceScan.DataChunks(source, ChunkSize),
            offset =>
            {
                var length = (int)Math.Min(ChunkSize, source.Length - offset);
                var buffer = new SharedBuffer(ChunkSize);
                SourceScan.ReadChunk(source, offset, buffer.Span(0, length));
                return (Buffer: buffer, Length: length, Runs: DataRuns(buffer.Span(0, length)), Hashes: wantsDigest ? ContentDigest.HashBlocks(buffer.Span(0, length)) : (BlockHashes?)null);
            },
            (offset, chunk) =>
            {
                foreach (var (start, length) in chunk.Runs)
                {
                    target.AppendZeros(offset + start - target.Position);
                    target.Append(chunk.Buffer, start, length);
                    data += length;
                }

                if (chunk.Hashes is { } hashes)
                    digest.Add(offset, hashes);
                meter.Advance(offset + chunk.Length, chunk.Length);
                chunk.Buffer.Release();
            },
            options.Workers,
            options.Cancel);
        target.AppendZeros(source.Length - target.Position);
        meter.Finish();
        return new EncodeResult
        {
            FileSizeBytes = target.Position,
            VirtualSizeBytes = source.Length,
            DataSizeBytes = data,
            ContentDigest = wantsDigest ? digest.Finish(source.Length) : null,
        };
    }

    /// <summary>Runs that are not all zero, on a grid of 64 KiB.</summary>
    internal static List<(int Start, int Length)> DataRuns(ReadOnlySpan<byte> data)
    {
        var runs = new List<(int Start, int Length)>();
        var start = -1;
        for (var at = 0; at < data.Length; at += HoleSize)
        {
            var zero = Zeros.AreAll(data.Slice(at, Math.Min(HoleSize, data.Length - at)));
            if (!zero && start < 0)
                start = at;
            if (zero && start >= 0)
            {
                runs.Add((start, at - start));
                start = -1;
            }
        }

        if (start >= 0)
            runs.Add((start, data.Length - start));
        return runs;
    }
}
