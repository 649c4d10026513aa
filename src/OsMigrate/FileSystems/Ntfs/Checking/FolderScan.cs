using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>The index of one folder: order, blocks, and that every name in it is a name of the file it leads to.</summary>
internal static class FolderScan
{
    public static void Run(CheckState state, long number)
    {
        var file = FileRecord.Load(state.Volume.Layout, state.Volume.Mft, new FileReference(number, 0));
        var index = new IndexReader(file, FolderIndex.Name);
        if (Le.U32(index.RootAttribute.Value, 0) != (uint)AttributeType.FileName || Le.U32(index.RootAttribute.Value, 4) != 1)
            state.Error("Index", number, "the folder's index is not one of names");
        IndexEntry? before = null;
        var upCase = state.Volume.UpCase;
        BlockScan.Run(state, number, file, index);
        foreach (var entry in index.All())
        {
            if (before is not null && upCase.Compare(before.Name, entry.Name) >= 0)
                state.Error("Index", number, $"'{entry.Name}' stands behind '{before.Name}', which is out of order");
            before = entry;
            CheckEntry(state, file, entry);
        }
    }

    private static void CheckEntry(CheckState state, FileRecord folder, IndexEntry entry)
    {
        var name = FileNameValue.TryParse(entry.Key)!;
        var number = folder.Reference.Number;
        if (name.Parent != folder.Reference)
            state.Error("Index", number, $"the entry '{name.Name}' says that it belongs to folder {name.Parent.Number} (sequence {name.Parent.Sequence})");
        if (!state.Files.TryGetValue(entry.File.Number, out var sequence))
            state.Error("Index", number, $"'{name.Name}' leads to record {entry.File.Number}, which is no file in use");
        else if (sequence != entry.File.Sequence)
            state.Error("Index", number, $"'{name.Name}' leads to record {entry.File.Number} with sequence {entry.File.Sequence}, which has {sequence}");
        else if (!state.Names.Remove(new KnownName(entry.File.Number, folder.Reference, name.NameSpace, name.Name)))
            state.Error("Index", number, $"'{name.Name}' leads to record {entry.File.Number}, which has no such name, or the name is in the folder twice");
        // Windows does not keep this up to date for the root's entry of itself.
        if (entry.File.Number != number && state.Files.ContainsKey(entry.File.Number) && name.IsFolder != state.Volume.Mft.Read(entry.File.Number).IsFolder)
            state.Error("Index", number, $"'{name.Name}' is {(name.IsFolder ? "a folder here, but a file" : "a file here, but a folder")} in its own record");
    }
}
