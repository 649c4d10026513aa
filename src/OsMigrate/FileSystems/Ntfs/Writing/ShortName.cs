using System.Globalization;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>8.3 names.</summary>
/// <remarks>
/// Source: Microsoft, [MS-FSA] 2.1.5.1.1 and [MS-FSCC] 2.1.5.2.1 "8.3 Filename"; flatcap NTFS documentation, "Filename Namespace". Letters outside
/// of ASCII become underscores here, whatever the code page of the guest.
/// </remarks>
internal static class ShortName
{
    private const string Allowed = "!#$%&'()-@^_`{}~";

    /// <summary>The name can be its own short name.</summary>
    public static bool Fits(string name)
    {
        var parts = name.Split('.');
        return parts.Length <= 2 && parts[0].Length is >= 1 and <= 8 && (parts.Length == 1 || parts[1].Length is >= 1 and <= 3)
            && parts.All(static p => p.All(IsAllowed));
    }

    /// <param name="isTaken">Whether a name is in the folder already.</param>
    public static string Make(string name, UpCase upCase, Func<string, bool> isTaken)
    {
        var trimmed = name.TrimStart('.');
        var dot = trimmed.LastIndexOf('.');
        var stem = Clean(dot < 0 ? trimmed : trimmed.Substring(0, dot), upCase);
        var extension = dot < 0 ? "" : Clean(trimmed.Substring(dot + 1), upCase);
        extension = extension.Length == 0 ? "" : "." + First(extension, 3);
        for (var i = 1; i <= 4; i++)
        {
            var candidate = First(stem, 6) + "~" + i.ToString(CultureInfo.InvariantCulture) + extension;
            if (!isTaken(candidate))
                return candidate;
        }

        // As Windows does after four alike: two letters and a number made of the whole name.
        var hash = name.Aggregate(0, static (h, c) => ((h * 37) + c) & 0xFFFF);
        for (var i = 0; ; i++)
        {
            var candidate = First(stem, 2) + ((hash + (i / 9)) & 0xFFFF).ToString("X4", CultureInfo.InvariantCulture) + "~" + ((i % 9) + 1).ToString(CultureInfo.InvariantCulture) + extension;
            if (!isTaken(candidate))
                return candidate;
        }
    }

    private static string Clean(string text, UpCase upCase)
        => new([.. text.Where(static c => c is not (' ' or '.')).Select(c => IsAllowed(c) ? upCase.Of(c) : '_')]);

    private static string First(string text, int count) => text.Substring(0, Math.Min(count, text.Length));

    private static bool IsAllowed(char c) => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') || Allowed.IndexOf(c) >= 0;
}
