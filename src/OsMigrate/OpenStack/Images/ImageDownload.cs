using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;

namespace OsMigrate.OpenStack.Images;

/// <summary>Brings an image's file here. It gets its name only when it is whole and has the checksum that Glance keeps.</summary>
public sealed class ImageDownload(CloudSession session)
{
    private const int MaxAttempts = 3;

    public IProgress<CopyProgress>? Progress { get; init; }

    /// <summary>A file name for the image: its own name made safe, with the extension of its format.</summary>
    public static string FileName(Image image)
    {
        var name = new string(image.Name.Select(c => char.IsLetterOrDigit(c) || "._- ".IndexOf(c) >= 0 ? c : '_').Take(100).ToArray()).Trim(' ', '.');
        return (name.Length == 0 ? image.Id : name) + "." + (image.DiskFormat is { Length: > 0 } format && format.All(char.IsLetterOrDigit) ? format : "img");
    }

    /// <returns>False when Glance gave no checksum to compare with.</returns>
    /// <exception cref="OsMigrateException">It failed; nothing is left of the file.</exception>
    public bool Run(Image image, string path, bool overwrite, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Once(image, path, overwrite, cancel);
            }
            catch (OsMigrateException e) when (attempt < MaxAttempts && e.ErrorId is ErrorIds.NetInterrupted or ErrorIds.NetTimeout)
            {
                session.Note($"The download of '{image.Name}' broke: {e.Message}");
            }
        }
    }

    private bool Once(Image image, string path, bool overwrite, CancellationToken cancel)
    {
        var algorithm = Algorithm(image.HashAlgorithm) ?? (image.Checksum is null ? null : HashAlgorithmName.MD5);
        var expected = Algorithm(image.HashAlgorithm) is null ? image.Checksum : image.HashValue;
        using var file = FileSink.Create(path, overwrite);
        using var hashing = new HashingSink(file, algorithm is { } one ? [one] : []);
        new ImagesClient(session).Download(image.Id, (stream, _) => Copy(stream, hashing, image, cancel), cancel);
        if (image.SizeBytes is { } size && size != hashing.Position)
            throw new OsMigrateException(ErrorIds.NetInterrupted, ErrorKind.IntegrityFailure, $"The image '{image.Name}' has {size} bytes, {hashing.Position} arrived.", image.Id);
        var sums = hashing.Finish();
        if (algorithm is { } used && !string.Equals(sums[used], expected, StringComparison.OrdinalIgnoreCase))
            throw new OsMigrateException(ErrorIds.CloudChecksum, ErrorKind.IntegrityFailure, $"What arrived of the image '{image.Name}' has the {used.Name} {sums[used]}, but Glance keeps {expected}.", image.Id);
        cancel.ThrowIfCancellationRequested();
        file.Complete(flush: true);
        return algorithm is not null;
    }

    private void Copy(Stream stream, Sink target, Image image, CancellationToken cancel)
    {
        var meter = new ProgressMeter(Progress, image.SizeBytes ?? 0);
        var buffer = new byte[256 << 10];
        for (int n; (n = stream.Read(buffer, 0, buffer.Length)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            target.Append(buffer.AsSpan(0, n));
            meter.Advance(target.Position, n);
        }

        meter.Finish();
    }

    private static HashAlgorithmName? Algorithm(string? name) => name?.ToLowerInvariant() switch
    {
        "sha512" => HashAlgorithmName.SHA512,
        "sha384" => HashAlgorithmName.SHA384,
        "sha256" => HashAlgorithmName.SHA256,
        "sha1" => HashAlgorithmName.SHA1,
        "md5" => HashAlgorithmName.MD5,
        _ => null,
    };
}
