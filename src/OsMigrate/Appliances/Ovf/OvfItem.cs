using System.Globalization;
using System.Xml.Linq;

namespace OsMigrate.Appliances.Ovf;

/// <summary>An &lt;Item&gt; of a VirtualHardwareSection: CIM_ResourceAllocationSettingData (DSP0243, "VirtualHardwareSection").</summary>
internal sealed class OvfItem
{
    private OvfItem(XElement element)
    {
        Element = element;
        InstanceId = element.ChildText("InstanceID") ?? "";
        ResourceType = Int(element.ChildText("ResourceType")) ?? 0;
        SubType = element.ChildText("ResourceSubType") ?? "";
        Name = element.ChildText("ElementName") ?? element.ChildText("Caption") ?? element.ChildText("Description") ?? "";
        Description = element.ChildText("Description") ?? "";
        Config = element.VMwareSettings("Config");
    }

    public XElement Element { get; }

    public string InstanceId { get; }

    /// <summary>CIM_ResourceAllocationSettingData.ResourceType: 3 processor, 4 memory, 17 disk ... 0 when it cannot be read.</summary>
    public int ResourceType { get; }

    public string SubType { get; }

    public string Name { get; }

    public string Description { get; }

    /// <summary>VMware's settings of this device.</summary>
    public IReadOnlyDictionary<string, string> Config { get; }

    public string? Parent => Element.ChildText("Parent");

    public int? AddressOnParent => Int(Element.ChildText("AddressOnParent"));

    public string? Address => Element.ChildText("Address");

    public string? VirtualQuantity => Element.ChildText("VirtualQuantity");

    public string? AllocationUnits => Element.ChildText("AllocationUnits") ?? Element.ChildText("VirtualQuantityUnits");

    public IEnumerable<string> HostResources => Element.ChildTexts("HostResource");

    public IEnumerable<string> Connections => Element.ChildTexts("Connection");

    /// <summary>False when the device starts unplugged.</summary>
    public bool AutomaticAllocation => !string.Equals(Element.ChildText("AutomaticAllocation"), "false", StringComparison.OrdinalIgnoreCase);

    /// <summary>The items of a hardware section that count for a configuration.</summary>
    /// <remarks>
    /// Items with another configuration and the min and max of a range are left out; an item of the configuration replaces the one
    /// without any that has the same InstanceID.
    /// </remarks>
    public static List<OvfItem> ReadAll(XElement hardware, string? configuration)
    {
        var items = new List<OvfItem>();
        var at = new Dictionary<string, (int Index, bool Specific)>(StringComparer.Ordinal);
        foreach (var e in hardware.Elements().Where(IsItem))
        {
            if (!Applies(e, configuration) || e.OvfAttribute("bound") is "min" or "max")
                continue;
            var item = new OvfItem(e);
            var specific = !string.IsNullOrEmpty(e.OvfAttribute("configuration"));
            if (item.InstanceId.Length > 0 && at.TryGetValue(item.InstanceId, out var other) && other.Specific != specific)
            {
                if (specific)
                {
                    items[other.Index] = item;
                    at[item.InstanceId] = (other.Index, true);
                }

                continue;
            }

            at[item.InstanceId] = (items.Count, specific);
            items.Add(item);
        }

        return items;
    }

    /// <summary>Does an element with an ovf:configuration attribute count for this configuration? Without the attribute it always does.</summary>
    public static bool Applies(XElement e, string? configuration)
    {
        var listed = e.OvfAttribute("configuration");
        return string.IsNullOrEmpty(listed) || (configuration is not null && listed!.Split(' ', '\t', '\n', '\r').Contains(configuration, StringComparer.Ordinal));
    }

    private static bool IsItem(XElement e) => OvfElements.KindOf(e) is "Item" or "StorageItem" or "EthernetPortItem";

    private static int? Int(string? text)
        => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
