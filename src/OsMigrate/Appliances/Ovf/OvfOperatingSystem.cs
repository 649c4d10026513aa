using System.Globalization;
using System.Xml.Linq;
using OsMigrate.Machines;

namespace OsMigrate.Appliances.Ovf;

/// <summary>The &lt;OperatingSystemSection&gt; and its vendor additions. The vendor's id is finer than CIM's and goes first.</summary>
internal static class OvfOperatingSystem
{
    public static GuestOsType Read(XElement system, VirtualBoxMachine virtualBox)
    {
        var section = system.Sections("OperatingSystemSection").FirstOrDefault();
        int? cim = int.TryParse(section?.OvfAttribute("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        var vendor = section?.VendorAttribute("osType") ?? section?.Elements().FirstOrDefault(e => e.Name.LocalName == "OSType")?.Value.Trim() ?? virtualBox.OsId;
        var os = GuestOsIds.Resolve(vendor, cim);
        if (os.Family != GuestFamily.Unknown)
            return os;

        // The description is free text for people; as a last resort its first words may still name the family.
        return os with { Family = GuestOsIds.FamilyOf(section?.ChildText("Description")) };
    }
}
