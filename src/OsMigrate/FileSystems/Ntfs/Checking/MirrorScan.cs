namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>$MFTMirr repeats the first records of the MFT.</summary>
internal static class MirrorScan
{
    private const int MinRecords = 4;

    public static void Run(CheckState state)
    {
        var volume = state.Volume;
        var size = volume.RecordSizeBytes;
        using var mirror = volume.FileAt(Mft.MirrorNumber).OpenStream("");
        var file = volume.FileAt(Mft.MirrorNumber).Record.Find(AttributeType.Data)!;
        if (file.IsResident || file.Runs.Runs.Count == 0 || file.Runs.Runs[0].Lcn != volume.Layout.Boot.MirrorCluster)
            state.Error("MftMirror", Mft.MirrorNumber, $"the boot sector says that $MFTMirr begins at cluster {volume.Layout.Boot.MirrorCluster}, its record says otherwise");
        var count = (int)Math.Min(mirror.Length / size, Math.Max(MinRecords, volume.ClusterSizeBytes / size));
        if (count < MinRecords)
            state.Error("MftMirror", Mft.MirrorNumber, $"$MFTMirr has {count} records instead of {MinRecords}");
        for (var i = 0; i < count; i++)
        {
            byte[] first = volume.Mft.Content.ReadBytes((long)i * size, size), second = mirror.ReadBytes((long)i * size, size);
            // The copy may have been written at another time, with another update number, which is not content.
            var readable = FixUps.TryRemove(first, MftRecord.Magic) is null & FixUps.TryRemove(second, MftRecord.Magic) is null;
            if (readable)
                ClearUpdateSequence(first, second);
            if (!first.AsSpan().SequenceEqual(second))
                state.Error("MftMirror", i, "the copy of this record in $MFTMirr differs");
        }
    }

    private static void ClearUpdateSequence(byte[] first, byte[] second)
    {
        foreach (var record in new[] { first, second })
            record.AsSpan(Le.U16(record, 4), 2 * Le.U16(record, 6)).Clear();
    }
}
