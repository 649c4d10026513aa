using System.Xml;
using System.Xml.Linq;

namespace OsMigrate.Appliances.Ovf;

/// <summary>Finds elements and attributes of a descriptor by their meaning, whatever prefix or dialect wrote them.</summary>
/// <remarks>
/// DSP0243 puts everything into its own namespace; OVF 0.9 wrote &lt;Section xsi:type="ovf:DiskSection_Type"&gt;, and oVirt still does,
/// with no namespace on the elements at all.
/// </remarks>
internal static class OvfElements
{
    private const string Schema = "http://www.w3.org/2001/XMLSchema-instance";
    private const string VMware = "http://www.vmware.com/schema/ovf";

    private static readonly string[] Envelopes =
    [
        "http://schemas.dmtf.org/ovf/envelope/1",
        "http://schemas.dmtf.org/ovf/envelope/2",
        "http://www.vmware.com/schema/ovf/1/envelope",
        "http://schemas.dmtf.org/ovf/1/envelope",
    ];

    public static bool IsEnvelopeNamespace(string name) => Envelopes.Contains(name.TrimEnd('/'), StringComparer.Ordinal);

    /// <summary>Child elements of the OVF vocabulary with this local name.</summary>
    public static IEnumerable<XElement> Ovf(this XElement parent, string name)
        => parent.Elements().Where(e => e.Name.LocalName == name && IsOvf(e.Name.NamespaceName));

    /// <summary>Child sections of a kind, by element name or by xsi:type.</summary>
    public static IEnumerable<XElement> Sections(this XElement parent, string kind) => parent.Elements().Where(e => KindOf(e) == kind);

    /// <summary>"DiskSection" for both &lt;DiskSection&gt; and &lt;Section xsi:type="ovf:DiskSection_Type"&gt;; null for a foreign element.</summary>
    public static string? KindOf(XElement e)
    {
        if (!IsOvf(e.Name.NamespaceName))
            return null;
        var name = e.Name.LocalName;
        if (name is not ("Section" or "Content"))
            return name;
        var type = (string?)e.Attribute(XName.Get("type", Schema)) ?? name;
        type = type.Substring(type.IndexOf(':') + 1);
        return type.EndsWith("_Type", StringComparison.Ordinal) ? type.Substring(0, type.Length - 5) : type;
    }

    /// <summary>An attribute of the OVF vocabulary, qualified or not; trimmed; null when absent.</summary>
    public static string? OvfAttribute(this XElement e, string name)
        => e.Attributes().FirstOrDefault(a => a.Name.LocalName == name && IsOvf(a.Name.NamespaceName))?.Value.Trim();

    /// <summary>An attribute by its local name in any namespace but OVF's own.</summary>
    public static string? VendorAttribute(this XElement e, string name)
        => e.Attributes().FirstOrDefault(a => a.Name.LocalName == name && !a.IsNamespaceDeclaration && !IsEnvelopeNamespace(a.Name.NamespaceName))?.Value.Trim();

    /// <summary>The trimmed text of the first child element of that local name, in any namespace and without regard to case; null when absent or empty.</summary>
    public static string? ChildText(this XElement parent, string name)
        => parent.Elements().Where(e => e.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(e => e.Value.Trim()).FirstOrDefault(v => v.Length > 0);

    public static IEnumerable<string> ChildTexts(this XElement parent, string name)
        => parent.Elements().Where(e => e.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(e => e.Value.Trim()).Where(v => v.Length > 0);

    /// <summary>VMware's key/value children: &lt;vmw:Config vmw:key= vmw:value=&gt; or &lt;vmw:ExtraConfig ...&gt;. The last one of a key counts.</summary>
    public static Dictionary<string, string> VMwareSettings(this XElement parent, string element)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var e in parent.Elements(XName.Get(element, VMware)))
        {
            if (e.VendorAttribute("key") is { } key)
                settings[key] = e.VendorAttribute("value") ?? "";
        }

        return settings;
    }

    /// <summary>"line 12" for messages.</summary>
    public static string Where(this XElement e) => e is IXmlLineInfo info && info.HasLineInfo() ? $"line {info.LineNumber}" : "an unknown line";

    private static bool IsOvf(string name) => name.Length == 0 || IsEnvelopeNamespace(name);
}
