using System.Globalization;
using OsMigrate.Machines;

namespace OsMigrate.Appliances.Vmx;

/// <summary>Turns the settings of a VMX into a neutral machine.</summary>
/// <remarks>Keys: VMware vSphere and Workstation write them so; VMware publishes no list. Their meaning is that of the API properties of the same name.</remarks>
internal static class VmxMachine
{
    private const int MaxNics = 10;
    private const int MaxOthers = 8;

    private static readonly (string Prefix, string Kind)[] Others =
    [
        ("serial", "serial"), ("parallel", "parallel"), ("pciPassthru", "passthrough"), ("sound", "sound"), ("usb", "usb"), ("usb_xhci", "usb"), ("ehci", "usb"),
    ];

    public static Machine Read(VmxFile file)
    {
        var warnings = new List<string>();
        var storage = new VmxStorage(file, warnings);
        if (file["checkpoint.vmState"] is not null)
            warnings.Add("The machine is suspended; its memory does not move, and its file systems were not closed. Start it and shut it down first.");
        var fallback = Path.GetFileNameWithoutExtension(file.Name);
        return new Machine
        {
            Id = file["uuid.bios"] ?? file["vc.uuid"] ?? fallback,
            Name = file["displayName"] ?? fallback,
            CpuCount = (int)(file.Number("numvcpus", 1, 4096) ?? 1),
            CoresPerSocket = (int?)file.Number("cpuid.coresPerSocket", 1, 4096),
            // VMware's default for a VMX without the setting.
            MemoryMiB = file.Number("memSize", 0, 64L << 20) ?? 256,
            Firmware = string.Equals(file["firmware"], "efi", StringComparison.OrdinalIgnoreCase) ? FirmwareType.Efi : FirmwareType.Bios,
            SecureBoot = file.IsTrue("uefi.secureBoot.enabled"),
            HasTpm = file.IsTrue("vtpm.present"),
            Os = GuestOsIds.FromVendor(file["guestOS"]),
            Disks = storage.DisksInBootOrder(),
            Nics = Nics(file),
            Drives = storage.Drives,
            OtherDevices = (from other in Others
                            from label in Labels(other.Prefix)
                            where file.IsTrue(label + ".present")
                            select new MachineDevice(other.Kind, label)).ToList(),
            Annotation = file["annotation"],
            HardwareVersion = file["virtualHW.version"] is { } version ? "vmx-" + version : null,
            Warnings = warnings,
        };
    }

    private static List<MachineNic> Nics(VmxFile file)
    {
        var nics = new List<MachineNic>();
        for (var i = 0; i < MaxNics; i++)
        {
            var key = "ethernet" + i.ToString(CultureInfo.InvariantCulture);
            if (!file.IsTrue(key + ".present"))
                continue;
            var isStatic = string.Equals(file[key + ".addressType"], "static", StringComparison.OrdinalIgnoreCase);
            nics.Add(new MachineNic
            {
                Label = $"Network adapter {nics.Count + 1}",
                MacAddress = MacAddress.Normalise((isStatic ? file[key + ".address"] : file[key + ".generatedAddress"]) ?? file[key + ".address"]),
                NetworkName = file[key + ".networkName"] ?? file[key + ".connectionType"],
                Model = file[key + ".virtualDev"]?.ToLowerInvariant(),
                Connected = !file.IsFalse(key + ".startConnected"),
            });
        }

        return nics;
    }

    private static IEnumerable<string> Labels(string prefix)
    {
        yield return prefix;
        for (var i = 0; i < MaxOthers; i++)
            yield return prefix + i.ToString(CultureInfo.InvariantCulture);
    }
}
