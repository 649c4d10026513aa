namespace OsMigrate.Appliances;

/// <summary>Makes text from a file fit to stand in a message: short, and without characters that steer a terminal.</summary>
internal static class Shown
{
    private const int MaxLength = 80;

    /// <summary>A parser's own message, which may quote the file at any length.</summary>
    public static string Message(Exception e) => Text(e.Message.TrimEnd('.'), 240);

    public static string Text(string text, int maxLength = MaxLength)
    {
        var cut = text.Length > maxLength ? text.Substring(0, maxLength) + "..." : text;
        return new string(cut.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '?' : c).ToArray());
    }
}
