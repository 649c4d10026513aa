namespace OsMigrate.OpenStack.Configuration.Text;

/// <summary>White space as Python's str.strip knows it, which oslo.config reads files with. It differs from .NET's by the four separators U+001C to U+001F.</summary>
internal static class PythonText
{
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';

    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
            end--;
        return text.Substring(0, end);
    }

    public static string TrimStart(string text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start]))
            start++;
        return text.Substring(start);
    }

    public static string Trim(string text) => TrimStart(TrimEnd(text));
}
