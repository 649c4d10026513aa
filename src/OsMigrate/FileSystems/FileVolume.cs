namespace OsMigrate.FileSystems;

/// <summary>The content of one partition or disc, seen as files and folders. Read only here; a file system that can be written adds to this.</summary>
public abstract class FileVolume
{
    private static readonly char[] Separators = ['/', '\\'];

    /// <summary>Short name of the file system: "NTFS", "FAT32", "UDF".</summary>
    public abstract string Kind { get; }

    /// <summary>The label the volume carries; null where it has none.</summary>
    public abstract string? Label { get; }

    public abstract FileEntry Root { get; }

    /// <summary>Finds a file or folder by its path from the root, without regard to case; slashes may lean either way.</summary>
    /// <returns>Null when there is no such entry.</returns>
    public FileEntry? Find(string path)
    {
        var at = Root;
        foreach (var name in SplitPath(path))
        {
            var next = at.IsFolder ? at.FindChild(name) : null;
            if (next is null)
                return null;
            at = next;
        }

        return at;
    }

    /// <summary>The names of a path, without empty ones.</summary>
    protected static string[] SplitPath(string path) => path.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
}
