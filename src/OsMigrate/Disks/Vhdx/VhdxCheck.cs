using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>Checks a VHDX as a whole: both copies of header and region table, the log, and that no two parts share bytes.</summary>
internal static class VhdxCheck
{
    private const int MaxFindings = 100;

    public static IEnumerable<ImageFinding> Run(ByteStore file, Siblings siblings, CancellationToken cancel)
    {
        var findings = new List<ImageFinding>();
        try
        {
            CheckCopies(file, findings);
            var parts = VhdxParts.Read(file);
            if (parts.Store is VhdxReplayedStore)
                findings.Add(new ImageFinding(FindingSeverity.Warning, ErrorIds.Dirty, file.Name, (long)parts.Header.LogOffset, "the image was not closed properly; its log can be replayed"));
            CheckOverlaps(parts, findings, cancel);
            (VhdxFormat.Instance.Open(file, siblings) as VhdxImage)?.DisposeParent();
        }
        catch (InvalidImageException e)
        {
            findings.Add(ImageFinding.From(e));
        }

        return findings;
    }

    private static void CheckCopies(ByteStore file, List<ImageFinding> findings)
    {
        foreach (var offset in new[] { VhdxHeader.FirstOffset, VhdxHeader.SecondOffset })
        {
            if (!VhdxHeader.IsWhole(file.ReadBytes(offset, VhdxHeader.Size)))
                findings.Add(new ImageFinding(FindingSeverity.Warning, ErrorIds.BadChecksum, file.Name, offset, "one of the two headers is damaged"));
        }

        var first = file.ReadBytes(VhdxRegions.FirstOffset, VhdxRegions.TableSize);
        var second = file.ReadBytes(VhdxRegions.SecondOffset, VhdxRegions.TableSize);
        if (!VhdxRegions.IsWhole(first) || !VhdxRegions.IsWhole(second))
            findings.Add(new ImageFinding(FindingSeverity.Warning, ErrorIds.BadChecksum, file.Name, VhdxRegions.FirstOffset, "one of the two region tables is damaged"));
        else if (!first.AsSpan().SequenceEqual(second))
            findings.Add(new ImageFinding(FindingSeverity.Warning, ErrorIds.BadStructure, file.Name, VhdxRegions.FirstOffset, "the two region tables differ"));
    }

    private static void CheckOverlaps(VhdxParts parts, List<ImageFinding> findings, CancellationToken cancel)
    {
        var used = new List<(long Start, long End, string What)>
        {
            (0, 1 << 20, "the front of the file"),
            ((long)parts.Header.LogOffset, (long)parts.Header.LogOffset + parts.Header.LogLength, "the log"),
            (parts.Regions.Metadata.Offset, parts.Regions.Metadata.Offset + parts.Regions.Metadata.Length, "the metadata"),
            (parts.Regions.BlockTable.Offset, parts.Regions.BlockTable.Offset + parts.Regions.BlockTable.Length, "the block table"),
        };
        for (long chunk = 0; chunk < parts.Table.BitmapCount; chunk++)
        {
            if (parts.Table.ChunkBitmapOffset(chunk) is >= 0 and var start)
                used.Add((start, start + VhdxBlockTable.BitmapSize, "a sector bitmap"));
        }

        for (long block = 0; block < parts.Table.Count; block++)
        {
            if (parts.Table.State(block) is VhdxBlockState.FullyPresent or VhdxBlockState.PartiallyPresent)
                used.Add((parts.Table.Offset(block), parts.Table.Offset(block) + parts.Table.BlockSize, "a data block"));
        }

        cancel.ThrowIfCancellationRequested();
        used.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        long end = 0, gaps = 0;
        for (var i = 0; i < used.Count && findings.Count < MaxFindings; i++)
        {
            if (i > 0 && used[i].Start < end && used[i].End > used[i].Start)
                findings.Add(new ImageFinding(FindingSeverity.Corruption, ErrorIds.Overlap, parts.Store.Name, used[i].Start, $"{used[i].What} and {used[i - 1].What} share bytes here"));
            gaps += Math.Max(0, used[i].Start - end);
            end = Math.Max(end, used[i].End);
        }

        gaps += Math.Max(0, parts.Store.Length - end);
        if (gaps > 0 && findings.Count < MaxFindings)
            findings.Add(new ImageFinding(FindingSeverity.Leak, ErrorIds.BadStructure, parts.Store.Name, -1, $"{gaps} bytes of the file belong to no part of the disk"));
    }
}
