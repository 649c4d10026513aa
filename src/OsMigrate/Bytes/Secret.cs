namespace OsMigrate.Bytes;

/// <summary>A text that must not be shown. Printing, formatting or serialising it gives stars; only <see cref="Reveal"/> gives the text.</summary>
public sealed class Secret(string text)
{
    /// <summary>The text itself, for the one place that sends it.</summary>
    public string Reveal() => text;

    /// <summary>Null for null or empty text.</summary>
    public static Secret? Of(string? text) => string.IsNullOrEmpty(text) ? null : new Secret(text!);

    public override string ToString() => "***";
}
