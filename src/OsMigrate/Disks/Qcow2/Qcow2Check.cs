using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Checks a QCOW2 as a whole: every table within the file, every cluster's reference count against its uses. The content of clusters is not read.</summary>
internal static class Qcow2Check
{
    private const long MaxComparedClusters = 1L << 28;

    public static IReadOnlyList<ImageFinding> Run(ByteStore store, CancellationToken cancel)
    {
        var findings = new Qcow2Findings(store.Name);
        try
        {
            var layout = Qcow2Layout.Read(store);
            CheckMarks(layout, findings);
            CheckCounts(store, layout, findings, cancel);
        }
        catch (InvalidImageException e)
        {
            findings.Add(e);
        }

        return findings.All();
    }

    private static void CheckMarks(Qcow2Layout layout, Qcow2Findings findings)
    {
        if (layout.Has(Qcow2Header.IncompatibleDirty))
            findings.Warning(ErrorIds.Dirty, 72, "the image was not closed properly: its reference counts may be wrong, its content is not affected");
        if (layout.Has(Qcow2Header.IncompatibleCorrupt))
            findings.Warning(ErrorIds.BadStructure, 72, "a program that used the image has marked it corrupt");
    }

    private static void CheckCounts(ByteStore store, Qcow2Layout layout, Qcow2Findings findings, CancellationToken cancel)
    {
        var uses = new Qcow2UseCounts(store.Length, layout.ClusterBits, findings);
        var stored = new Qcow2StoredCounts(store, layout);
        var tables = new Qcow2TableCheck(store, layout, uses, stored, findings);
        uses.Add(0, layout.ClusterSize, Qcow2Use.Structure, 1, "the header");
        tables.AddL1((long)layout.Header.L1Offset, layout.Header.L1Entries, isActive: true, cancel);
        AddSnapshots(store, layout, uses, tables, findings, cancel);
        stored.AddBlocks(uses, findings);
        Qcow2BitmapCheck.Run(store, layout, uses, findings, cancel);
        tables.ReadL2Tables(cancel);
        if (uses.GaveUp || tables.GaveUp || uses.ClusterCount > MaxComparedClusters)
            findings.Warning(ErrorIds.TooLarge, -1, "the image is too large for its reference counts to be compared with their uses; 'qemu-img check' can do that with more memory");
        else
            stored.Compare(uses, findings, cancel);
    }

    private static void AddSnapshots(ByteStore store, Qcow2Layout layout, Qcow2UseCounts uses, Qcow2TableCheck tables, Qcow2Findings findings, CancellationToken cancel)
    {
        var size = 0L;
        try
        {
            foreach (var snapshot in Qcow2Snapshot.ReadAll(store, layout))
            {
                tables.AddL1((long)snapshot.L1Offset, snapshot.L1Entries, isActive: false, cancel);
                size = snapshot.Offset + snapshot.Size - (long)layout.Header.SnapshotsOffset;
            }
        }
        catch (InvalidImageException e)
        {
            findings.Add(e);
        }

        uses.Add((long)layout.Header.SnapshotsOffset, size, Qcow2Use.Structure, 1, "the table of snapshots");
    }
}
