using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text.Json;

namespace OsMigrate.Shell.Cmdlets.Text;

/// <summary>Reads JSON into objects, or into tables that keep their order. Comments and a comma at the end are allowed.</summary>
internal sealed class JsonReader(bool asTables)
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 1024 };

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public object? Read(string text)
    {
        using var document = JsonDocument.Parse(text, Lenient);
        return Value(document.RootElement);
    }

    private object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object when asTables => Table(element),
        JsonValueKind.Object => Object(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Value).ToArray(),
        JsonValueKind.String => Text(element),
        JsonValueKind.Number => Number(element),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private IDictionary Table(JsonElement element)
    {
        var table = new System.Collections.Specialized.OrderedDictionary(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
            table[member.Name] = Value(member.Value);
        return table;
    }

    /// <summary>Of names that differ in case only, or not at all, the last one stays: property names have no case.</summary>
    private PSObject Object(JsonElement element)
    {
        var result = new PSObject();
        foreach (var member in element.EnumerateObject())
        {
            var name = member.Name.Length == 0 ? "(empty)" : member.Name;
            result.Properties.Remove(name);
            result.Properties.Add(new PSNoteProperty(name, Value(member.Value)));
        }

        return result;
    }

    /// <summary>A date with a time in ISO form becomes a date, as PowerShell 7 has it.</summary>
    private static object? Text(JsonElement element)
    {
        var text = element.GetString()!;
        return text.Length >= 19 && text[10] == 'T' && element.TryGetDateTime(out var date) ? date : text;
    }

    private static object Number(JsonElement element)
    {
        if (element.TryGetInt64(out var whole))
            return whole;
        var text = element.GetRawText();
        return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big) ? big : element.GetDouble();
    }
}
