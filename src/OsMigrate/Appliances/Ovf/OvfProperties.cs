using System.Xml.Linq;

namespace OsMigrate.Appliances.Ovf;

/// <summary>The properties of the ProductSections with their default values (DSP0243, "ProductSection"), for one deployment configuration.</summary>
/// <remarks>Values of properties marked as passwords are used to expand ${...}, but never shown.</remarks>
internal sealed class OvfProperties
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);

    /// <summary>Values that may be shown, by full key (class.key.instance).</summary>
    public IReadOnlyDictionary<string, string> Shown => _shown;

    /// <summary>Reads the sections directly below the given elements, outermost first.</summary>
    public static OvfProperties Read(IEnumerable<XElement> scopes, string? configuration)
    {
        var properties = new OvfProperties();
        foreach (var section in scopes.SelectMany(s => s.Sections("ProductSection")))
        {
            foreach (var e in section.Ovf("Property"))
                properties.Add(e, section, configuration);
        }

        return properties;
    }

    /// <summary>Replaces a whole "${key}" by its value; null when there is none. Other text comes back as it is.</summary>
    public string? Expand(string text)
    {
        if (!text.StartsWith("${", StringComparison.Ordinal) || !text.EndsWith("}", StringComparison.Ordinal))
            return text;
        return _values.TryGetValue(text.Substring(2, text.Length - 3), out var value) ? value : null;
    }

    private void Add(XElement e, XElement section, string? configuration)
    {
        var key = e.OvfAttribute("key");
        if (string.IsNullOrEmpty(key) || !OvfItem.Applies(e, configuration))
            return;
        var specific = e.Ovf("Value").FirstOrDefault(v => configuration is not null && v.OvfAttribute("configuration") == configuration);
        var value = specific?.OvfAttribute("value") ?? e.OvfAttribute("value") ?? e.Ovf("Value").Select(v => v.OvfAttribute("value")).FirstOrDefault();
        if (string.IsNullOrEmpty(value))
            return;
        var full = string.Join(".", new[] { section.OvfAttribute("class"), key, section.OvfAttribute("instance") }.Where(p => !string.IsNullOrEmpty(p)));
        _values[full] = value!;
        if (!string.Equals(e.OvfAttribute("password"), "true", StringComparison.OrdinalIgnoreCase))
            _shown[full] = value!;
    }
}
