using System.Globalization;
using OsMigrate.Bytes;

namespace OsMigrate.Net;

/// <summary>How a file came to be there.</summary>
public enum DownloadOutcome
{
    /// <summary>It was fetched now, wholly or the rest of it.</summary>
    Downloaded,

    /// <summary>It was there already, and the server has no newer one.</summary>
    UpToDate,

    /// <summary>It was there already; the server could not be asked.</summary>
    NotAsked,
}

/// <summary>A finished download.</summary>
/// <param name="Sha256">In small letters.</param>
public sealed record DownloadedFile(string Path, string Sha256, DownloadOutcome Outcome);

/// <summary>Fetches a file by HTTP: resumes what was begun, asks whether a newer one exists, proves the checksum, and gives the name only to a whole file.</summary>
public sealed class FileDownload(HttpTransport transport)
{
    private const int MaxRedirects = 8;
    private const int MaxFruitless = 2;

    /// <summary>Told of bytes that are there and of bytes in all (null while not known), from the working thread.</summary>
    public Action<long, long?>? Progress { get; init; }

    /// <summary>Told of what happens on the way.</summary>
    public Action<string>? Note { get; init; }

    /// <param name="sha256">What the file must have; null where it is not known.</param>
    /// <param name="overwrite">Replace a file that was not downloaded from this address.</param>
    /// <exception cref="OsMigrateException">It failed. What has arrived stays under NAME.partial and is gone on with next time, except after a wrong checksum.</exception>
    public DownloadedFile Run(Uri address, string path, string? sha256, bool overwrite, CancellationToken cancel)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{full}' is a folder; a file name is needed.", full);
        var known = File.Exists(full) ? DownloadRecord.Read(full) : null;
        var isOurs = known?.Address == address.AbsoluteUri && known.SizeBytes == new FileInfo(full).Length && known.Sha256.Length > 0;
        if (File.Exists(full) && !isOurs && !overwrite)
            throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{full}' exists already and was not downloaded from {address}.", full) { Advice = "Use -Force to replace it." };
        if (isOurs && sha256 is not null && string.Equals(known!.Sha256, sha256, StringComparison.OrdinalIgnoreCase))
            return new DownloadedFile(full, known.Sha256, DownloadOutcome.NotAsked);
        try
        {
            return Fetch(address, full, sha256, isOurs ? known : null, cancel);
        }
        catch (OsMigrateException e) when (isOurs && sha256 is null && e.ErrorId is ErrorIds.NetUnreachable or ErrorIds.NetTimeout)
        {
            Note?.Invoke($"{e.Message} The file of an earlier download is used.");
            return new DownloadedFile(full, known!.Sha256, DownloadOutcome.NotAsked);
        }
    }

    private DownloadedFile Fetch(Uri address, string path, string? sha256, DownloadRecord? known, CancellationToken cancel)
    {
        using var file = PartialFile.Open(path);
        var transfer = new Transfer(file, address, path, known, Progress, cancel);
        var isWhole = false;
        try
        {
            isWhole = Receive(transfer, cancel);
        }
        finally
        {
            // What has begun may be gone on with; nothing need not be kept.
            if (!isWhole && file.Length == 0)
                file.Discard();
        }

        if (!isWhole)
            return new DownloadedFile(path, known!.Sha256, DownloadOutcome.UpToDate);

        var sum = file.Sum(cancel);
        if (sha256 is not null && !string.Equals(sum, sha256, StringComparison.OrdinalIgnoreCase))
        {
            file.Discard();
            throw new OsMigrateException(ErrorIds.NetChecksum, ErrorKind.IntegrityFailure, $"What arrived from {address} has the SHA-256 {sum}, not {sha256.ToLowerInvariant()}.", path) { Advice = "Compare the checksum with what the publisher says. The file was deleted." };
        }

        cancel.ThrowIfCancellationRequested();
        var size = file.Length;
        file.Complete();
        new DownloadRecord(address.AbsoluteUri, transfer.Validator, size, sum).Write(path);
        File.Delete(path + FileSink.PartialSuffix + DownloadRecord.Suffix);
        return new DownloadedFile(path, sum, DownloadOutcome.Downloaded);
    }

    /// <returns>False when the server says that the file at hand is the newest.</returns>
    private bool Receive(Transfer transfer, CancellationToken cancel)
    {
        for (var (redirects, fruitless) = (0, 0); ;)
        {
            var before = transfer.Have;
            try
            {
                var reply = transport.ReceiveOn(transfer.Call, transfer.Take, cancel);
                if (reply.IsSuccess)
                    return true;
                if (reply.Status == 304 && transfer.IsConditional)
                    return false;
                if (transfer.StartsAnew(reply) || (redirects++ < MaxRedirects && transfer.Follow(reply)))
                    continue;
                throw Refused(reply);
            }
            catch (OsMigrateException e) when (e.ErrorId is ErrorIds.NetInterrupted or ErrorIds.NetTimeout && (transfer.Have > before || fruitless++ < MaxFruitless))
            {
                // The transport has tried several times already; as long as something arrives, going on is worth it.
                Note?.Invoke($"{e.Message} Going on at byte {transfer.Have.ToString(CultureInfo.InvariantCulture)}.");
            }
        }
    }

    private static OsMigrateException Refused(HttpReply reply) => reply.Status is 404 or 410
        ? new(ErrorIds.FileNotFound, ErrorKind.NotFound, $"There is no file at {reply.Address} (status {reply.Status}).", reply.Address.ToString())
        : new(ErrorIds.NetBadAnswer, ErrorKind.ResourceUnavailable, $"{reply.Address.Host} answered {reply.Status} to the request for {reply.Address}.", reply.Address.ToString());
}
