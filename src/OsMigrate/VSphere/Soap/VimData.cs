using System.Globalization;
using System.Xml.Linq;

namespace OsMigrate.VSphere.Soap;

/// <summary>One value of an answer: read by name, absent or malformed parts are null. Names count within urn:vim25 only, whatever prefixes the server uses.</summary>
internal readonly struct VimData(XElement element)
{
    /// <summary>The element's own name.</summary>
    public string Name => element.Name.LocalName;

    /// <summary>The type that xsi:type states, without its prefix; empty when it states none.</summary>
    public string TypeName
    {
        get
        {
            var type = (string?)element.Attribute(VimXml.Schema + "type") ?? "";
            return type.Substring(type.IndexOf(':') + 1);
        }
    }

    public string Value => element.Value;

    public IEnumerable<VimData> Children => element.Elements().Select(static e => new VimData(e));

    public VimData? Child(string name) => element.Element(VimXml.Vim + name) is { } child ? new VimData(child) : null;

    /// <summary>The value at the end of a path of names.</summary>
    public VimData? At(params string[] path)
    {
        XElement? at = element;
        foreach (var name in path)
            at = at?.Element(VimXml.Vim + name);
        return at is null ? null : new VimData(at);
    }

    /// <summary>All children of a name: how vSphere writes lists.</summary>
    public IEnumerable<VimData> List(string name) => element.Elements(VimXml.Vim + name).Select(static e => new VimData(e));

    public string? Text(string name) => element.Element(VimXml.Vim + name)?.Value;

    public bool? Bool(string name) => AsBool(Text(name));

    public long? Long(string name) => AsLong(Text(name));

    public int? Int(string name) => Long(name) is >= int.MinValue and <= int.MaxValue and var n ? (int)n : null;

    public MoRef? Ref(string name) => Child(name)?.AsRef();

    public DateTime? Time(string name) => AsTime(Text(name));

    /// <summary>This value as a reference; null when it states no type.</summary>
    public MoRef? AsRef() => (string?)element.Attribute("type") is { Length: > 0 } type && element.Value.Length > 0 ? new MoRef(type, element.Value) : null;

    public static bool? AsBool(string? text) => text?.Trim() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    public static long? AsLong(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var n) ? n : null;

    public static DateTime? AsTime(string? text)
        => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : null;
}
