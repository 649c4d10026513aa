using System.Management.Automation;

namespace OsMigrate.Shell.Cmdlets.Items;

/// <summary>Paths as typed into paths of items. A path that finds nothing is a non-terminating error and gives nothing, unless it has wildcards.</summary>
internal static class ItemPaths
{
    /// <summary>Paths of any provider.</summary>
    public static IReadOnlyList<string> Resolve(PSCmdlet command, string path, bool literal)
    {
        try
        {
            var pattern = literal ? WildcardPattern.Escape(path) : path;
            return [.. command.SessionState.Path.GetResolvedPSPathFromPSPath(pattern).Select(found => found.Path)];
        }
        catch (Exception error) when (error is ItemNotFoundException or DriveNotFoundException or ProviderNotFoundException)
        {
            command.WriteError(new ErrorRecord(((RuntimeException)error).ErrorRecord, error));
            return [];
        }
    }

    /// <summary>Paths of files, as the operating system knows them.</summary>
    public static IReadOnlyList<string> ResolveFiles(PSCmdlet command, string path, bool literal)
    {
        try
        {
            return [.. command.GetResolvedProviderPathFromPSPath(literal ? WildcardPattern.Escape(path) : path, out _)];
        }
        catch (Exception error) when (error is ItemNotFoundException or DriveNotFoundException or ProviderNotFoundException)
        {
            command.WriteError(new ErrorRecord(((RuntimeException)error).ErrorRecord, error));
            return [];
        }
    }
}
