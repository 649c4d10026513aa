using System.Globalization;
using System.Text.Json;
using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Json;

/// <summary>An object of a service's answer. What is absent or of another type is null; only <c>Needed</c> insists.</summary>
/// <param name="element">The object.</param>
/// <param name="what">What it describes, for errors: "server".</param>
public readonly struct JsonFields(JsonElement element, string what)
{
    private const int MaxDepth = 64;

    public JsonElement Element => element;

    /// <summary>Names and values as text, nested values as JSON.</summary>
    public IEnumerable<KeyValuePair<string, string?>> All => element.ValueKind != JsonValueKind.Object ? []
        : element.EnumerateObject().Select(p => new KeyValuePair<string, string?>(p.Name, AsText(p.Value)));

    /// <summary>Reads a whole answer, which must be an object.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.NetBadAnswer"/>.</exception>
    public static JsonFields Parse(ReadOnlyMemory<byte> body, string what)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object ? new JsonFields(document.RootElement.Clone(), what) : throw Bad(what, "it is not an object", null);
        }
        catch (JsonException e)
        {
            throw Bad(what, "it is not JSON", e);
        }
    }

    public string? Text(string name) => Find(name) is { } value ? AsText(value) : null;

    public string Needed(string name) => Text(name) ?? throw Bad(what, $"it has no '{name}'", null);

    public long? Whole(string name) => Find(name) is { } value
        ? value.ValueKind == JsonValueKind.Number ? value.TryGetInt64(out var number) ? number : null
            : value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read) ? read : null
        : null;

    public bool? Flag(string name) => Find(name) is { } value
        ? value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : AsText(value)?.ToLowerInvariant() switch { "true" => true, "false" => false, _ => null }
        : null;

    /// <summary>A time in ISO 8601; services that leave out the zone mean UTC.</summary>
    public DateTime? Time(string name)
        => DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time.UtcDateTime : null;

    public JsonFields? Object(string name) => Find(name) is { ValueKind: JsonValueKind.Object } value ? new JsonFields(value, name) : null;

    public JsonFields NeededObject(string name) => Object(name) ?? throw Bad(what, $"it has no '{name}'", null);

    /// <summary>The objects of a list; empty when there is none.</summary>
    public IReadOnlyList<JsonFields> Objects(string name)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array } list)
            return [];
        var items = new List<JsonFields>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object)
                items.Add(new JsonFields(item, name));
        }

        return items;
    }

    /// <summary>The texts of a list; empty when there is none.</summary>
    public IReadOnlyList<string> Texts(string name)
        => Find(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(AsText).OfType<string>().ToList() : [];

    /// <summary>A map of texts, such as metadata.</summary>
    public IReadOnlyDictionary<string, string> Map(string name)
        => (Object(name)?.All ?? []).Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value!, StringComparer.Ordinal);

    public static OsMigrateException Bad(string what, string reason, Exception? inner)
        => new(ErrorIds.NetBadAnswer, ErrorKind.InvalidData, $"The answer '{what}' of the cloud cannot be used: {reason}.", what, inner);

    private static string? AsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => value.GetRawText(),
    };

    private JsonElement? Find(string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
