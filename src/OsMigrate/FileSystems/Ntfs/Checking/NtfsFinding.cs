namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>How bad a finding is.</summary>
public enum VolumeFindingSeverity
{
    /// <summary>Nothing is lost and nothing will be: a mark to know about, or space that no file uses.</summary>
    Warning,

    /// <summary>The volume contradicts itself: reading gives wrong results, or writing would destroy something.</summary>
    Error,
}

/// <summary>One thing that is wrong with a volume.</summary>
public sealed record NtfsFinding
{
    public VolumeFindingSeverity Severity { get; init; }

    /// <summary>What part of the volume it is about: Boot, Mft, MftMirror, MftBitmap, Clusters, Attributes, Links, Index, Security, State.</summary>
    public required string Area { get; init; }

    /// <summary>The record of the file it is about; null where it is about no single file.</summary>
    public long? Record { get; init; }

    public required string Message { get; init; }

    public override string ToString() => Record is null ? $"{Area}: {Message}" : $"{Area}, record {Record}: {Message}";
}
