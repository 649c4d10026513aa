using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhd;

/// <summary>Finds and checks the parent of a differencing VHD.</summary>
/// <remarks>Of the paths that the child holds only the last component counts, and it is looked for in the child's own folder.</remarks>
internal static class VhdParent
{
    public static VhdBlockImage Open(ByteStore store, VhdLayout layout, VhdBlockTable table, Siblings siblings)
    {
        var header = table.Header;
        var (parent, name) = OpenFirst(Names(store, header), store.Name, siblings);
        try
        {
            if (parent.Footer.UniqueId != header.ParentUniqueId)
                throw new InvalidImageException(ErrorIds.ParentMismatch, store.Name, (long)layout.Footer.DataOffset + 40, $"it was made from a parent with the id {header.ParentUniqueId}, but '{name}' has the id {parent.Footer.UniqueId}");
            var notices = new List<string>();
            if (parent.Footer.TimeStamp > header.ParentTimeStamp && header.ParentTimeStamp != 0)
                notices.Add($"The parent '{name}' says it was created after this child was made from it.");
            return new VhdBlockImage(store, layout, table, parent, name, notices);
        }
        catch
        {
            parent.Dispose();
            throw;
        }
    }

    /// <summary>File names to try, the likeliest first, each once.</summary>
    private static List<string> Names(ByteStore store, VhdDynamicHeader header)
    {
        var names = new List<string>();
        foreach (var platform in new[] { "W2ru", "W2ku" })
        {
            foreach (var locator in header.Locators)
            {
                if (locator.Platform == platform && locator.ReadPath(store) is { } path)
                    names.Add(path);
            }
        }

        names.Add(header.ParentName);
        var plain = names.Select(Siblings.LastComponent).Where(n => n.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (plain.Count == 0)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, -1, "it is a differencing disk, but does not name its parent");
        return plain;
    }

    private static (VhdImage Parent, string Name) OpenFirst(List<string> names, string referrer, Siblings siblings)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return ((VhdImage)siblings.OpenParent(names[i], referrer, VhdFormat.Instance), names[i]);
            }
            catch (InvalidImageException e) when (e.ErrorId == ErrorIds.MissingSibling && e.FileName == referrer && i + 1 < names.Count)
            {
                // The next name may be there.
            }
        }
    }
}
