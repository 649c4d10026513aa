using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Module.Output;

/// <summary>What <c>Convert-DiskImage</c> made. Sizes in bytes, checksums in lower-case hex; the text properties are for people.</summary>
public sealed class DiskConversionResult
{
    internal DiskConversionResult(string sourcePath, string sourceFormat, ConversionResult result)
        => (SourcePath, SourceFormat, Path, DiskFormat, Duration, FileSizeBytes, VirtualSizeBytes, DataSizeBytes, PassedThroughBlocks, Sha256, Sha512, ContentDigest, RawSha256)
            = (sourcePath, sourceFormat, result.Path, result.FormatName, result.Duration, result.Encoded.FileSizeBytes, result.Encoded.VirtualSizeBytes,
                result.Encoded.DataSizeBytes, result.Encoded.PassedThroughBlocks, result.Sha256, result.Sha512, result.Encoded.ContentDigest, result.RawSha256);

    public string SourcePath { get; }

    /// <summary>Format of the source, with its variant.</summary>
    public string SourceFormat { get; }

    /// <summary>Full path of the written image; binds to -Path of the other cmdlets.</summary>
    public string Path { get; }

    /// <summary>Glance's word for the written format.</summary>
    public string DiskFormat { get; }

    public long VirtualSizeBytes { get; }

    public long FileSizeBytes { get; }

    /// <summary>Content bytes stored, zeros left out.</summary>
    public long DataSizeBytes { get; }

    /// <summary>Compressed blocks that were handed on as they are.</summary>
    public long PassedThroughBlocks { get; }

    /// <summary>SHA-256 of the written file; null when not computed.</summary>
    public string? Sha256 { get; }

    /// <summary>SHA-512 of the written file, Glance's os_hash_value; null when not computed.</summary>
    public string? Sha512 { get; }

    /// <summary>Digest of the disk's content whatever its format; null when not computed.</summary>
    public string? ContentDigest { get; }

    /// <summary>SHA-256 of the raw disk; null when not asked for.</summary>
    public string? RawSha256 { get; }

    public TimeSpan Duration { get; }

    public string VirtualSize => ByteSize.Text(VirtualSizeBytes);

    public string FileSize => ByteSize.Text(FileSizeBytes);

    public string Seconds => Duration.TotalSeconds.ToString("0.0 s", System.Globalization.CultureInfo.InvariantCulture);

    public override string ToString() => Path;
}
