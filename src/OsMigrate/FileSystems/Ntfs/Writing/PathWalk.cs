using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Finds what a path names, within an operation.</summary>
internal static class PathWalk
{
    private static readonly char[] Separators = ['/', '\\'];

    public static FileReference Root(VolumeEdit edit) => edit.Mft.Read(Mft.RootNumber).Reference;

    /// <summary>Folder and name of a path.</summary>
    public static (string[] Folder, string Name) Split(string path)
    {
        var names = path.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        return names.Length == 0
            ? throw new OsMigrateException(ErrorIds.VolumePathExists, ErrorKind.InvalidArgument, "The root of a volume cannot be created, replaced or deleted.", path)
            : (names.Take(names.Length - 1).ToArray(), names[names.Length - 1]);
    }

    /// <summary>The folder that has the entry of a path, and the entry itself, in which the name stands as the volume has it.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VolumePathNotFound"/>.</exception>
    public static (FileReference Folder, IndexEntry Entry) Entry(VolumeEdit edit, string path)
    {
        var (names, name) = Split(path);
        var folder = Folder(edit, names, path);
        var tree = edit.Folder(folder);
        var entry = tree.Find(name) ?? (tree.FindSimilar(name) is { } similar ? tree.Find(similar) : null);
        if (entry is null)
            throw NotFound(edit, path);
        if (entry.File.Number < Mft.FirstUserNumber)
            throw new OsMigrateException(ErrorIds.UnsupportedFeature, ErrorKind.InvalidArgument, $"'{path}' belongs to NTFS itself and is not changed.", path);
        return (folder, entry);
    }

    public static FileReference Folder(VolumeEdit edit, string[] names, string path)
    {
        var at = Root(edit);
        foreach (var name in names)
            at = Child(edit, at, name) ?? throw NotFound(edit, path);
        return at;
    }

    /// <summary>A folder within a folder; null when there is no such name.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VolumePathExists"/>: a file has the name.</exception>
    public static FileReference? Child(VolumeEdit edit, FileReference folder, string name)
    {
        var tree = edit.Folder(folder);
        var entry = tree.Find(name) ?? (tree.FindSimilar(name) is { } similar ? tree.Find(similar) : null);
        if (entry is null)
            return null;
        if (edit.File(entry.File) is { IsFolder: true } file)
        {
            if (file.Find(AttributeType.ReparsePoint) is null)
                return entry.File;
            throw new OsMigrateException(ErrorIds.UnsupportedFeature, ErrorKind.NotSupported, $"'{name}' leads elsewhere (a junction or link) and is not followed.", name);
        }

        throw new OsMigrateException(ErrorIds.VolumePathExists, ErrorKind.AlreadyExists, $"'{name}' is a file, not a folder.", name);
    }

    private static OsMigrateException NotFound(VolumeEdit edit, string path)
        => new(ErrorIds.VolumePathNotFound, ErrorKind.NotFound, $"'{path}' is not on '{edit.Layout.Name}'.", path);
}
