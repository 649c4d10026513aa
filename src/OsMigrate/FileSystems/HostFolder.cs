using OsMigrate.Bytes;

namespace OsMigrate.FileSystems;

/// <summary>A folder of this computer as a volume: an unpacked driver disc, a package's driver folder. Read only.</summary>
/// <remarks>Links that stay in the folder are followed; what leads out of it, or back up to a folder above, is not listed.</remarks>
public sealed class HostFolder : FileVolume
{
    private HostFolder(string path, string real)
    {
        Path = path;
        Root = new HostEntry(real, new DirectoryInfo(real), "", [real]);
    }

    public override string Kind => "folder";

    public override string? Label => null;

    public override FileEntry Root { get; }

    /// <summary>The folder's full path as it was given.</summary>
    public string Path { get; }

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.FileNotFound"/>: there is no such folder.</exception>
    public static HostFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(full))
            throw new OsMigrateException(ErrorIds.FileNotFound, ErrorKind.NotFound, $"The folder '{full}' does not exist.", full);
        // On systems where links cannot be followed the folder itself may still be one.
        return new HostFolder(full, RealPath.Of(full) ?? full);
    }
}

/// <summary>A file or folder of this computer.</summary>
/// <param name="root">The folder that nothing may lead out of, without links.</param>
/// <param name="info">Where the entry really is.</param>
/// <param name="above">The real paths of the folder and of those above it.</param>
internal sealed class HostEntry(string root, FileSystemInfo info, string name, string[] above) : FileEntry
{
    private const int MaxDepth = 128;

    public override string Name => name;

    public override bool IsFolder => info is DirectoryInfo;

    public override long SizeBytes => info is FileInfo file ? file.Length : 0;

    public override DateTime? CreatedTime => info.CreationTimeUtc;

    public override DateTime? ModifiedTime => info.LastWriteTimeUtc;

    public override DateTime? AccessedTime => info.LastAccessTimeUtc;

    public override ByteStore OpenContent() => info is FileInfo file
        ? FileStore.OpenRead(file.FullName)
        : throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{name}' is a folder; it has no content.", name);

    public override IEnumerable<FileEntry> Children()
    {
        if (info is not DirectoryInfo folder || above.Length > MaxDepth)
            return [];
        try
        {
            return folder.GetFileSystemInfos().OrderBy(static e => e.Name, StringComparer.Ordinal).Select(Child).OfType<FileEntry>().ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, folder.FullName, "list");
        }
    }

    private HostEntry? Child(FileSystemInfo child)
    {
        var real = child;
        if ((child.Attributes & FileAttributes.ReparsePoint) != 0)
        {
            if (RealPath.Of(child.FullName) is not { } path || !IsWithin(path))
                return null;
            real = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        }

        if (!real.Exists || Array.IndexOf(above, real.FullName) >= 0)
            return null;
        return new HostEntry(root, real, child.Name, real is DirectoryInfo ? [.. above, real.FullName] : above);
    }

    private bool IsWithin(string path)
        => path.StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
