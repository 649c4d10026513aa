namespace OsMigrate.Appliances;

/// <summary>Makes text from a file fit to stand in a message: short, and without characters that steer a terminal.</summary>
internal static class Shown
{
    private const int MaxLength = 80;

    public static string Text(string text)
    {
        var cut = text.Length > MaxLength ? text.Substring(0, MaxLength) + "..." : text;
        return new string(cut.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '?' : c).ToArray());
    }
}
