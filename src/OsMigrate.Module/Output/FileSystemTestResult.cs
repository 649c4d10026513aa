using OsMigrate.FileSystems.Ntfs.Checking;

namespace OsMigrate.Module.Output;

/// <summary>What Test-GuestFileSystem found on one NTFS volume.</summary>
public sealed class FileSystemTestResult
{
    internal FileSystemTestResult(string path, string volume, NtfsCheckResult result) => (Path, Volume, Result) = (path, volume, result);

    public string Path { get; }

    /// <summary>"partition 2 of disk 0".</summary>
    public string Volume { get; }

    /// <summary>False when the volume contradicts itself; warnings do not count.</summary>
    public bool IsHealthy => !Result.HasErrors;

    public long FileCount => Result.FileCount;

    public long FolderCount => Result.FolderCount;

    /// <summary>How many findings there are in all; the list ends at 1000.</summary>
    public long FindingCount => Result.FindingCount;

    public IReadOnlyList<NtfsFinding> Findings => Result.Findings;

    internal NtfsCheckResult Result { get; }
}
