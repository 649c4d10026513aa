using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.OpenStack.Images;

namespace OsMigrate.Module.Output;

/// <summary>An image that was uploaded, and the proof that it arrived whole. Sizes in bytes, checksums in lower-case hex.</summary>
public sealed class SentImage
{
    internal SentImage(string source, OutgoingImage outgoing, UploadedImage sent)
    {
        Source = source;
        Id = sent.Image.Id;
        Name = sent.Image.Name;
        Status = sent.Image.Status;
        DiskFormat = outgoing.FormatName;
        SizeBytes = outgoing.SizeBytes;
        VirtualSizeBytes = outgoing.VirtualSizeBytes;
        Sha256 = sent.Sums[HashAlgorithmName.SHA256];
        Sha512 = sent.Sums[HashAlgorithmName.SHA512];
        Md5 = sent.Sums[HashAlgorithmName.MD5];
        ContentDigest = sent.Encoded?.ContentDigest;
        VerifiedBy = sent.VerifiedBy;
        Attempts = sent.Attempts;
        Duration = sent.Duration;
        Image = sent.Image;
    }

    /// <summary>What was uploaded.</summary>
    public string Source { get; }

    public string Id { get; }

    public string Name { get; }

    public string Status { get; }

    public string DiskFormat { get; }

    public long SizeBytes { get; }

    public string Size => ByteSize.Text(SizeBytes);

    public long VirtualSizeBytes { get; }

    public string VirtualSize => ByteSize.Text(VirtualSizeBytes);

    public string Sha256 { get; }

    public string Sha512 { get; }

    public string Md5 { get; }

    /// <summary>Digest of the disk's content, the same for every format; null for a file that was sent as it is.</summary>
    public string? ContentDigest { get; }

    /// <summary>Algorithm whose value Glance and we computed alike.</summary>
    public string? VerifiedBy { get; }

    /// <summary>1 when nothing went wrong on the way.</summary>
    public int Attempts { get; }

    public TimeSpan Duration { get; }

    /// <summary>Average over the whole upload.</summary>
    public string Rate => ByteSize.Text((long)(SizeBytes / Math.Max(0.001, Duration.TotalSeconds))) + "/s";

    /// <summary>The image as Glance has it.</summary>
    public Image Image { get; }
}
