namespace OsMigrate.Disks;

/// <summary>What an image says about itself, for <c>Get-DiskImage</c> and for the plan of a conversion.</summary>
public sealed record DiskImageInfo
{
    /// <summary>The format's own name of the variant: streamOptimized, dynamic, v3 ... Null where there is none.</summary>
    public string? Subformat { get; init; }

    /// <summary>Bytes of content that one allocation unit holds; null for raw.</summary>
    public int? BlockSizeBytes { get; init; }

    /// <summary>Name of the parent or backing file as the image gives it; null when the image stands alone.</summary>
    public string? ParentName { get; init; }

    /// <summary>The opened parent, when there is one.</summary>
    public DiskImageInfo? Parent { get; init; }

    /// <summary>Other files that hold content (extents, an external data file), by name.</summary>
    public IReadOnlyList<string> ExtentNames { get; init; } = [];

    /// <summary>Internal snapshots by name; their content is not part of the disk that is read.</summary>
    public IReadOnlyList<string> Snapshots { get; init; } = [];

    /// <summary>Features in the format's own words: "zstd", "extended-l2", "compressed", "markers".</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>What a user should know before relying on this image, one sentence each: "2 internal snapshots are ignored".</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
