using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Disks.Raw;

namespace OsMigrate.OpenStack.Images;

/// <summary>A disk on its way to Glance: format, exact size, and the bytes, made while they are sent and as often as needed. No file is written.</summary>
public sealed class OutgoingImage
{
    private readonly Func<Sink, CancellationToken, EncodeResult?> _write;

    private OutgoingImage(string formatName, long sizeBytes, string sourceName, long virtualSizeBytes, Func<Sink, CancellationToken, EncodeResult?> write)
        => (FormatName, SizeBytes, SourceName, VirtualSizeBytes, _write) = (formatName, sizeBytes, sourceName, virtualSizeBytes, write);

    /// <summary>Glance's disk_format.</summary>
    public string FormatName { get; }

    /// <summary>Exact number of bytes on the wire.</summary>
    public long SizeBytes { get; }

    public string SourceName { get; }

    public long VirtualSizeBytes { get; }

    /// <summary>True when the file is sent byte for byte.</summary>
    public bool IsAsIs { get; private init; }

    /// <summary>Plans what is sent for a disk. Nothing is sent.</summary>
    /// <param name="file">The disk's own file when it is one file, to be sent as it is where that will do; null otherwise.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>: the format cannot be made on the way.</exception>
    public static OutgoingImage Plan(DiskImage disk, DiskFormat format, EncodeOptions options, ByteStore? file = null)
    {
        if (file is not null && disk.Format == format && options.Compression == Compression.AsIs && TravelsAsIs(disk))
            return AsIs(disk, file, options.Progress);
        if (format == Qcow2Format.Instance)
        {
            var plan = Qcow2Plan.For(disk, options);
            return new OutgoingImage(format.Name, plan.SizeBytes, disk.Name, disk.Length, (sink, _) => plan.Write(sink));
        }

        if (format == RawFormat.Instance)
            return new OutgoingImage(format.Name, disk.Length, disk.Name, disk.Length, (sink, cancel) => format.Encode(disk, sink, options with { Cancel = cancel }));
        throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.NotSupported, $"'{disk.Name}' cannot be sent as {format.Name}: on the way to Glance only qcow2 and raw are made. A file that has the format already is sent as it is.", disk.Name);
    }

    /// <summary>Writes all bytes, in order.</summary>
    /// <returns>What the encoder did; null for a file sent as it is.</returns>
    public EncodeResult? Write(Sink target, CancellationToken cancel) => _write(target, cancel);

    /// <summary>Glance and Nova refuse what needs other files, and extended L2 entries; a marked image needs repair first.</summary>
    private static bool TravelsAsIs(DiskImage disk)
        => disk.Info is { ParentName: null, ExtentNames.Count: 0 } && !disk.Info.Features.Any(f => f is "extended-l2" or "data-file" or "corrupt" or "dirty")
           && disk.Info.Subformat is not ("monolithicFlat" or "twoGbMaxExtentFlat" or "twoGbMaxExtentSparse" or "vmfs" or "vmfsSparse" or "seSparse");

    private static OutgoingImage AsIs(DiskImage disk, ByteStore file, IProgress<CopyProgress>? progress)
        => new(disk.Format.Name, file.Length, disk.Name, disk.Length, (sink, cancel) =>
        {
            var meter = new ProgressMeter(progress, file.Length);
            var buffer = new byte[1 << 20];
            for (var offset = 0L; offset < file.Length;)
            {
                cancel.ThrowIfCancellationRequested();
                var n = (int)Math.Min(buffer.Length, file.Length - offset);
                file.Read(offset, buffer.AsSpan(0, n));
                sink.Append(buffer.AsSpan(0, n));
                offset += n;
                meter.Advance(offset, n);
            }

            meter.Finish();
            return null;
        }) { IsAsIs = true };
}
