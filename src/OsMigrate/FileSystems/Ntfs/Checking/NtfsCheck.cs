using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>Checks that a volume agrees with itself. Reads all of the MFT, all folder indexes and $Secure; not the content of files. Changes nothing.</summary>
public static class NtfsCheck
{
    public const int MaxFindings = 1000;

    /// <param name="progress">Told the share of the MFT that has been read, 0 to 1.</param>
    /// <returns>What is wrong; damage is a finding, never an exception.</returns>
    /// <exception cref="OsMigrateException">The store itself cannot be read.</exception>
    public static NtfsCheckResult Run(NtfsVolume volume, Action<double>? progress = null, CancellationToken cancel = default)
    {
        var state = new CheckState(volume);
        state.Guard("State", null, () => StateScan.Run(state));
        state.Guard("MftMirror", null, () => MirrorScan.Run(state));
        state.Guard("Mft", null, () => new RecordScan(state).Run(progress, cancel));
        state.Guard("Security", null, () => SecurityScan.Run(state));
        foreach (var folder in state.Folders)
        {
            cancel.ThrowIfCancellationRequested();
            state.Guard("Index", folder, () => FolderScan.Run(state, folder));
        }

        LinkScan.Run(state);
        state.Guard("Clusters", null, () => state.Clusters.Compare(state));
        return state.ToResult();
    }
}
