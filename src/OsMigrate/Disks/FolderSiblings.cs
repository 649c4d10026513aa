using OsMigrate.Bytes;

namespace OsMigrate.Disks;

/// <summary>The gate to one folder: plain names only, regular files only, links not followed out of it.</summary>
internal sealed class FolderSiblings : Siblings
{
    private readonly string _folder;
    private readonly string[] _visited;

    public FolderSiblings(string folder, string[] visited, int depth)
    {
        _folder = Path.GetFullPath(folder);
        _visited = visited;
        Depth = depth;
    }

    public override ByteStore Open(string name, string referrer)
    {
        RequirePlainName(name, referrer);
        var path = Path.Combine(_folder, name);
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new InvalidImageException(ErrorIds.MissingSibling, referrer, -1, $"it needs the file '{name}', which is not in its folder");
        if ((file.Attributes & FileAttributes.ReparsePoint) != 0)
            throw new InvalidImageException(ErrorIds.OutsideFolder, referrer, -1, $"it needs the file '{name}', which is a link and may lead out of its folder");
        UndoJournal.RequireNone(path);
        return FileStore.OpenRead(path);
    }

    public override Siblings ForParent(string name, string referrer)
    {
        CheckChain(name, referrer, _visited, Depth);
        return new FolderSiblings(_folder, [.. _visited, name], Depth + 1);
    }
}
