using OsMigrate.Migrations.Preparation;
using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Migrations.Cloud;

/// <summary>One thing that a job made.</summary>
/// <param name="Kind">image, volume, port or server.</param>
public sealed record MadeThing(string Kind, string Name, string Id);

/// <summary>How one disk got there. Sizes in bytes, checksums in lower-case hex.</summary>
public sealed record MovedDisk
{
    public int Index { get; init; }

    public string Name { get; init; } = "";

    public long VirtualSizeBytes { get; init; }

    /// <summary>What went over the wire.</summary>
    public long SentBytes { get; init; }

    public string? Sha256 { get; init; }

    public string? Sha512 { get; init; }

    /// <summary>Digest of the disk's content, the same in every format; null for a file that was sent as it is.</summary>
    public string? ContentDigest { get; init; }

    /// <summary>Algorithm by which Glance and we agree; null when it gave none that we know.</summary>
    public string? VerifiedBy { get; init; }

    /// <summary>True when the source's files agree with its manifest; null when it has none.</summary>
    public bool? ManifestVerified { get; init; }

    public TimeSpan UploadDuration { get; init; }
}

/// <summary>What a job made.</summary>
public sealed record CloudJobResult
{
    public required CloudJobPlan Plan { get; init; }

    public required Server Server { get; init; }

    public required IReadOnlyList<MovedDisk> Disks { get; init; }

    public required IReadOnlyList<MadeThing> Made { get; init; }

    /// <summary>What was changed in the guest on the way; null when it stayed as it was.</summary>
    public PreparedGuest? Guest { get; init; }

    /// <summary>The end of the console, when a text was waited for.</summary>
    public string? Console { get; init; }

    public TimeSpan Duration { get; init; }
}
