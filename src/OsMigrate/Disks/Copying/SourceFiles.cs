using OsMigrate.Bytes;

namespace OsMigrate.Disks.Copying;

/// <summary>Keeps a copy from replacing what it reads: the image itself, its parents and its extents.</summary>
internal static class SourceFiles
{
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>: the destination, or the name it is written under first, is one of the source's files.</exception>
    public static void RequireOther(DiskImage source, string destination)
    {
        var target = Path.GetFullPath(destination);
        foreach (var file in Of(source))
        {
            if (Same(file, target) || Same(file, target + FileSink.PartialSuffix))
            {
                throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{target}' cannot be written: '{file}' is part of the source, and a source is never overwritten.", target)
                {
                    Advice = "Choose another name or folder for the destination.",
                };
            }
        }
    }

    private static IEnumerable<string> Of(DiskImage source)
    {
        // Images in memory and inside appliances have names that are no paths; nothing can be written over those.
        if (!Path.IsPathRooted(source.Name))
            yield break;
        yield return source.Name;
        var folder = Path.GetDirectoryName(source.Name)!;
        for (var info = source.Info; info is not null; info = info.Parent)
        {
            if (info.ParentName is { } parent)
                yield return Path.Combine(folder, Siblings.LastComponent(parent));
            foreach (var extent in info.ExtentNames)
                yield return Path.Combine(folder, Siblings.LastComponent(extent));
        }
    }

    // Names that differ by case only are one file on Windows and on many a share.
    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
