using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhd;

/// <summary>What the footer of a VHD says once it has been found and checked.</summary>
/// <param name="Footer">The copy that counts.</param>
/// <param name="FooterOffset">Where the footer at the end of the file starts; the file's length when there is none.</param>
/// <param name="VirtualSizeBytes">Size of the disk.</param>
/// <param name="Notices">What a user should know.</param>
internal sealed record VhdLayout(VhdFooter Footer, long FooterOffset, long VirtualSizeBytes, IReadOnlyList<string> Notices)
{
    // Programs that are known to keep the size in "current size" and to write a geometry that is only near it.
    private static readonly string[] SizeCreators = ["win ", "qem2", "d2v ", "tap ", "CTXS", "wa  "];

    /// <summary>Finds the footer: the copy at the front where it is whole, else the one at the end.</summary>
    public static VhdLayout Read(ByteStore store)
    {
        var tail = ReadTail(store, out var tailOffset);
        var head = store.Length >= VhdFooter.Size ? store.ReadBytes(0, VhdFooter.Size) : null;
        if (head is not null && !VhdFooter.HasCookie(head))
            head = null;
        if (head is null && tail is null)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, Math.Max(0, store.Length - VhdFooter.Size), "a VHD has a footer here that begins with 'conectix', but there is none");
        var notices = new List<string>();
        var useHead = head is not null && (tail is null || IsWhole(head) || !IsWhole(tail));
        var bytes = useHead ? head! : tail!;
        var footer = VhdFooter.Parse(bytes);
        footer.Validate(bytes, store.Name, useHead ? 0 : tailOffset);
        if (footer.Type == VhdType.Fixed && tail is null)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, store.Length, "the footer of a fixed VHD is missing at the end of the file");
        if (footer.Type != VhdType.Fixed)
            notices.AddRange(CompareCopies(head, tail));
        if (footer.SavedState)
            notices.Add("The machine was saved, not shut down, when this disk was last used; its file systems may need a check.");
        return new VhdLayout(footer, tailOffset, Size(footer, store.Name, notices), notices);
    }

    /// <summary>The footer at the end, 512 or 511 bytes long, filled up to 512; null when there is none.</summary>
    private static byte[]? ReadTail(ByteStore store, out long offset)
    {
        foreach (var size in new[] { VhdFooter.Size, VhdFooter.OldSize })
        {
            offset = store.Length - size;
            if (offset < 0)
                continue;
            var bytes = new byte[VhdFooter.Size];
            store.Read(offset, bytes.AsSpan(0, size));
            if (VhdFooter.HasCookie(bytes))
                return bytes;
        }

        offset = store.Length;
        return null;
    }

    private static bool IsWhole(byte[] bytes) => VhdFooter.Parse(bytes).Checksum == VhdFooter.ComputeChecksum(bytes);

    private static IEnumerable<string> CompareCopies(byte[]? head, byte[]? tail)
    {
        if (head is null || !IsWhole(head))
            yield return "The copy of the footer at the start of the file is damaged; the footer at its end is used.";
        else if (tail is null || !IsWhole(tail))
            yield return "The footer at the end of the file is missing or damaged; the copy at its start is used.";
        else if (!head.AsSpan().SequenceEqual(tail))
            yield return "The footer and its copy at the start of the file differ; the copy at the start is used.";
    }

    private static long Size(VhdFooter footer, string fileName, List<string> notices)
    {
        if (footer.CurrentSize > (ulong)VhdFooter.MaxDiskSize)
            throw new InvalidImageException(ErrorIds.TooLarge, fileName, -1, $"the disk size is {footer.CurrentSize} bytes; a VHD holds at most 2040 GiB");
        var current = (long)footer.CurrentSize / 512 * 512;
        if (SizeCreators.Contains(footer.CreatorApplication) || footer.GeometrySectors is 0 or VhdFooter.MaxGeometrySectors)
            return current;
        var geometry = footer.GeometrySectors * 512;
        if (geometry != current)
            notices.Add($"The disk's size follows its geometry ({geometry} bytes), as its creator '{footer.CreatorApplication.Trim()}' means it, not its size field ({current} bytes).");
        return geometry;
    }
}
