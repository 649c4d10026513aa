namespace OsMigrate.Bytes;

/// <summary>Random access to a fixed number of bytes: a file, a slice, a disk's content.</summary>
/// <remarks>
/// Offsets and lengths are bytes. <see cref="Read"/> and <see cref="NextExtent"/> may be called from several threads
/// at once in every implementation; the copy engine relies on it.
/// </remarks>
public abstract class ByteStore : IDisposable
{
    public abstract long Length { get; }

    /// <summary>How to name this store to a user: a file name, or "disk1.vmdk in server.ova".</summary>
    public abstract string Name { get; }

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="offset"/>, wholly, or throws.</summary>
    /// <exception cref="InvalidImageException"><see cref="ErrorIds.Truncated"/>: the range reaches past <see cref="Length"/>.</exception>
    public abstract void Read(long offset, Span<byte> buffer);

    public virtual bool CanWrite => false;

    public virtual void Write(long offset, ReadOnlySpan<byte> data)
        => throw new OsMigrateException(ErrorIds.FileAccess, ErrorKind.PermissionDenied, $"'{Name}' is open for reading only.", Name);

    /// <summary>The longest run of one kind that is cheap to find and starts exactly at <paramref name="offset"/>.</summary>
    /// <remarks>Never empty and never past <see cref="Length"/>. The next run may be of the same kind.</remarks>
    public virtual Extent NextExtent(long offset) => new(offset, Length - offset, ExtentKind.Data);

    /// <summary>Reads <paramref name="count"/> bytes into a new array; the caller has bounded the count.</summary>
    public byte[] ReadBytes(long offset, int count)
    {
        CheckRange(offset, count);
        var bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>Throws unless the range lies within the store. Every reader of a pointer from a file goes through here.</summary>
    protected void CheckRange(long offset, long count)
    {
        if (offset < 0 || count < 0 || offset > Length - count)
            throw new InvalidImageException(ErrorIds.Truncated, Name, offset, $"{count} bytes are needed here, but the file ends at {Length}");
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
