using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OsMigrate.Bytes;

/// <summary>A file on disk. Opened for reading it is never written; holes are reported as zero extents where the system tells.</summary>
public sealed class FileStore : ByteStore
{
    private readonly FileStream _file;
    private readonly SafeFileHandle _handle;
    private readonly SparseMap _holes;
    private long _length;
#if NETSTANDARD2_0
    private readonly object _seekAndRead = new();
#endif

    private FileStore(FileStream file, string path, bool writable)
    {
        _file = file;
        _handle = file.SafeFileHandle;
        _holes = new SparseMap(_handle);
        Path = path;
        _length = file.Length;
        CanWrite = writable;
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    public override long Length => Volatile.Read(ref _length);

    public override string Name => Path;

    public override bool CanWrite { get; }

    /// <summary>Opens an existing regular file for reading.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.FileNotFound"/>, <see cref="ErrorIds.FileAccess"/>.</exception>
    public static FileStore OpenRead(string path) => Open(path, writable: false);

    /// <summary>Opens an existing file for reading and writing in place.</summary>
    public static FileStore OpenWrite(string path) => Open(path, writable: true);

    private static FileStore Open(string path, bool writable)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            // Other readers are let in while we read, writers are not: a source that changes under a copy is a broken copy.
            var file = new FileStream(full, FileMode.Open, writable ? FileAccess.ReadWrite : FileAccess.Read, FileShare.Read, 1);
            return new FileStore(file, full, writable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw FileErrors.Map(e, full, "open");
        }
    }

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        try
        {
            while (buffer.Length > 0)
            {
                var n = ReadSome(offset, buffer);
                if (n <= 0)
                    throw new InvalidImageException(ErrorIds.Truncated, Name, offset, "the file became shorter while it was read");
                offset += n;
                buffer = buffer.Slice(n);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, Path, "read");
        }
    }

    public override void Write(long offset, ReadOnlySpan<byte> data)
    {
        if (!CanWrite)
            base.Write(offset, data);
        CheckRange(offset, data.Length);
        try
        {
            WriteAll(offset, data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, Path, "write");
        }
    }

    /// <summary>Makes the file longer, by zeros, or shorter.</summary>
    public void SetLength(long length)
    {
        try
        {
            _file.SetLength(length);
            Volatile.Write(ref _length, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, Path, "change the length of");
        }
    }

    /// <summary>Returns when all that was written is on the medium, not in a cache.</summary>
    public void Flush()
    {
        try
        {
            _file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, Path, "write");
        }
    }

    public override Extent NextExtent(long offset) => _holes.Next(offset, Length);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
    }

#if NETSTANDARD2_0
    private int ReadSome(long offset, Span<byte> buffer)
    {
        var array = System.Buffers.ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length, 1 << 20));
        try
        {
            int n;
            lock (_seekAndRead)
            {
                _file.Position = offset;
                n = _file.Read(array, 0, Math.Min(buffer.Length, array.Length));
            }

            array.AsSpan(0, n).CopyTo(buffer);
            return n;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void WriteAll(long offset, ReadOnlySpan<byte> data)
    {
        lock (_seekAndRead)
        {
            _file.Position = offset;
            var array = data.ToArray();
            _file.Write(array, 0, array.Length);
            _file.Flush();
        }
    }
#else
    private int ReadSome(long offset, Span<byte> buffer) => RandomAccess.Read(_handle, buffer, offset);

    private void WriteAll(long offset, ReadOnlySpan<byte> data) => RandomAccess.Write(_handle, data, offset);
#endif
}
