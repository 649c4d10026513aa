using System.Diagnostics;
using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Images;

/// <summary>How content gets into Glance.</summary>
public enum ImageImportMethod
{
    /// <summary>One PUT into the image.</summary>
    Upload,

    /// <summary>A PUT into Glance's staging area, and an import from there ("glance-direct").</summary>
    GlanceDirect,
}

/// <summary>How an upload is done.</summary>
public sealed record ImageUploadOptions
{
    public ImageImportMethod Method { get; init; }

    /// <summary>Most bytes per second; null for no limit.</summary>
    public long? BandwidthLimit { get; init; }

    /// <summary>Longest time to wait for Glance to finish once everything is sent.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>What an upload did.</summary>
/// <param name="Image">As Glance has it in the end.</param>
/// <param name="Sums">Checksums of what was sent, lower-case hex: MD5, SHA-256, SHA-512.</param>
/// <param name="Encoded">What the encoder did; null for a file sent as it is.</param>
/// <param name="VerifiedBy">Algorithm whose value Glance and we computed alike; null when Glance gave none that we know.</param>
/// <param name="Attempts">1 when nothing went wrong.</param>
public sealed record UploadedImage(Image Image, IReadOnlyDictionary<HashAlgorithmName, string> Sums, EncodeResult? Encoded, string? VerifiedBy, int Attempts, TimeSpan Duration);

/// <summary>Sends a disk to Glance, proves that it arrived whole, and leaves nothing behind when it does not.</summary>
public sealed class ImageUpload(CloudSession session, ImageUploadOptions options)
{
    private const int MaxAttempts = 3;
    private static readonly HashAlgorithmName[] Algorithms = [HashAlgorithmName.MD5, HashAlgorithmName.SHA256, HashAlgorithmName.SHA512];

    // A token must still be good when the last byte is in: Glance saves the image with it. 20 MB/s is a slow line for a data centre.
    private const double SlowBytesPerSecond = 20e6;
    private static readonly TimeSpan LeastTokenLife = TimeSpan.FromMinutes(30);

    private readonly ImagesClient _images = new(session);
    private HashingSink? _lastHashes;
    private EncodeResult? _encoded;

    // A broken image may have to be replaced by one with another id.
    private string _present = "";
    private Func<string> _nextId = static () => "";

    /// <summary>Called when all bytes are made: what it throws gives the upload up, and the image is deleted.</summary>
    public Action? BeforeEnd { get; init; }

    /// <summary>Makes the image and sends it; an image of the first id that an earlier run left is taken over.</summary>
    /// <param name="nextId">Gives the id for each image that has to be made (a broken one may have to be replaced); null to choose freely.</param>
    /// <exception cref="OsMigrateException">It failed; what was made of the image is deleted again.</exception>
    public UploadedImage Run(OutgoingImage outgoing, ImageRequest request, CancellationToken cancel, Func<string>? nextId = null)
    {
        _nextId = nextId ?? (static () => Guid.NewGuid().ToString("D"));
        _present = _nextId();
        try
        {
            return TakeOver(outgoing, request, cancel) ?? Send(outgoing, request, _images.Get(_present, cancel) ?? Begin(request, cancel), cancel);
        }
        catch
        {
            Discard(_present);
            throw;
        }
        finally
        {
            _lastHashes?.Dispose();
        }
    }

    /// <summary>Looks for what an earlier run left under the id.</summary>
    /// <returns>The image when it is all there and its checksum is that of what would be sent; null when it has to be sent.</returns>
    private UploadedImage? TakeOver(OutgoingImage outgoing, ImageRequest request, CancellationToken cancel)
    {
        if (_images.Get(_present, cancel) is not { } left)
            return null;
        var clock = Stopwatch.StartNew();
        // Glance may not have noticed yet that the other end is gone.
        for (var i = 0; i < 30 && left.Status is "saving" or "uploading" or "importing"; i++)
        {
            cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
            cancel.ThrowIfCancellationRequested();
            left = _images.Get(_present, cancel) ?? left with { Status = "deleted" };
        }

        if (left.Status == "queued")
            return null;
        if (left.Status == "active" && left.SizeBytes == outgoing.SizeBytes)
        {
            using var nowhere = new CountingSink(0);
            _lastHashes = new HashingSink(nowhere, Algorithms);
            _encoded = outgoing.Write(_lastHashes, cancel);
            BeforeEnd?.Invoke();
            var sums = _lastHashes.Finish();
            return new UploadedImage(left, sums, _encoded, Verify(left, sums), 1, clock.Elapsed);
        }

        Replace(request, cancel);
        return null;
    }

    private UploadedImage Send(OutgoingImage outgoing, ImageRequest request, Image image, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Transfer(outgoing, image, cancel);
                if (options.Method == ImageImportMethod.GlanceDirect)
                    _images.Import(image.Id, "glance-direct", null, request.Stores, cancel);
                return Finish(image, attempt, clock, cancel);
            }
            catch (OsMigrateException e) when (attempt < MaxAttempts && IsPassing(e))
            {
                session.Note($"The upload of '{image.Name}' broke: {e.Message}");
                cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(attempt * 2));
                cancel.ThrowIfCancellationRequested();
                if (Arrived(image, cancel))
                    return Finish(image, attempt, clock, cancel);
                image = Anew(image, request, cancel);
            }
        }
    }

    private void Transfer(OutgoingImage outgoing, Image image, CancellationToken cancel)
    {
        var estimate = TimeSpan.FromSeconds(1.5 * outgoing.SizeBytes / Math.Min(SlowBytesPerSecond, options.BandwidthLimit ?? double.MaxValue));
        _images.Upload(image.Id, outgoing.SizeBytes, estimate > LeastTokenLife ? estimate : LeastTokenLife, (stream, stop) =>
        {
            _lastHashes?.Dispose();
            using var wire = new StreamSink(stream, $"the image '{image.Name}'");
            using var limited = new RateLimitedSink(wire, options.BandwidthLimit, stop);
            _lastHashes = new HashingSink(limited, Algorithms);
            _encoded = outgoing.Write(_lastHashes, stop);
            BeforeEnd?.Invoke();
        }, cancel, stage: options.Method == ImageImportMethod.GlanceDirect);
    }

    private UploadedImage Finish(Image image, int attempt, Stopwatch clock, CancellationToken cancel)
    {
        var stored = _images.WaitForActive(image, options.Limit, cancel);
        var sums = _lastHashes!.Finish();
        return new UploadedImage(stored, sums, _encoded, Verify(stored, sums), attempt, clock.Elapsed);
    }

    /// <summary>True when all is there and only the answer was lost.</summary>
    private bool Arrived(Image image, CancellationToken cancel)
        => _images.Get(image.Id, cancel) is { Status: "active" or "importing" };

    /// <summary>Glance puts a broken upload back to queued; an image that hangs in another state is replaced.</summary>
    private Image Anew(Image image, ImageRequest request, CancellationToken cancel)
    {
        if (_images.Get(image.Id, cancel) is { Status: "queued" } again)
            return again;
        return Replace(request, cancel);
    }

    private Image Begin(ImageRequest request, CancellationToken cancel)
    {
        try
        {
            return _images.Create(request, cancel, _present);
        }
        catch (CloudException e) when (e.Status == 409)
        {
            // The id was used by an image that was deleted since: an earlier run that was stopped.
            return Replace(request, cancel);
        }
    }

    private Image Replace(ImageRequest request, CancellationToken cancel)
    {
        _images.Delete(_present, cancel);
        // Glance never gives an id out twice.
        _present = _nextId();
        return _images.Create(request, cancel, _present);
    }

    private static bool IsPassing(OsMigrateException e)
        => e.ErrorId is ErrorIds.NetInterrupted or ErrorIds.NetTimeout or ErrorIds.NetUnreachable or ErrorIds.CloudUnavailable or ErrorIds.CloudUnauthorized
           || e is CloudException { Status: 410 };

    private static string? Verify(Image stored, IReadOnlyDictionary<HashAlgorithmName, string> sums)
    {
        foreach (var (name, value) in new[] { (stored.HashAlgorithm, stored.HashValue), ("md5", stored.Checksum) })
        {
            var known = sums.FirstOrDefault(s => string.Equals(s.Key.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
            if (known is null || value is null)
                continue;
            if (!string.Equals(known, value, StringComparison.OrdinalIgnoreCase))
                throw new OsMigrateException(ErrorIds.CloudChecksum, ErrorKind.IntegrityFailure, $"Glance stored something else than was sent as '{stored.Name}': its {name} is {value}, that of what was sent {known}.", stored.Id);
            return name;
        }

        return null;
    }

    /// <summary>Not cancelled with the rest: cleaning up after Ctrl+C is the point.</summary>
    private void Discard(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            _images.Delete(id, limit.Token);
        }
        catch (Exception e) when (e is OsMigrateException or OperationCanceledException)
        {
            session.Note($"The unfinished image {id} could not be deleted: {e.Message}");
        }
    }
}
