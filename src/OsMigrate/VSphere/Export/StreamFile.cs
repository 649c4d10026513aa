using OsMigrate.Bytes;

namespace OsMigrate.VSphere.Export;

/// <summary>A disk's stream, stored as it comes.</summary>
internal sealed class StreamFile : ILeaseTarget
{
    private readonly string _partial;
    private readonly string _path;
    private readonly FileStream _file;

    /// <exception cref="OsMigrateException">The file cannot be made.</exception>
    public StreamFile(string path)
    {
        (_path, _partial) = (path, path + FileSink.PartialSuffix);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _file = new FileStream(_partial, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, _partial, "create");
        }
    }

    public long? Passed => null;

    public void Begin() => Try(() => _file.SetLength(0));

    public void Take(byte[] buffer, int count) => Try(() => _file.Write(buffer, 0, count));

    public void End()
    {
    }

    public void Complete() => Try(() =>
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        if (File.Exists(_path))
            File.Delete(_path);
        File.Move(_partial, _path);
    });

    public void Dispose()
    {
        _file.Dispose();
        try
        {
            File.Delete(_partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Found and replaced by the next attempt.
            _ = e;
        }
    }

    // Faults of the disk must not be taken for faults of the connection, which would be tried again.
    private void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, _partial, "write");
        }
    }
}
