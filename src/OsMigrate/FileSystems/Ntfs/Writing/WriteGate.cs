using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Decides before the first change whether a volume may be written, and empties its log with it.</summary>
internal static class WriteGate
{
    private const int PieceBytes = 1 << 20;

    public static void Check(NtfsVolume volume)
    {
        if (volume.IsOpenForWriting)
            return;
        if (!volume.Layout.Store.CanWrite)
            throw new OsMigrateException(ErrorIds.FileAccess, ErrorKind.PermissionDenied, $"'{volume.Layout.Name}' is open for reading only.", volume.Layout.Name);
        if (volume.Version.Major is not 3)
            throw new OsMigrateException(ErrorIds.UnsupportedFeature, ErrorKind.NotSupported, $"'{volume.Layout.Name}' has NTFS version {volume.Version}; only 3.0 and 3.1 (Windows 2000 and later) are written.", volume.Layout.Name);
        var reason = volume.WriteUnclean ? null : Reason(volume);
        if (reason is not null)
            throw new OsMigrateException(ErrorIds.VolumeUnclean, ErrorKind.ResourceUnavailable, $"'{volume.Layout.Name}' is not written to: {reason}.", volume.Layout.Name) { Advice = "Start the machine and shut it down with: shutdown /s /t 0" };
    }

    /// <summary>Before the first change reaches the volume, when it is known to succeed: empties the log.</summary>
    public static void Open(NtfsVolume volume)
    {
        if (volume.IsOpenForWriting)
            return;
        ResetLog(volume);
        volume.IsOpenForWriting = true;
    }

    private static string? Reason(NtfsVolume volume)
    {
        if (volume.Hibernation == HibernationState.Hibernated)
            return "Windows is hibernated in it, or was shut down with fast startup";
        if (volume.LogFile is LogFileState.Unclean or LogFileState.Damaged)
            return "its log ($LogFile) is not clean, so changes may wait there";
        return volume.IsDirty ? "it is marked for a check by chkdsk" : null;
    }

    /// <summary>
    /// Fills $LogFile with 0xFF, which is how a fresh volume has it: Windows then makes a new log. The old one would contradict what is written now.
    /// </summary>
    /// <remarks>Source: flatcap NTFS documentation, "$LogFile"; ntfs-3g and ntfsfix do the same.</remarks>
    private static void ResetLog(NtfsVolume volume)
    {
        if (volume.LogFile == LogFileState.Empty)
            return;
        var data = volume.FileAt(Mft.LogFileNumber).Record.Find(AttributeType.Data);
        if (data is null || data.IsResident)
            throw volume.Layout.Bad(-1, "$LogFile has no clusters");
        var store = ((EditJournal)volume.Layout.Store).Through;
        var log = new RunStore(store, volume.ClusterSizeBytes, data.Runs, data.DataBytes, data.DataBytes, volume.Layout.Name);
        var filled = new byte[Math.Min(PieceBytes, log.Length)];
        filled.AsSpan().Fill(0xFF);
        for (long at = 0; at < log.Length; at += filled.Length)
            log.Write(at, filled.AsSpan(0, (int)Math.Min(filled.Length, log.Length - at)));
    }
}
