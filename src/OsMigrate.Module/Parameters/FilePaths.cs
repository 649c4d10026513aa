using System.Management.Automation;
using OsMigrate.Bytes;

namespace OsMigrate.Module.Parameters;

/// <summary>Turns what the user writes into full file system paths, by PowerShell's rules: drives, ~, and the location of the session, not that of the process.</summary>
internal static class FilePaths
{
    /// <summary>One path as it stands, whether it exists or not.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.NotFileSystem"/>, <see cref="ErrorIds.FileNotFound"/> for an unknown drive.</exception>
    public static string Literal(SessionState session, string path)
    {
        try
        {
            var full = session.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            RequireFileSystem(provider, path);
            return full;
        }
        catch (Exception e) when (IsUnknown(e))
        {
            throw NotFound(path, e);
        }
    }

    /// <summary>All files that a path with wildcards matches; a path without any must exist.</summary>
    /// <exception cref="OsMigrateException">Nothing matches, or it is not a path of the file system.</exception>
    /// <param name="folders">Folders count too.</param>
    public static IReadOnlyList<string> Expand(SessionState session, string path, bool folders = false)
    {
        // A file named "disk[1].vmdk" is meant when it exists, even though brackets are wildcards.
        if (!WildcardPattern.ContainsWildcardCharacters(path) || File.Exists(Literal(session, path)) || (folders && Directory.Exists(Literal(session, path))))
            return [Existing(session, path, folders)];
        try
        {
            var found = session.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            RequireFileSystem(provider, path);
            var files = found.Where(f => File.Exists(f) || (folders && Directory.Exists(f))).ToList();
            return files.Count > 0 ? files : throw NotFound(path, null);
        }
        catch (Exception e) when (IsUnknown(e))
        {
            throw NotFound(path, e);
        }
    }

    /// <summary>One path as it stands, of a file that exists.</summary>
    /// <param name="folders">A folder will do too.</param>
    /// <exception cref="OsMigrateException">There is no such file.</exception>
    public static string Existing(SessionState session, string path, bool folders = false) => Existing(Literal(session, path), path, folders);

    private static string Existing(string full, string given, bool folders)
    {
        if (Directory.Exists(full))
            return folders ? full : throw new OsMigrateException(ErrorIds.FileAccess, ErrorKind.InvalidArgument, $"'{given}' is a folder; a file is needed.", full);
        return File.Exists(full) ? full : throw NotFound(full, null);
    }

    private static bool IsUnknown(Exception e)
        => e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or WildcardPatternException or NotSupportedException;

    private static OsMigrateException NotFound(string path, Exception? inner)
        => new(ErrorIds.FileNotFound, ErrorKind.NotFound, $"'{path}' does not exist.", path, inner);

    private static void RequireFileSystem(ProviderInfo provider, string path)
    {
        if (!string.Equals(provider.Name, "FileSystem", StringComparison.Ordinal))
            throw new OsMigrateException(ErrorIds.NotFileSystem, ErrorKind.InvalidArgument, $"'{path}' belongs to the provider {provider.Name}; a path of the file system is needed.", path);
    }
}
