using System.Security.Cryptography;
using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Files;

/// <summary>Compares files with their manifest entries.</summary>
internal sealed class ManifestCheck(PackageFiles files, IProgress<long>? progress, CancellationToken cancel)
{
    private const int BlockSize = 1 << 20;

    private long _done;

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.ManifestMismatch"/>, <see cref="ErrorIds.MissingMember"/>.</exception>
    public void Verify(ManifestEntry entry)
    {
        using var store = files.Open(entry.Name);
        var found = Hash(store, entry.Algorithm);
        if (!string.Equals(found, entry.Digest, StringComparison.Ordinal))
        {
            throw new OsMigrateException(ErrorIds.ManifestMismatch, ErrorKind.IntegrityFailure,
                $"'{store.Name}' does not match its manifest: the {entry.Algorithm.Name} checksum should be {entry.Digest}, but is {found}.", store.Name)
            {
                Advice = "The file was damaged or changed after the export. Export or download it again.",
            };
        }
    }

    private string Hash(ByteStore store, HashAlgorithmName algorithm)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        var buffer = new byte[(int)Math.Min(BlockSize, Math.Max(1, store.Length))];
        for (long offset = 0; offset < store.Length;)
        {
            cancel.ThrowIfCancellationRequested();
            var n = (int)Math.Min(buffer.Length, store.Length - offset);
            store.Read(offset, buffer.AsSpan(0, n));
            hash.AppendData(buffer, 0, n);
            offset += n;
            _done += n;
            progress?.Report(_done);
        }

        return Hex.Lower(hash.GetHashAndReset());
    }
}
