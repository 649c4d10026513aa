using System.Security.Cryptography;
using OsMigrate.Bytes;

namespace OsMigrate.VSphere.Export;

/// <summary>A disk of a lease on its way into a file: summed up while it comes, compared with the host's manifest at the end.</summary>
internal sealed class LeaseDownload : IDisposable
{
    private readonly string _partial;
    private readonly string _path;
    private readonly FileStream _file;
    private IncrementalHash _sha1;
    private IncrementalHash _sha256;

    /// <exception cref="OsMigrateException">The file cannot be made.</exception>
    public LeaseDownload(string path)
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

        (_sha1, _sha256) = (NewSha1(), IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
    }

    public long Length { get; private set; }

    /// <summary>Lower-case hex digits; known after <see cref="Complete"/>.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>"sha1" when the host's own sum agreed; null when it gave none.</summary>
    public string? VerifiedBy { get; private set; }

    /// <summary>What came so far is void.</summary>
    public void Begin()
    {
        Try(() => _file.SetLength(0));
        _sha1.Dispose();
        _sha256.Dispose();
        (_sha1, _sha256, Length) = (NewSha1(), IncrementalHash.CreateHash(HashAlgorithmName.SHA256), 0);
    }

    public void Take(byte[] buffer, int count)
    {
        _sha1.AppendData(buffer, 0, count);
        _sha256.AppendData(buffer, 0, count);
        Try(() => _file.Write(buffer, 0, count));
        Length += count;
    }

    /// <summary>Compares with what the host says it sent, and gives the file its name.</summary>
    /// <param name="sent">Null when the host gives no sums.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereChecksum"/>.</exception>
    public void Complete(LeaseManifestEntry? sent)
    {
        var sha1 = Hex.Lower(_sha1.GetHashAndReset());
        Sha256 = Hex.Lower(_sha256.GetHashAndReset());
        if (sent is not null)
            Compare(sent, sha1);
        Try(() =>
        {
            _file.Flush(flushToDisk: true);
            _file.Dispose();
            if (File.Exists(_path))
                File.Delete(_path);
            File.Move(_partial, _path);
        });
    }

    public void Dispose()
    {
        _file.Dispose();
        _sha1.Dispose();
        _sha256.Dispose();
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

    private void Compare(LeaseManifestEntry sent, string sha1)
    {
        if (sent.SizeBytes is > 0 && sent.SizeBytes != Length)
            throw Differs($"{Length} bytes arrived, the host sent {sent.SizeBytes}");
        if ((sent.Sha1 ?? (Is(sent, "sha1") ? sent.Checksum : null)) is { } one)
            Agree("sha1", one, sha1);
        if (Is(sent, "sha256") && sent.Checksum is { } two)
            Agree("sha256", two, Sha256);
    }

    private void Agree(string algorithm, string sent, string found)
    {
        if (sent != found)
            throw Differs($"its {algorithm} is {found}, the host says {sent}");
        VerifiedBy = algorithm;
    }

    private static bool Is(LeaseManifestEntry entry, string algorithm) => string.Equals(entry.ChecksumType?.Replace("-", ""), algorithm, StringComparison.OrdinalIgnoreCase);

    private OsMigrateException Differs(string how) => new(ErrorIds.VSphereChecksum, ErrorKind.IntegrityFailure, $"'{Path.GetFileName(_path)}' did not arrive as it was sent: {how}.", _path);

    // The host's manifest is made with SHA-1; it guards against accidents here, not against an attacker, who is kept out by TLS.
#pragma warning disable CA5350
    private static IncrementalHash NewSha1() => IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350

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
