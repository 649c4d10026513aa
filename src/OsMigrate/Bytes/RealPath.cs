namespace OsMigrate.Bytes;

/// <summary>Where a path really leads when every link on the way is followed.</summary>
public static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>The full path without links; null when a link cannot be followed, or when links run in a circle.</summary>
    /// <remarks>On Windows PowerShell links are not followed at all: every one gives null.</remarks>
    public static string? Of(string path)
    {
        var full = Path.GetFullPath(path);
        for (var links = 0; links <= MaxLinks; links++)
        {
            if (FirstLink(full) is not { } link)
                return full;
            if (Target(link) is not { } target)
                return null;
            var rest = full.Substring(link.Length).TrimStart(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
            full = Path.GetFullPath(Path.Combine(target, rest));
        }

        return null;
    }

    /// <summary>The shortest part of the path that is a link; null when none is.</summary>
    private static string? FirstLink(string full)
    {
        var parts = new Stack<string>();
        for (var part = full; part is not null && part != Path.GetPathRoot(full); part = Path.GetDirectoryName(part))
            parts.Push(part);
        return parts.FirstOrDefault(IsLink);
    }

    private static bool IsLink(string path)
    {
        try
        {
            return (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

#if NETSTANDARD2_0
    private static string? Target(string link) => null;
#else
    private static string? Target(string link)
    {
        try
        {
            FileSystemInfo info = Directory.Exists(link) ? new DirectoryInfo(link) : new FileInfo(link);
            return info.ResolveLinkTarget(returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
#endif
}
