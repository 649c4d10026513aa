namespace OsMigrate.FileSystems.Ntfs;

/// <summary>Names in a folder: looked up on the way down the tree, so that only the nodes on the way are read.</summary>
internal static class FolderIndex
{
    public const string Name = "$I30";

    /// <summary>The entry of that exact name, else one that differs in case only; null when there is none.</summary>
    public static IndexEntry? Find(IndexReader index, UpCase upCase, string name)
    {
        IndexEntry? similar = null;
        var node = index.ReadRoot();
        for (var depth = 0; depth < IndexReader.MaxDepth; depth++)
        {
            var at = node.Entries.FindIndex(e => e.IsLast || upCase.Compare(name, e.Name) <= 0);
            var entry = node.Entries[at];
            if (!entry.IsLast && entry.Name == name)
                return entry;
            // Names that differ in case only are neighbours in the order, and the neighbours of a place are all on the way to it.
            if (!entry.IsLast && upCase.CompareIgnoringCase(name, entry.Name) == 0)
                similar = entry;
            else if (at > 0 && upCase.CompareIgnoringCase(name, node.Entries[at - 1].Name) == 0)
                similar = node.Entries[at - 1];
            if (entry.Child == IndexEntry.NoChild)
                return similar;
            node = index.ReadNode(entry.Child);
        }

        throw new Bytes.InvalidImageException(Bytes.ErrorIds.BadStructure, "folder index", -1, "the index of a folder is too deep");
    }
}
