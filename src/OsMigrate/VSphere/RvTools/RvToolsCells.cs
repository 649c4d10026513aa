using System.Globalization;

namespace OsMigrate.VSphere.RvTools;

/// <summary>Reads what stands in cells: numbers come as such or as text of any country, and exports that were made anonymous have words in their place.</summary>
internal static class RvToolsCells
{
    private const int MaxLength = 32_768;

    private static readonly HashSet<string> Yes = new(StringComparer.OrdinalIgnoreCase) { "true", "1", "yes", "wahr", "vrai", "verdadero", "vero", "ja", "oui" };
    private static readonly HashSet<string> No = new(StringComparer.OrdinalIgnoreCase) { "false", "0", "no", "falsch", "faux", "falso", "nein", "non" };

    /// <summary>A cell as text; numbers and dates without regard to the country.</summary>
    public static string Text(object? cell)
    {
        var text = cell switch
        {
            null => "",
            string s => s,
            double d => d.ToString("R", CultureInfo.InvariantCulture),
            DateTime t => t.ToString("s", CultureInfo.InvariantCulture),
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => cell.ToString() ?? "",
        };
        return text.Length > MaxLength ? text.Substring(0, MaxLength) : text;
    }

    public static bool? Bool(string text) => Yes.Contains(text.Trim()) ? true : No.Contains(text.Trim()) ? false : null;

    public static DateTime? Date(string text)
        => DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal | DateTimeStyles.AdjustToUniversal, out var time)
           || DateTime.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.AssumeLocal | DateTimeStyles.AdjustToUniversal, out time) ? time : null;

    /// <summary>Reads 1024, 1,024, 1.024, 1 024, 1'024 and 12,5; null for what is no number, or none that a size can be.</summary>
    public static double? Number(string text)
    {
        var plain = new string([.. text.Trim().Where(static c => c is not (' ' or '\u00A0' or '\u202F' or '\u2009' or '\'' or '\u2019'))]);
        if (plain.Length is 0 or > 40)
            return null;
        var decimals = DecimalMark(plain);
        var normal = new string([.. plain.Where(c => c is not (',' or '.') || c == decimals)]);
        if (decimals == ',')
            normal = normal.Replace(',', '.');
        return double.TryParse(normal, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 9_007_199_254_740_992 ? number : null;
    }

    /// <summary>Which of the two marks begins the fraction. The last one, unless it can only be a mark of thousands; '\0' for none.</summary>
    private static char DecimalMark(string text)
    {
        var (comma, dot) = (text.LastIndexOf(','), text.LastIndexOf('.'));
        if (comma < 0 && dot < 0)
            return '\0';
        var last = comma > dot ? ',' : '.';
        var at = Math.Max(comma, dot);
        if (comma >= 0 && dot >= 0)
            return last;
        // Sizes are whole numbers: one mark with three digits behind it, and not 0 before it, parts thousands.
        var repeated = text.IndexOf(last) != at;
        var thousands = repeated || (text.Length - at - 1 == 3 && text.Substring(0, at) is not ("0" or "") && text.IndexOfAny(['E', 'e']) < 0);
        return thousands ? '\0' : last;
    }
}
