using System.Globalization;
using System.Text;

namespace OsMigrate.Migrations.Reports;

/// <summary>Makes names of an inventory fit to be shown: short, and without characters that hide, reverse or break what stands beside them.</summary>
internal static class ShownText
{
    private const int MaxLength = 200;

    /// <summary>For the page: characters that cannot be seen are written out, long texts cut.</summary>
    public static string ForPage(string text, int maxLength = MaxLength)
    {
        if (text.Length <= maxLength && text.All(static c => c is >= ' ' and <= '~'))
            return text;
        var shown = new StringBuilder();
        foreach (var (part, rune) in Parts(text))
        {
            if (shown.Length + part.Length > maxLength)
                return shown.Append('\u2026').ToString();
            shown.Append(IsHidden(part) ? $"<U+{rune:X4}>" : part);
        }

        return shown.ToString();
    }

    /// <summary>For a cell of a workbook: what XML 1.0 forbids is left out, and the length kept to what Excel takes.</summary>
    public static string ForCell(string text)
    {
        const int longest = 32_000;
        var cell = new StringBuilder();
        foreach (var (part, rune) in Parts(text))
        {
            if (cell.Length + part.Length > longest)
                break;
            if (rune is 0x9 or 0xA or 0xD or (>= 0x20 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD) or >= 0x10000)
                cell.Append(part);
        }

        return cell.ToString();
    }

    /// <summary>Whole characters; half of a pair comes as U+FFFD.</summary>
    private static IEnumerable<(string Part, int Rune)> Parts(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                yield return (text[i].ToString(), text[i]);
            else if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                yield return (text.Substring(i, 2), char.ConvertToUtf32(text[i], text[++i]));
            else
                yield return ("\uFFFD", 0xFFFD);
        }
    }

    /// <summary>U+200D joins emoji and is harmless by itself.</summary>
    private static bool IsHidden(string part)
        => part != "\u200D" && CharUnicodeInfo.GetUnicodeCategory(part, 0) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;
}
