using System.Diagnostics;
using System.Security.Cryptography;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Copying;

/// <summary>Copies a disk into a new image file of another (or the same) format.</summary>
/// <remarks>The source is only read. The target appears under its final name only when it is whole.</remarks>
public static class DiskConversion
{
    /// <summary>Runs the conversion.</summary>
    /// <param name="beforeRename">Called when all bytes are written and before the file gets its name; may throw to give the file up.</param>
    /// <exception cref="OsMigrateException">The source is damaged, the target exists or is the source, the disk is full: nothing is left behind.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: nothing is left behind.</exception>
    public static ConversionResult Run(DiskImage source, string destination, DiskFormat target, EncodeOptions options, bool overwrite, Action? beforeRename = null)
    {
        var clock = Stopwatch.StartNew();
        SourceFiles.RequireOther(source, destination);
        var kinds = Effective(options.Checksums, target);
        using var file = FileSink.Create(destination, overwrite);
        using var hashing = new HashingSink(file, Algorithms(kinds));
        var encoded = target.Encode(source, hashing, options with { Checksums = kinds });
        var sums = hashing.IsValid ? hashing.Finish() : FileDigest.ReadBack(file, Algorithms(kinds), options.Cancel);
        var raw = kinds.HasFlag(ChecksumKinds.RawSha256) ? RawDigest.Compute(source, options.Cancel) : null;
        beforeRename?.Invoke();
        options.Cancel.ThrowIfCancellationRequested();
        file.Complete(options.Flush);
        return new ConversionResult
        {
            Path = file.Path,
            FormatName = target.Name,
            Encoded = encoded,
            Sha256 = sums.TryGetValue(HashAlgorithmName.SHA256, out var sha256) ? sha256 : null,
            Sha512 = sums.TryGetValue(HashAlgorithmName.SHA512, out var sha512) ? sha512 : null,
            RawSha256 = raw,
            Duration = clock.Elapsed,
        };
    }

    /// <summary>A raw file is as long as its disk, holes included: hashing it takes hours for an empty 8 TiB disk, so that is done only when asked for by name.</summary>
    private static ChecksumKinds Effective(ChecksumKinds asked, DiskFormat target)
        => asked == ChecksumKinds.Default && target == Raw.RawFormat.Instance ? ChecksumKinds.Content : asked;

    private static HashAlgorithmName[] Algorithms(ChecksumKinds kinds)
    {
        var algorithms = new List<HashAlgorithmName>();
        if (kinds.HasFlag(ChecksumKinds.Sha256))
            algorithms.Add(HashAlgorithmName.SHA256);
        if (kinds.HasFlag(ChecksumKinds.Sha512))
            algorithms.Add(HashAlgorithmName.SHA512);
        return [.. algorithms];
    }
}

/// <summary>What a conversion made. Checksums in lower-case hex, null when not computed.</summary>
public sealed record ConversionResult
{
    public required string Path { get; init; }

    /// <summary>Glance's word for the format.</summary>
    public required string FormatName { get; init; }

    public required EncodeResult Encoded { get; init; }

    /// <summary>SHA-256 of the written file.</summary>
    public string? Sha256 { get; init; }

    /// <summary>SHA-512 of the written file.</summary>
    public string? Sha512 { get; init; }

    /// <summary>SHA-256 of every byte of the disk, holes included.</summary>
    public string? RawSha256 { get; init; }

    public TimeSpan Duration { get; init; }
}
