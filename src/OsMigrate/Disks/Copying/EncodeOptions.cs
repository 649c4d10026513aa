using OsMigrate.Bytes;

namespace OsMigrate.Disks.Copying;

/// <summary>How blocks are stored in the target.</summary>
public enum Compression
{
    /// <summary>Blocks that are stored deflated stay as they are, all others are stored plain. The default.</summary>
    AsIs,

    /// <summary>Everything plain.</summary>
    None,

    /// <summary>Everything deflated (zlib); blocks that already are stay as they are.</summary>
    Zlib,

    /// <summary>Everything as Zstandard (QCOW2 only); deflated blocks are expanded and compressed anew.</summary>
    Zstd,
}

/// <summary>Which checksums a copy computes; all are on by default.</summary>
[Flags]
public enum ChecksumKinds
{
    None = 0,

    /// <summary>SHA-256 of the written file.</summary>
    Sha256 = 1,

    /// <summary>SHA-512 of the written file: Glance's default os_hash_algo.</summary>
    Sha512 = 2,

    /// <summary>Digest of the disk's content, independent of its format. See <see cref="ContentDigest"/>.</summary>
    Content = 4,

    /// <summary>Plain SHA-256 over every byte of the disk, holes included: what sha256sum says of the raw image. Time follows the virtual size.</summary>
    RawSha256 = 8,

    /// <summary>All that follow the data and not the virtual size.</summary>
    Default = Sha256 | Sha512 | Content,
}

/// <summary>What an encoder is asked for.</summary>
public sealed record EncodeOptions
{
    public Compression Compression { get; init; } = Compression.AsIs;

    /// <summary>The variant in the target format's own words (VHD: fixed, dynamic); null for the usual one.</summary>
    public string? Subformat { get; init; }

    /// <summary>QCOW2 cluster size in bytes, a power of two from 512 to 2 MiB; null to choose.</summary>
    public int? ClusterSizeBytes { get; init; }

    /// <summary>Expand every passed-through block and compare its Adler-32; off, damaged blocks go through unseen and no content digest is computed of them.</summary>
    public bool Verify { get; init; } = true;

    public ChecksumKinds Checksums { get; init; } = ChecksumKinds.Default;

    /// <summary>Wait for the disk before the file gets its final name, so that it survives a power cut. Off, the system writes it out in its own time, as with cp and qemu-img.</summary>
    public bool Flush { get; init; }

    /// <summary>Worker threads; 0 for one per processor.</summary>
    public int Parallelism { get; init; }

    public IProgress<CopyProgress>? Progress { get; init; }

    public CancellationToken Cancel { get; init; }

    internal int Workers => Parallelism > 0 ? Parallelism : Math.Max(1, Environment.ProcessorCount);
}

/// <summary>What an encoder did. Sizes in bytes.</summary>
public sealed record EncodeResult
{
    /// <summary>Size of the written file.</summary>
    public long FileSizeBytes { get; init; }

    /// <summary>Virtual size of the disk.</summary>
    public long VirtualSizeBytes { get; init; }

    /// <summary>Content bytes stored in the target, zeros left out.</summary>
    public long DataSizeBytes { get; init; }

    /// <summary>Blocks handed on in their deflated form.</summary>
    public long PassedThroughBlocks { get; init; }

    /// <summary>Digest of the content as <see cref="Copying.ContentDigest"/> defines it; null when not computed.</summary>
    public string? ContentDigest { get; init; }

}
