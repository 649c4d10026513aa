using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Which names a new file gets.</summary>
/// <remarks>
/// A short name is made when the names beside the new one have short names; where they do not tell (there are none, or all fit 8.3), the folder
/// above is asked, and so on up to the root. Without any sign no short name is made, as on volumes where Windows has them switched off.
/// </remarks>
internal static class NameRules
{
    private const int MaxLength = 255;

    public static void Check(string name)
    {
        var bad = name.Length > MaxLength || name is "." or ".." || name.Length == 0 || name[name.Length - 1] is ' ' or '.'
            || name.Any(static c => c < 32 || c is '"' or '*' or '/' or ':' or '<' or '>' or '?' or '\\' or '|');
        if (bad)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{name}' is no file name for Windows.", name);
    }

    public static IReadOnlyList<(string Name, NameSpace Space)> NamesFor(VolumeEdit edit, FileReference parent, string name)
    {
        if (!UsesShortNames(edit, parent, name))
            return [(name, NameSpace.Win32)];
        if (ShortName.Fits(name))
            return [(name, NameSpace.Win32AndDos)];
        var tree = edit.Folder(parent);
        return [(name, NameSpace.Win32), (ShortName.Make(name, edit.Volume.UpCase, n => tree.FindSimilar(n) is not null), NameSpace.Dos)];
    }

    private static bool UsesShortNames(VolumeEdit edit, FileReference folder, string name)
    {
        for (var depth = 0; depth < 256; depth++)
        {
            if (edit.Folder(folder).HasShortNames(name) is { } found)
                return found;
            if (folder.Number == Mft.RootNumber || edit.File(folder).Names is not [var own, ..])
                return false;
            (folder, name) = (own.Parent, own.Name);
        }

        return false;
    }
}
