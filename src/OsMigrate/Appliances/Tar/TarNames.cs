using OsMigrate.Bytes;
using OsMigrate.Disks;

namespace OsMigrate.Appliances.Tar;

/// <summary>Checks member names. They are only ever compared, not opened, but an archive with a name that leads out of its folder is an attack.</summary>
internal static class TarNames
{
    private const int MaxLength = 4096;

    /// <summary>Takes off a leading "./" and refuses what leads elsewhere: absolute names, drives, "..", backslashes, device names.</summary>
    public static string Check(string name, string fileName, long offset)
    {
        if (name.Length > MaxLength)
            throw new InvalidImageException(ErrorIds.TooLarge, fileName, offset, $"a member name of {name.Length} characters is longer than the {MaxLength} allowed");
        while (name.StartsWith("./", StringComparison.Ordinal))
            name = name.Substring(2);
        if (name.Length == 0 || name[0] == '/' || (name.Length > 1 && name[1] == ':'))
            throw Outside(name, fileName, offset);
        foreach (var part in name.TrimEnd('/').Split('/'))
            CheckPart(part, name, fileName, offset);
        return name;
    }

    private static void CheckPart(string part, string name, string fileName, long offset)
    {
        try
        {
            // Characters that only Windows forbids do no harm here and occur in the names of real machines.
            Siblings.RequirePlainName(new string(part.Select(c => c is ':' or '*' or '?' or '"' or '<' or '>' or '|' ? '_' : c).ToArray()), fileName);
        }
        catch (InvalidImageException)
        {
            throw Outside(name, fileName, offset);
        }
    }

    private static InvalidImageException Outside(string name, string fileName, long offset)
        => new(ErrorIds.OutsideFolder, fileName, offset, $"the archive has a member named '{Shown.Text(name)}', which is no plain name inside its own folder");
}
