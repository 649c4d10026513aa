using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhd;

/// <summary>Checks a VHD as a whole: footer against copy, checksums, and that no two blocks share bytes.</summary>
internal static class VhdCheck
{
    private const int MaxOverlaps = 100;

    public static IEnumerable<ImageFinding> Run(ByteStore store, Siblings siblings, CancellationToken cancel)
    {
        var findings = new List<ImageFinding>();
        try
        {
            var layout = VhdLayout.Read(store);
            foreach (var notice in layout.Notices)
                findings.Add(new ImageFinding(FindingSeverity.Warning, ErrorIds.BadStructure, store.Name, -1, notice.TrimEnd('.')));
            if (layout.Footer.Type != VhdType.Fixed)
                CheckBlocks(store, layout, VhdBlockTable.Read(store, layout), findings, cancel);
            if (VhdFormat.OpenVhd(store, siblings) is VhdBlockImage image)
                image.DisposeParent();
        }
        catch (InvalidImageException e)
        {
            findings.Add(ImageFinding.From(e));
        }

        return findings;
    }

    private static void CheckBlocks(ByteStore store, VhdLayout layout, VhdBlockTable table, List<ImageFinding> findings, CancellationToken cancel)
    {
        var blockBytes = table.BitmapSize + table.BlockSize;
        var used = new List<(long Start, long End, string What)>
        {
            (0, VhdFooter.Size, "the copy of the footer"),
            ((long)layout.Footer.DataOffset, (long)layout.Footer.DataOffset + VhdDynamicHeader.Size, "the dynamic header"),
            ((long)table.Header.TableOffset, (long)table.Header.TableOffset + (table.Count * 4L), "the block table"),
            (layout.FooterOffset, store.Length, "the footer"),
        };
        var starts = new List<long>();
        for (var i = 0; i < table.Count; i++)
        {
            if (table.BitmapOffset(i) is >= 0 and var start)
                starts.Add(start);
        }

        cancel.ThrowIfCancellationRequested();
        starts.Sort();
        for (var i = 1; i < starts.Count && findings.Count < MaxOverlaps; i++)
        {
            if (starts[i] < starts[i - 1] + blockBytes)
                findings.Add(Overlap(store, starts[i], "a data block", "another data block"));
        }

        foreach (var (start, end, what) in used)
        {
            var at = starts.BinarySearch(start);
            at = at < 0 ? ~at : at;
            if ((at < starts.Count && starts[at] < end) || (at > 0 && starts[at - 1] + blockBytes > start && start < end))
                findings.Add(Overlap(store, start, what, "a data block"));
        }

        var distinct = starts.Distinct().Count();
        var last = starts.Count > 0 ? starts[starts.Count - 1] + blockBytes : 0;
        var span = starts.Count > 0 ? last - starts[0] : 0;
        if (span > (long)distinct * blockBytes)
            findings.Add(new ImageFinding(FindingSeverity.Leak, ErrorIds.BadStructure, store.Name, starts[0], $"up to {span - ((long)distinct * blockBytes)} bytes between the data blocks belong to no block"));
    }

    private static ImageFinding Overlap(ByteStore store, long offset, string a, string b)
        => new(FindingSeverity.Corruption, ErrorIds.Overlap, store.Name, offset, $"{a} and {b} share bytes here");
}
