namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>What a check of a volume found.</summary>
public sealed record NtfsCheckResult
{
    /// <summary>In the order they were found, at most <see cref="NtfsCheck.MaxFindings"/>.</summary>
    public IReadOnlyList<NtfsFinding> Findings { get; init; } = [];

    /// <summary>How many there were in all.</summary>
    public long FindingCount { get; init; }

    public long FileCount { get; init; }

    public long FolderCount { get; init; }

    /// <summary>Clusters that files and folders use, NTFS's own with them.</summary>
    public long UsedClusters { get; init; }

    public bool HasErrors => Findings.Any(static f => f.Severity == VolumeFindingSeverity.Error);
}
