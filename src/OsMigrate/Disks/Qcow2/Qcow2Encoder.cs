using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Writes a QCOW2 version 3: plain, zlib or zstd clusters, deflated blocks of the source handed on as they are.</summary>
/// <remarks>
/// To a sink that can be patched the body is written first and the front last. Any other sink needs the front first, so the layout is planned by a
/// run that only counts; that run is cheap when the source's blocks are handed on, and costs one more reading (and compressing) of the rest.
/// Never extended_l2, which Glance refuses.
/// </remarks>
internal static class Qcow2Encoder
{
    public static EncodeResult Encode(DiskImage source, Sink target, EncodeOptions options)
    {
        var geometry = Geometry(source, options);
        // Handing on is planned for a file too: planning costs next to nothing then, and the file's checksums can be taken as it is written.
        if (target.CanPatch && Qcow2ChunkEncoder.PassThrough(source.DeflatedBlocks, geometry.ClusterSize, options.Compression) is null)
            return WriteThenPatch(source, geometry, target, options);
        return Plan(source, options).Write(target);
    }

    /// <summary>Fixes the whole layout before the first byte: exact size, place of every table.</summary>
    public static Qcow2Plan Plan(DiskImage source, EncodeOptions options)
    {
        var geometry = Geometry(source, options);
        using var counting = new CountingSink(geometry.DataOffset);
        var writer = new Qcow2Writer(geometry, counting);
        Run(source, geometry, writer, options, planOnly: true, meter: null, static _ => { });
        return new Qcow2Plan(source, geometry, options, writer, counting.Position);
    }

    internal static EncodeResult WriteBody(DiskImage source, Qcow2Geometry geometry, Qcow2Writer writer, Sink target, EncodeOptions options)
    {
        long data = 0, passedThrough = 0;
        using var digest = new ContentDigest();
        var meter = new ProgressMeter(options.Progress, source.Length);
        var digested = Run(source, geometry, writer, options, planOnly: false, meter, chunk =>
        {
            data += chunk.DataBytes;
            passedThrough += chunk.PassedThrough;
        }, digest);
        meter.Finish();
        return new EncodeResult
        {
            FileSizeBytes = target.Position,
            VirtualSizeBytes = source.Length,
            DataSizeBytes = data,
            PassedThroughBlocks = passedThrough,
            ContentDigest = digested ? digest.Finish(source.Length) : null,
        };
    }

    internal static Qcow2Header Header(Qcow2Geometry geometry, EncodeOptions options)
        => Qcow2Header.ForWriting(geometry, zstd: options.Compression == Compression.Zstd);

    private static EncodeResult WriteThenPatch(DiskImage source, Qcow2Geometry geometry, Sink target, EncodeOptions options)
    {
        target.ExpectPatches();
        target.AppendZeros(geometry.DataOffset);
        var writer = new Qcow2Writer(geometry, target);
        var result = WriteBody(source, geometry, writer, target, options);
        writer.WriteFront(Header(geometry, options), (offset, bytes) => target.Patch(offset, bytes));
        return result;
    }

    private static bool Run(
        DiskImage source,
        Qcow2Geometry geometry,
        Qcow2Writer writer,
        EncodeOptions options,
        bool planOnly,
        ProgressMeter? meter,
        Action<Qcow2Chunk> seen,
        ContentDigest? digest = null)
    {
        var blocks = Qcow2ChunkEncoder.PassThrough(source.DeflatedBlocks, geometry.ClusterSize, options.Compression);
        using var encoder = new Qcow2ChunkEncoder(geometry, options, blocks is not null, planOnly);
        OrderedPipeline.Run(
            SourceScan.DataChunks(source, encoder.ChunkSize),
            offset => encoder.Encode(source, blocks, offset),
            (offset, chunk) =>
            {
                writer.Add(chunk);
                if (chunk.Hashes is { } hashes)
                    digest?.Add(offset, hashes);
                seen(chunk);
                meter?.Advance(offset + encoder.ChunkSize, chunk.DataBytes);
                Qcow2ChunkEncoder.Return(chunk);
            },
            options.Workers,
            options.Cancel);
        writer.Finish();
        return encoder.WantsDigest;
    }

    private static Qcow2Geometry Geometry(DiskImage source, EncodeOptions options)
    {
        if (options.Subformat is not (null or "v3"))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"QCOW2 is written as v3, not as '{options.Subformat}'.");
        return new Qcow2Geometry(source.Length, options.ClusterSizeBytes ?? ChooseClusterSize(source));
    }

    /// <summary>The size of the source's deflated blocks where there are any, so that they can be handed on; else the format's default.</summary>
    private static int ChooseClusterSize(DiskImage source)
        => source.DeflatedBlocks is { } blocks && Qcow2Geometry.SuitsBlocks(blocks.BlockSize) ? blocks.BlockSize : Qcow2Geometry.DefaultClusterSize;
}
