using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>Looks whether a file uses clusters that $Bitmap calls free: reads the records of the MFT, and nothing else of them than where their attributes lie.</summary>
internal static class FreeSpaceScan
{
    /// <returns>The first contradiction; null when there is none.</returns>
    /// <exception cref="InvalidImageException">A record in use is damaged.</exception>
    public static string? Run(NtfsVolume volume, CancellationToken cancel)
    {
        var state = new CheckState(volume);
        for (long number = 0; number < volume.Mft.Count; number++)
        {
            cancel.ThrowIfCancellationRequested();
            var head = volume.Mft.Content.ReadBytes(number * volume.RecordSizeBytes, 24);
            if (!head.AsSpan(0, 4).SequenceEqual(MftRecord.Magic) || (Le.U16(head, 22) & MftRecord.InUse) == 0)
                continue;
            foreach (var run in volume.Mft.Read(number).Attributes.SelectMany(static a => a.Runs.Runs))
            {
                if (!run.IsHole)
                    state.Clusters.Use(run);
            }
        }

        state.Clusters.Compare(state);
        return state.ToResult().Findings.FirstOrDefault(static f => f.Severity == VolumeFindingSeverity.Error)?.Message;
    }
}
