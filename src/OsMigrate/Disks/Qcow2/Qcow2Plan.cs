using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Disks.Qcow2;

/// <summary>A QCOW2 whose every byte has its place before the first is written: it can be streamed, and its size announced.</summary>
/// <remarks>Valid as long as the source does not change.</remarks>
public sealed class Qcow2Plan
{
    private readonly DiskImage _source;
    private readonly Qcow2Geometry _geometry;
    private readonly EncodeOptions _options;
    private readonly Qcow2Writer _planned;

    internal Qcow2Plan(DiskImage source, Qcow2Geometry geometry, EncodeOptions options, Qcow2Writer planned, long sizeBytes)
        => (_source, _geometry, _options, _planned, SizeBytes) = (source, geometry, options, planned, sizeBytes);

    /// <summary>Exact size of the file in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>Plans a QCOW2 of this disk.</summary>
    public static Qcow2Plan For(DiskImage source, EncodeOptions options) => Qcow2Encoder.Plan(source, options);

    /// <summary>Writes the file, strictly in order. May be repeated, for example after a cut connection.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.WriteVerification"/>: the source is not what it was when the plan was made.</exception>
    public EncodeResult Write(Sink target)
    {
        var start = target.Position;
        if (start != 0)
            throw new ArgumentException("A QCOW2 starts at the beginning of its sink.", nameof(target));
        _planned.WriteFront(Qcow2Encoder.Header(_geometry, _options), (offset, bytes) => target.Append(bytes));
        var writer = new Qcow2Writer(_geometry, target);
        var result = Qcow2Encoder.WriteBody(_source, _geometry, writer, target, _options);
        if (target.Position != SizeBytes || !writer.L1.AsSpan().SequenceEqual(_planned.L1) || !writer.RefcountBlocks.SequenceEqual(_planned.RefcountBlocks))
            throw new OsMigrateException(ErrorIds.WriteVerification, ErrorKind.IntegrityFailure, $"'{_source.Name}' changed while it was being copied: the image that was announced can no longer be made from it.", _source.Name);
        return result;
    }
}
