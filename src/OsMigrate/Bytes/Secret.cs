namespace OsMigrate.Bytes;

/// <summary>A text that must not be shown. Printing, formatting or serialising it gives stars; only <see cref="Reveal"/> gives the text.</summary>
public sealed class Secret(string text)
{
    /// <summary>Shorter ones are not looked for in other texts: they would be found in every second word.</summary>
    private const int LeastHidden = 4;

    /// <summary>The text itself, for the one place that sends it.</summary>
    public string Reveal() => text;

    /// <summary>Null for null or empty text.</summary>
    public static Secret? Of(string? text) => string.IsNullOrEmpty(text) ? null : new Secret(text!);

    /// <summary>The text with every secret in it replaced by stars, also where one stands in it as a part of an address, of JSON or in Base64.</summary>
    public static string? Hide(string? text, IEnumerable<Secret?> secrets)
    {
        if (text is null)
            return null;
        // Longest first: one secret may be a part of another.
        foreach (var form in secrets.OfType<Secret>().SelectMany(s => s.Forms()).Where(f => f.Length >= LeastHidden).Distinct().OrderByDescending(f => f.Length))
            text = text.Replace(form, "***");
        return text;
    }

    public override string ToString() => "***";

    private IEnumerable<string> Forms()
        => [text, Uri.EscapeDataString(text), System.Text.Json.JsonEncodedText.Encode(text).Value, Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text))];
}
