using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>Finds and checks the parent of a differencing VHDX.</summary>
/// <remarks>Of the paths that the child holds only the last component counts, and it is looked for in the child's own folder.</remarks>
internal static class VhdxParent
{
    public static VhdxImage Open(VhdxParts parts, Siblings siblings)
    {
        var locator = parts.Metadata.ParentLocator!;
        var names = locator.Paths.Select(Siblings.LastComponent).Where(n => n.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (names.Count == 0)
            throw new InvalidImageException(ErrorIds.BadStructure, parts.Store.Name, parts.Regions.Metadata.Offset, "it is a differencing disk, but does not name its parent");
        var (parent, name) = OpenFirst(names, parts.Store.Name, siblings);
        if (locator.Linkages.Contains(parent.DataWriteGuid))
            return new VhdxImage(parts.Store, parts, parent, name);
        var found = parent.DataWriteGuid;
        parent.Dispose();
        throw new InvalidImageException(ErrorIds.ParentMismatch, parts.Store.Name, parts.Regions.Metadata.Offset, $"it was made from a parent whose content has the id {string.Join(" or ", locator.Linkages.DefaultIfEmpty())}, but '{name}' has {found}: the parent was changed since, or is another disk");
    }

    private static (VhdxImage Parent, string Name) OpenFirst(List<string> names, string referrer, Siblings siblings)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return ((VhdxImage)siblings.OpenParent(names[i], referrer, VhdxFormat.Instance), names[i]);
            }
            catch (InvalidImageException e) when (e.ErrorId == ErrorIds.MissingSibling && e.FileName == referrer && i + 1 < names.Count)
            {
                // The next name may be there.
            }
        }
    }
}
