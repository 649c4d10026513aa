using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Makes files and folders.</summary>
internal static class NewEntry
{
    /// <summary>Attributes that a caller may set; the others follow from what the file is.</summary>
    public const uint SettableAttributes = 0x31A7;

    public static FileReference MakeFile(VolumeEdit edit, string path, ByteStore content, FileAttributes attributes)
    {
        var (names, name) = PathWalk.Split(path);
        var parent = PathWalk.Folder(edit, names, path);
        var file = Make(edit, parent, name, (uint)attributes & SettableAttributes, isFolder: false, content.Length);
        if (content.Length <= file.RoomForValue(AttributeType.Data, ""))
            file.SetResident(AttributeType.Data, "", content.ReadBytes(0, (int)content.Length));
        else
            ContentSpace.SetContent(edit, file, AttributeType.Data, "", content);
        NameSync.Run(edit, file);
        return file.Reference;
    }

    /// <returns>The last folder of the path.</returns>
    public static FileReference MakeFolders(VolumeEdit edit, string[] names)
    {
        var at = PathWalk.Root(edit);
        foreach (var name in names)
            at = PathWalk.Child(edit, at, name) ?? MakeFolder(edit, at, name);
        return at;
    }

    private static FileReference MakeFolder(VolumeEdit edit, FileReference parent, string name)
    {
        var folder = Make(edit, parent, name, 0, isFolder: true, 0);
        var blockSize = edit.Layout.Boot.IndexBlockSize;
        var header = new byte[IndexNode.RootHeader];
        Le.Put32(header, 0, (uint)AttributeType.FileName);
        Le.Put32(header, 4, 1);
        Le.Put32(header, 8, (uint)blockSize);
        header[12] = (byte)(blockSize / (blockSize >= edit.Layout.Boot.ClusterSize ? edit.Layout.Boot.ClusterSize : FixUps.Stride));
        var root = new IndexNode { Vcn = IndexNode.Root, Entries = [IndexEntry.End(IndexEntry.NoChild)] };
        folder.SetResident(AttributeType.IndexRoot, FolderIndex.Name, root.ToRoot(header));
        return folder.Reference;
    }

    private static FileEdit Make(VolumeEdit edit, FileReference parent, string name, uint attributes, bool isFolder, long size)
    {
        NameRules.Check(name);
        var tree = edit.Folder(parent);
        if (tree.FindSimilar(name) is { } similar)
            throw new OsMigrateException(ErrorIds.VolumePathExists, ErrorKind.AlreadyExists, $"'{similar}' exists already on '{edit.Layout.Name}'.", name);
        var file = edit.NewFile(MftRecord.InUse | (isFolder ? MftRecord.Folder : 0));
        NewSecurity.Set(edit, file, edit.File(parent), attributes);
        var value = new FileNameValue
        {
            Parent = parent,
            Created = edit.Now,
            Modified = edit.Now,
            Changed = edit.Now,
            Accessed = edit.Now,
            AllocatedBytes = 0,
            DataBytes = size,
            Flags = attributes | (isFolder ? FileNameValue.FolderFlag : 0),
        };
        foreach (var (text, space) in NameRules.NamesFor(edit, parent, name))
        {
            var full = value with { Name = text, NameSpace = space };
            file.AddName(full);
            tree.Insert(new IndexEntry { Head = file.Reference.Raw, Key = full.ToBytes() });
        }

        NameSync.Touch(edit, parent);
        return file;
    }
}
