using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>A name as a file's own record gives it, to be found again in the index of its folder.</summary>
internal readonly record struct KnownName(long Record, FileReference Parent, NameSpace Space, string Name);

/// <summary>What the parts of a check tell each other.</summary>
internal sealed class CheckState(NtfsVolume volume)
{
    private readonly List<NtfsFinding> _findings = [];
    private long _findingCount;

    public NtfsVolume Volume => volume;

    public ClusterAccount Clusters { get; } = new(volume.Layout.Boot.ClusterCount);

    /// <summary>Base records in use, with their sequence numbers.</summary>
    public Dictionary<long, ushort> Files { get; } = [];

    /// <summary>Base records in use that are folders.</summary>
    public List<long> Folders { get; } = [];

    /// <summary>Records that extend another one, and which.</summary>
    public Dictionary<long, FileReference> Extensions { get; } = [];

    /// <summary>Extensions that the attribute list of their base record names.</summary>
    public HashSet<long> ListedExtensions { get; } = [];

    /// <summary>Names not yet found in an index.</summary>
    public HashSet<KnownName> Names { get; } = [];

    /// <summary>First parent of every folder.</summary>
    public Dictionary<long, long> FolderParents { get; } = [];

    /// <summary>Security ids that files use, with one file each.</summary>
    public Dictionary<uint, long> SecurityIds { get; } = [];

    public void Error(string area, long? record, string message) => Add(VolumeFindingSeverity.Error, area, record, message);

    public void Warn(string area, long? record, string message) => Add(VolumeFindingSeverity.Warning, area, record, message);

    /// <summary>Runs a part of the check; damage that stops it is a finding.</summary>
    public void Guard(string area, long? record, Action part)
    {
        try
        {
            part();
        }
        catch (InvalidImageException e)
        {
            Error(area, record, e.Offset < 0 ? e.Reason : $"at offset {e.Offset} (0x{e.Offset:x}): {e.Reason}");
        }
    }

    public NtfsCheckResult ToResult() => new()
    {
        Findings = _findings,
        FindingCount = _findingCount,
        FileCount = Files.Count - Folders.Count,
        FolderCount = Folders.Count,
        UsedClusters = Clusters.UsedCount,
    };

    private void Add(VolumeFindingSeverity severity, string area, long? record, string message)
    {
        _findingCount++;
        if (_findings.Count < NtfsCheck.MaxFindings)
            _findings.Add(new NtfsFinding { Severity = severity, Area = area, Record = record, Message = message });
    }
}
