using System.Globalization;
using System.Xml.Linq;
using OsMigrate.Machines;

namespace OsMigrate.Appliances.Ovf;

/// <summary>VirtualBox's own description inside an OVF (&lt;vbox:Machine&gt;), which knows what the standard part leaves out.</summary>
/// <remarks>Firmware, TPM, secure boot, MAC addresses and, for controllers that CIM has no word for, where a disk hangs.</remarks>
internal sealed class VirtualBoxMachine
{
    private readonly Dictionary<string, (OvfController Controller, int Unit)> _places = new(StringComparer.Ordinal);

    private VirtualBoxMachine(XElement? machine)
    {
        if (machine is null)
            return;
        Present = true;
        var hardware = Child(machine, "Hardware");
        var firmware = Child(hardware, "Firmware") ?? Child(hardware, "Platform", "Firmware");
        IsEfi = Attribute(firmware, "type")?.StartsWith("EFI", StringComparison.OrdinalIgnoreCase) == true;
        SecureBoot = IsTrue(Attribute(firmware?.Descendants().FirstOrDefault(e => e.Name.LocalName == "SecureBoot"), "enabled"));
        HasTpm = Attribute(hardware?.Descendants().FirstOrDefault(e => e.Name.LocalName == "TrustedPlatformModule"), "type") is { } type && !type.Equals("None", StringComparison.OrdinalIgnoreCase);
        OsId = Attribute(machine, "OSType");
        MacAddresses = [.. (Child(hardware, "Network")?.Elements() ?? [])
            .Where(e => e.Name.LocalName == "Adapter" && IsTrue(Attribute(e, "enabled")))
            .Select(e => MacAddress.Normalise(Attribute(e, "MACAddress")))];
        ReadPlaces(Child(machine, "StorageControllers") ?? Child(hardware, "StorageControllers"));
    }

    public bool Present { get; }

    public bool IsEfi { get; }

    public bool SecureBoot { get; }

    public bool HasTpm { get; }

    public string? OsId { get; }

    /// <summary>Addresses of the enabled adapters in slot order; null where none is given.</summary>
    public IReadOnlyList<string?> MacAddresses { get; } = [];

    public static VirtualBoxMachine Read(XElement system)
        => new(system.Elements().FirstOrDefault(e => e.Name.LocalName == "Machine" && e.Name.NamespaceName.IndexOf("virtualbox", StringComparison.OrdinalIgnoreCase) >= 0));

    public OvfController? ControllerOf(string? uuid) => uuid is not null && _places.TryGetValue(uuid, out var place) ? place.Controller : null;

    public int? UnitOf(string? uuid) => uuid is not null && _places.TryGetValue(uuid, out var place) ? place.Unit : null;

    private void ReadPlaces(XElement? controllers)
    {
        var counts = new Dictionary<DiskBus, int>();
        foreach (var e in controllers?.Elements().Where(e => e.Name.LocalName == "StorageController") ?? [])
        {
            var (bus, model) = Kind(Attribute(e, "type") ?? "");
            counts.TryGetValue(bus, out var number);
            counts[bus] = number + 1;
            foreach (var device in e.Elements().Where(d => d.Name.LocalName == "AttachedDevice" && Attribute(d, "type") == "HardDisk"))
            {
                var uuid = Attribute(device.Elements().FirstOrDefault(i => i.Name.LocalName == "Image"), "uuid")?.Trim('{', '}').ToLowerInvariant();
                if (uuid is not null)
                    _places[uuid] = (new OvfController(bus, number, model), (Number(device, "port") * (bus == DiskBus.Ide ? 2 : 1)) + Number(device, "device"));
            }
        }
    }

    private static (DiskBus Bus, string? Model) Kind(string type) => type.ToLowerInvariant() switch
    {
        "piix3" or "piix4" or "ich6" => (DiskBus.Ide, type.ToLowerInvariant()),
        "ahci" => (DiskBus.Sata, "ahci"),
        "lsilogic" => (DiskBus.Scsi, "lsilogic"),
        "buslogic" => (DiskBus.Scsi, "buslogic"),
        "lsilogicsas" => (DiskBus.Scsi, "lsisas1068"),
        "nvme" => (DiskBus.Nvme, "nvme"),
        "virtioscsi" => (DiskBus.Virtio, "virtio-scsi"),
        "usb" => (DiskBus.Usb, null),
        _ => (DiskBus.Unknown, null),
    };

    private static int Number(XElement e, string attribute)
        => int.TryParse(Attribute(e, attribute), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n < 1024 ? n : 0;

    private static XElement? Child(XElement? e, params string[] path)
    {
        foreach (var name in path)
            e = e?.Elements().FirstOrDefault(c => c.Name.LocalName == name);
        return e;
    }

    private static string? Attribute(XElement? e, string name) => e?.Attributes().FirstOrDefault(a => a.Name.LocalName == name)?.Value;

    private static bool IsTrue(string? text) => text is "true" or "1";
}
