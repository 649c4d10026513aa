using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Makes the MFT longer, with its bitmap. Saved at once within the operation: the next record written may lie in the new part.</summary>
internal static class MftGrowth
{
    /// <summary>Records added at once where there is room, so that the MFT does not fall into small pieces.</summary>
    private const long Step = 64;

    /// <param name="count">Records that there must be afterwards.</param>
    public static void Grow(VolumeEdit edit, long count)
    {
        long recordSize = edit.Layout.Boot.RecordSize, cluster = edit.Layout.Boot.ClusterSize, before = edit.Mft.WrittenCount;
        var file = FileEdit.Open(edit, new FileReference(Mft.MftNumber, 0));
        var unit = Math.Max(cluster, recordSize);
        var wanted = RoundUp(Math.Max(count, Math.Max(before + Step, edit.Mft.Count)) * recordSize, unit);
        try
        {
            GrowTo(edit, file, wanted);
        }
        catch (OsMigrateException e) when (e.ErrorId == ErrorIds.VolumeFull)
        {
            wanted = RoundUp(Math.Max(count, edit.Mft.Count) * recordSize, unit);
            GrowTo(edit, file, wanted);
        }

        file.Save();
        edit.Mft.Forget(Mft.MftNumber);
        for (var number = before; number < wanted / recordSize; number++)
            edit.WriteRecord(number, RecordImage.Blank(number, 1, (int)recordSize, flags: 0, default).ToBytes((int)recordSize));
    }

    private static void GrowTo(VolumeEdit edit, FileEdit file, long bytes)
    {
        long recordSize = edit.Layout.Boot.RecordSize, bitmapBytes = RoundUp(((bytes / recordSize) + 7) / 8, 8);
        ContentSpace.Grow(edit, file, AttributeType.Data, "", bytes, Math.Max(1, recordSize / edit.Layout.Boot.ClusterSize));
        if (file.Find(AttributeType.Bitmap)!.DataBytes < bitmapBytes)
            ContentSpace.Grow(edit, file, AttributeType.Bitmap, "", bitmapBytes);
    }

    private static long RoundUp(long value, long unit) => (value + unit - 1) / unit * unit;
}
