using OsMigrate.Bytes;

namespace OsMigrate.Hypervisors.Collection;

/// <summary>Reads a host's facts from a folder with copies of its files: /proc, /sys, /etc as below a root. Nothing outside the folder is read.</summary>
internal static class FolderFacts
{
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.FileNotFound"/>: it is no copy of a host's files.</exception>
    public static HostFacts Read(string root)
    {
        var full = Path.GetFullPath(root);
        var facts = new HostFacts { Name = Path.GetFileName(full.TrimEnd(Path.DirectorySeparatorChar)), Source = HostSource.Folder, GuestNotTried = "only files of the host are at hand" };
        foreach (var pattern in HostPaths.Files)
        {
            foreach (var path in Expand(full, pattern))
            {
                if (Content(full, path) is { } text)
                    facts.AddFile(path, text);
            }
        }

        foreach (var folder in HostPaths.Folders)
        {
            if (Inside(full, folder) is { } place && Directory.Exists(place))
                facts.AddFolder(folder, Names(place));
        }

        if (facts.Text("/proc/cpuinfo") is null)
            throw new OsMigrateException(ErrorIds.FileNotFound, ErrorKind.NotFound, $"'{root}' holds no /proc/cpuinfo: it is no copy of a host's files.", full) { Advice = "Give the folder in which 'proc' and 'sys' are." };
        return facts;
    }

    private static IEnumerable<string> Expand(string root, string pattern)
    {
        var star = pattern.IndexOf('*');
        if (star < 0)
            return [pattern];
        var folder = pattern[..star].TrimEnd('/');
        var rest = pattern[(star + 1)..];
        return Inside(root, folder) is { } place && Directory.Exists(place) ? Names(place).Select(name => $"{folder}/{name}{rest}") : [];
    }

    private static List<string> Names(string folder)
        => Directory.EnumerateFileSystemEntries(folder).Take(HostPaths.MostNames).Select(Path.GetFileName).OfType<string>().OrderBy(static n => n, StringComparer.Ordinal).ToList();

    private static string? Content(string root, string path)
    {
        try
        {
            // A copy has content; what has none may be a pipe, which would never end.
            if (Inside(root, path) is not { } place || !File.Exists(place) || new FileInfo(place).Length == 0)
                return null;
            using var file = new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[HostPaths.LargestFile];
            var have = 0;
            for (int got; have < bytes.Length && (got = file.Read(bytes, have, bytes.Length - have)) > 0;)
                have += got;
            return System.Text.Encoding.UTF8.GetString(bytes, 0, have).Replace('\0', ' ').Replace("\r", "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As a file that is not there: what needs it says that it is unknown.
            return null;
        }
    }

    private static bool IsLink(string place) => (File.Exists(place) || Directory.Exists(place)) && (File.GetAttributes(place) & FileAttributes.ReparsePoint) != 0;

    /// <summary>The place of a path below the root; null when a link is on the way, since that may lead anywhere.</summary>
    private static string? Inside(string root, string path)
    {
        var place = root;
        foreach (var part in path.Split('/').Where(static p => p.Length > 0))
        {
            place = Path.Combine(place, part);
            if (part is "." or ".." || IsLink(place))
                return null;
        }

        return place;
    }
}
