using System.Buffers.Binary;
using System.IO.Compression;
using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Files;

/// <summary>A gzip'd file (RFC 1952), expanded into a temporary file that goes away with it: gzip cannot be read from the middle.</summary>
internal sealed class GzipSpool : IDisposable
{
    private const int BufferSize = 1 << 20;

    private GzipSpool(string path) => Path = path;

    public string Path { get; }

    public long Length { get; private set; }

    /// <param name="folder">Where to put it; null for the system's temporary folder, in a file that only this user can read.</param>
    /// <param name="maxBytes">More than this is a bomb.</param>
    public static GzipSpool Expand(ByteStore packed, string? folder, long maxBytes, CancellationToken cancel)
    {
        GzipSpool? spool = null;
        try
        {
            spool = new GzipSpool(folder is null ? System.IO.Path.GetTempFileName() : System.IO.Path.Combine(folder, $"osmigrate-{Guid.NewGuid():n}.spool"));
            using (var file = new FileStream(spool.Path, folder is null ? FileMode.Open : FileMode.CreateNew, FileAccess.Write, FileShare.None, 1))
            {
                SparseFile.Mark(file.SafeFileHandle);
                spool.Fill(packed, file, maxBytes, cancel);
            }

            return spool;
        }
        catch (Exception e)
        {
            spool?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw FileErrors.Map(e, spool?.Path ?? folder ?? "the temporary folder", "write");
            throw;
        }
    }

    public ByteStore Open(string name)
    {
        var store = FileStore.OpenRead(Path);
        return new SliceStore(store, 0, store.Length, name, owns: true);
    }

    public void Dispose()
    {
        try
        {
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Still open elsewhere (Windows) or taken away: nothing that could be done about it here.
        }
    }

    private void Fill(ByteStore packed, FileStream file, long maxBytes, CancellationToken cancel)
    {
        var buffer = new byte[BufferSize];
        try
        {
            using var gzip = new GZipStream(new StoreStream(packed), CompressionMode.Decompress);
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                var n = ReadFull(gzip, buffer);
                if (n == 0)
                    break;
                if (n > maxBytes - Length)
                    throw new InvalidImageException(ErrorIds.TooLarge, packed.Name, -1, $"it expands beyond {maxBytes} bytes, more than a disk of the stated capacity needs");
                if (Zeros.AreAll(buffer.AsSpan(0, n)))
                    file.Seek(n, SeekOrigin.Current);
                else
                    file.Write(buffer, 0, n);
                Length += n;
            }
        }
        catch (InvalidDataException e)
        {
            throw new InvalidImageException(ErrorIds.BadCompression, packed.Name, -1, $"its gzip data cannot be expanded after {Length} bytes: {e.Message.TrimEnd('.')}", e);
        }

        file.SetLength(Length);
        CheckTrailer(packed);
    }

    /// <summary>The runtime reads a cut gzip stream without complaint, so the size at its end (RFC 1952, ISIZE) is compared here.</summary>
    private void CheckTrailer(ByteStore packed)
    {
        const int shortest = 18;
        var stated = packed.Length < shortest ? (uint?)null : BinaryPrimitives.ReadUInt32LittleEndian(packed.ReadBytes(packed.Length - 4, 4));
        if (stated != (uint)Length)
            throw new InvalidImageException(ErrorIds.BadCompression, packed.Name, packed.Length, $"its gzip data ends early: {Length} bytes came out, and the trailer does not confirm them");
    }

    private static int ReadFull(Stream stream, byte[] buffer)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var n = stream.Read(buffer, total, buffer.Length - total);
            if (n == 0)
                break;
            total += n;
        }

        return total;
    }
}
