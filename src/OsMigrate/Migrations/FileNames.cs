using System.Text;
using OsMigrate.Disks;

namespace OsMigrate.Migrations;

/// <summary>Turns names from a source, which may hold anything, into plain file names that every system accepts.</summary>
internal static class FileNames
{
    private const int MaxLength = 100;

    /// <returns>Letters, digits, dot, dash and underscore of the name; the fallback when nothing is left.</returns>
    public static string Safe(string name, string fallback)
    {
        var safe = new StringBuilder();
        foreach (var c in name.Trim())
        {
            if (safe.Length >= MaxLength)
                break;
            safe.Append(c < 128 && (char.IsLetterOrDigit(c) || c is '.' or '-' or '_') ? c : '_');
        }

        var result = safe.ToString().Trim('.', '_');
        return result.Length > 0 && Siblings.IsPlainName(result) ? result : fallback;
    }
}
