using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;

namespace OsMigrate.VSphere.Export;

/// <summary>A disk's stream, turned into a QCOW2 while it comes.</summary>
/// <param name="name">Of the stream, for errors.</param>
internal sealed class Qcow2File(string path, string name, long capacityBytes, EncodeOptions options) : ILeaseTarget
{
    private FileSink? _sink;
    private ArrivingDisk? _disk;

    public long? Passed => _disk?.Passed ?? 0;

    /// <summary>What was made of the stream; known after <see cref="End"/>.</summary>
    public EncodeResult? Result { get; private set; }

    /// <exception cref="OsMigrateException">The file cannot be made.</exception>
    public void Begin()
    {
        Dispose();
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "create");
        }

        _sink = FileSink.Create(path, overwrite: true);
        _disk = new ArrivingDisk(name, capacityBytes, _sink, options);
    }

    /// <exception cref="InvalidImageException">The stream is damaged, or cannot be taken as it comes.</exception>
    public void Take(byte[] buffer, int count) => _disk!.Take(buffer.AsSpan(0, count));

    /// <exception cref="InvalidImageException">The stream is damaged, or cannot be taken as it comes.</exception>
    public void End() => Result = _disk!.Finish();

    public void Complete() => _sink!.Complete(options.Flush);

    public void Dispose()
    {
        _disk?.Dispose();
        _sink?.Dispose();
        (_disk, _sink) = (null, null);
    }
}
