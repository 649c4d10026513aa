using System.Globalization;
using OsMigrate.Machines;

namespace OsMigrate.Appliances.Ovf;

/// <summary>A storage controller of the hardware section.</summary>
/// <param name="Number">Position among the controllers of its bus, from 0.</param>
/// <param name="Model">Neutral lower-case model, or null.</param>
internal sealed record OvfController(DiskBus Bus, int Number, string? Model);

/// <summary>The storage controllers of a machine, by InstanceID.</summary>
internal static class OvfControllers
{
    public static Dictionary<string, OvfController> Read(IEnumerable<OvfItem> items)
    {
        var found = new Dictionary<string, OvfController>(StringComparer.Ordinal);
        foreach (var bus in items.Select(i => (Item: i, Bus: BusOf(i))).Where(c => c.Bus != DiskBus.Unknown).GroupBy(c => c.Bus))
        {
            var numbers = Numbers([.. bus.Select(c => c.Item)]);
            var index = 0;
            foreach (var (item, kind) in bus)
                found.TryAdd(item.InstanceId, new OvfController(kind, numbers[index++], ModelOf(item)));
        }

        return found;
    }

    /// <summary>Lower-case, neutral word for a controller's ResourceSubType.</summary>
    public static string? Model(string subType) => subType.ToLowerInvariant() switch
    {
        "" => null,
        "virtualscsi" => "pvscsi",
        "lsilogic" => "lsilogic",
        "lsilogicsas" => "lsisas1068",
        "vmware.sata.ahci" or "ahci" or "intelahci" => "ahci",
        "vmware.nvme.controller" or "nvme" => "nvme",
        var other => other,
    };

    /// <summary>The bus numbers the descriptor gives when they are all there and distinct, else the order of appearance.</summary>
    private static int[] Numbers(List<OvfItem> controllers)
    {
        var given = controllers.Select(c => int.TryParse(c.Address, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1).ToArray();
        return given.All(n => n is >= 0 and < 256) && given.Distinct().Count() == given.Length ? given : [.. Enumerable.Range(0, given.Length)];
    }

    private static string? ModelOf(OvfItem item) => Model(item.SubType) ?? BusOf(item) switch
    {
        DiskBus.Sata => "ahci",
        DiskBus.Nvme => "nvme",
        _ => null,
    };

    private static DiskBus BusOf(OvfItem item) => item.ResourceType switch
    {
        5 => DiskBus.Ide,
        6 when Says(item, "virtio") => DiskBus.Virtio,
        6 or 7 or 8 => DiskBus.Scsi,
        20 when Says(item, "nvme") => DiskBus.Nvme,
        20 when Says(item, "virtio") => DiskBus.Virtio,
        20 when Says(item, "lsilogic") || Says(item, "scsi") || Says(item, "sas") => DiskBus.Scsi,
        20 => DiskBus.Sata,
        23 => DiskBus.Usb,
        _ => DiskBus.Unknown,
    };

    private static bool Says(OvfItem item, string word)
        => item.SubType.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0
           || (item.SubType.Length == 0 && (item.Name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0 || item.Description.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0));
}
