using System.Security.Cryptography;
using OsMigrate.Bytes;

namespace OsMigrate.Net;

/// <summary>A file that grows under <c>NAME.partial</c> and may be left like that, to go on another day.</summary>
internal sealed class PartialFile : IDisposable
{
    private readonly FileStream _file;
    private readonly string _path;
    private readonly string _partial;

    private PartialFile(FileStream file, string path, string partial) => (_file, _path, _partial) = (file, path, partial);

    public long Length => _file.Length;

    /// <summary>Opens what is there, or begins a new one. Another process that downloads the same file is kept out.</summary>
    public static PartialFile Open(string path)
    {
        var partial = path + FileSink.PartialSuffix;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new PartialFile(new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1 << 16), path, partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw FileErrors.Map(e, partial, "open");
        }
    }

    public void Append(byte[] buffer, int count) => Try("write", () =>
    {
        _file.Position = _file.Length;
        _file.Write(buffer, 0, count);
    });

    /// <summary>Throws away everything from that byte on.</summary>
    public void Cut(long length) => Try("write", () => _file.SetLength(length));

    /// <summary>SHA-256 of what is there, in small letters.</summary>
    public string Sum(CancellationToken cancel)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        Try("read back", () =>
        {
            _file.Flush();
            _file.Position = 0;
            for (int n; (n = _file.Read(buffer, 0, buffer.Length)) > 0;)
            {
                cancel.ThrowIfCancellationRequested();
                sum.AppendData(buffer, 0, n);
            }
        });
        return Hex.Lower(sum.GetHashAndReset());
    }

    /// <summary>Gives the file its name, in the place of one that is there.</summary>
    public void Complete() => Try("finish", () =>
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        if (File.Exists(_path))
            File.Delete(_path);
        File.Move(_partial, _path);
    });

    /// <summary>Removes it.</summary>
    public void Discard() => Try("delete", () =>
    {
        _file.Dispose();
        File.Delete(_partial);
        File.Delete(_path + FileSink.PartialSuffix + DownloadRecord.Suffix);
    });

    public void Dispose() => _file.Dispose();

    // Faults of the disk must not be taken for faults of the connection, which would be tried again.
    private void Try(string verb, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, _partial, verb);
        }
    }
}
