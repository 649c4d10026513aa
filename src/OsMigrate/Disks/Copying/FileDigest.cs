using System.Security.Cryptography;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Copying;

/// <summary>Checksums of a finished file, read back: for files whose front was written last.</summary>
internal static class FileDigest
{
    /// <exception cref="IOException"/>
    public static string Sha256(string path, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var buffer = new byte[256 << 10];
        for (int n; (n = file.Read(buffer, 0, buffer.Length)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, n);
        }

        return Hex.Lower(hash.GetHashAndReset());
    }

    public static IReadOnlyDictionary<HashAlgorithmName, string> ReadBack(FileSink file, HashAlgorithmName[] algorithms, CancellationToken cancel)
    {
        if (algorithms.Length == 0)
            return new Dictionary<HashAlgorithmName, string>();
        using var nowhere = new CountingSink(0);
        using var hashing = new HashingSink(nowhere, algorithms);
        var buffer = new byte[1 << 20];
        for (var offset = 0L; offset < file.Position;)
        {
            cancel.ThrowIfCancellationRequested();
            var n = file.ReadBack(offset, buffer, buffer.Length);
            if (n <= 0)
            {
                // A hole at the end is not there yet before the length is set.
                hashing.AppendZeros(file.Position - offset);
                break;
            }

            hashing.Append(buffer.AsSpan(0, n));
            offset += n;
        }

        return hashing.Finish();
    }
}

/// <summary>The plain SHA-256 of a disk: what sha256sum says of its raw image. Time follows the virtual size.</summary>
public static class RawDigest
{
    public static string Compute(ByteStore disk, CancellationToken cancel)
    {
        using var nowhere = new CountingSink(0);
        using var hashing = new HashingSink(nowhere, HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (var offset = 0L; offset < disk.Length;)
        {
            cancel.ThrowIfCancellationRequested();
            var extent = disk.NextExtent(offset);
            var n = extent.Kind == ExtentKind.Zero ? Math.Min(extent.Length, 1L << 30) : Math.Min(extent.Length, buffer.Length);
            if (extent.Kind == ExtentKind.Zero)
            {
                hashing.AppendZeros(n);
            }
            else
            {
                disk.Read(offset, buffer.AsSpan(0, (int)n));
                hashing.Append(buffer.AsSpan(0, (int)n));
            }

            offset += n;
        }

        return hashing.Finish()[HashAlgorithmName.SHA256];
    }
}
