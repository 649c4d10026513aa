using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OsMigrate.Net;

namespace OsMigrate.OpenStack.Services;

/// <summary>Finds the sentence that a service gives as reason, in whichever of their shapes.</summary>
/// <remarks>
/// Nova and Cinder: {"fault name": {"message"}}; Keystone: {"error": {"message"}}; Neutron: {"NeutronError": {"message"}}; Placement and
/// others: {"errors": [{"detail"}]}; WSME: {"faultstring"}; Glance: text or HTML.
/// </remarks>
internal static class ErrorBodies
{
    private const int MaxLength = 600;

    private static readonly Regex Headings = new("<(?<tag>title|h1|script|style)[^>]*>.*?</\\k<tag>>", RegexOptions.IgnoreCase | RegexOptions.Singleline, TimeSpan.FromSeconds(1));
    private static readonly Regex Tags = new("<[^>]*>", RegexOptions.None, TimeSpan.FromSeconds(1));

    public static string? Message(HttpReply reply)
    {
        var text = reply.Text.Trim();
        if (text.Length == 0)
            return null;
        var found = text[0] is '{' or '[' ? FromJson(text) : FromPage(text);
        // Glance puts HTML into its JSON too.
        return found is null ? null : Tidy(found.IndexOf("<br", StringComparison.OrdinalIgnoreCase) >= 0 ? FromPage(found) : found);
    }

    private static string? FromJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            return Find(document.RootElement, 0);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Find(JsonElement element, int depth)
    {
        if (depth > 4)
            return null;
        if (element.ValueKind == JsonValueKind.Array)
            return element.EnumerateArray().Select(e => Find(e, depth + 1)).FirstOrDefault(m => m is not null);
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var name in new[] { "message", "detail", "faultstring", "error_message", "description" })
        {
            if (element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text)
                return text;
        }

        return element.EnumerateObject().Select(p => Find(p.Value, depth + 1)).FirstOrDefault(m => m is not null);
    }

    /// <summary>Drops the title and the heading, which repeat the status, and all tags.</summary>
    private static string FromPage(string text)
        => text.IndexOf('<') < 0 ? text : System.Net.WebUtility.HtmlDecode(Tags.Replace(Headings.Replace(text, " "), " "));

    private static string Tidy(string text)
    {
        var tidy = new StringBuilder();
        foreach (var c in text)
        {
            if (tidy.Length >= MaxLength)
                break;
            if (!char.IsControl(c) && !char.IsWhiteSpace(c))
                tidy.Append(c);
            else if (tidy.Length > 0 && tidy[tidy.Length - 1] != ' ')
                tidy.Append(' ');
        }

        return tidy.ToString().Trim().TrimEnd('.');
    }
}
