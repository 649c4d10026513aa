using OsMigrate.Bytes;
using OsMigrate.OpenStack.Configuration.Text;

namespace OsMigrate.OpenStack.Configuration.Files;

/// <summary>Files of this machine: its own /etc, single files, or folders copied from other machines.</summary>
/// <param name="boundary">Full path of the folder that links may not lead out of; null for none, which only the machine's own /etc has.</param>
/// <param name="node">The machine's name where the files are its own.</param>
internal sealed class LocalConfigHost(string? boundary, string? node) : IConfigHost
{
    private readonly string? _boundary = boundary is null ? null : (RealPath.Of(boundary) ?? boundary).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;

    public string? Node => node;

    public bool IsFolder(string path, CancellationToken cancel) => Directory.Exists(path);

    public IReadOnlyList<ConfigEntry> List(string folder, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (!Directory.Exists(folder) || LeadsOut(folder))
            return [];
        try
        {
            return new DirectoryInfo(folder).EnumerateFileSystemInfos()
                .Select(i => new ConfigEntry(i.Name, (i.Attributes & FileAttributes.Directory) != 0))
                .OrderBy(e => e.Name, StringComparer.Ordinal)
                .ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, folder, "read");
        }
    }

    public ConfigContent Read(string path, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (LeadsOut(path))
            throw new OsMigrateException(ErrorIds.OutsideFolder, ErrorKind.PermissionDenied, $"'{path}' leads out of the folder that was given, and is not read.", path);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new ConfigContent(BoundedRead.All(file, ConfigDocument.MaxBytes, path), FileRights.ModeOf(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "read");
        }
    }

    public void Replace(string path, byte[] before, byte[] after, string? backup, CancellationToken cancel)
    {
        // A link stays a link: what it leads to is replaced.
        var real = RealPath.Of(path) ?? path;
        var fresh = real + ".osmigrate-new";
        try
        {
            Write(fresh, after, real);
            cancel.ThrowIfCancellationRequested();
            if (!Read(path, cancel).Bytes.AsSpan().SequenceEqual(before))
                throw ConfigErrors.Changed(path);
            if (backup is not null)
                Write(backup, before, real);
            FileRights.Replace(fresh, real);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "write");
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    private static void Write(string path, byte[] content, string like)
    {
        using (var file = FileRights.CreatePrivate(path))
        {
            file.Write(content, 0, content.Length);
            file.Flush(flushToDisk: true);
        }

        FileRights.Copy(like, path);
    }

    public void Dispose()
    {
    }

    private bool LeadsOut(string path)
    {
        if (_boundary is null)
            return false;
        return RealPath.Of(path) is not { } real || !(real + Path.DirectorySeparatorChar).StartsWith(_boundary, StringComparison.Ordinal);
    }
}
