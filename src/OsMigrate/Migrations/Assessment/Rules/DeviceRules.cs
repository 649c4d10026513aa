using static OsMigrate.VSphere.Inventory.InventoryFacts;

namespace OsMigrate.Migrations.Assessment.Rules;

/// <summary>Devices other than disks.</summary>
internal static class DeviceRules
{
    public static IReadOnlyList<AssessmentRule> All { get; } =
    [
        new("vmware.passthrough_device.detected", ConcernCategory.Critical, "Device of the host, passed through",
            "The device stays in its host, and what needs it will not work.", "Remove the device, or ask for a flavor with a PCI alias for the like.",
            Passthrough, static s => Of(s, "passthrough")),
        new("vmware.device.sriov.detected", ConcernCategory.Warning, "SR-IOV adapter",
            "It becomes a virtio adapter.", "Ask for ports with vnic_type=direct where its speed is needed.",
            Nics, static s => Finding.Of(s.Machine.Nics.Where(static n => n.Model == "sriov").Select(static n => n.Label))),
        new("vmware.tpm.detected", ConcernCategory.Warning, "Virtual TPM",
            "The server gets a new TPM: keys sealed with the old one (BitLocker, Windows Hello) are lost.", "Suspend BitLocker or have its recovery keys at hand; the cloud needs vTPM (Barbican, swtpm).",
            Tpm, static s => Finding.When(s.Machine.HasTpm, "it has a TPM")),
        new("vmware.usb_controller.detected", ConcernCategory.Information, "USB controller",
            "Nova adds one of its own.", "None needed.",
            Usb, static s => s.Traits.UsbControllers is { } controllers ? Finding.Of(controllers) : Finding.Unknown),
        new("openstack.usb.device", ConcernCategory.Warning, "USB device",
            "Devices of a host or client do not move; licence dongles are lost.", "Use USB over the network, or ask the vendor for another licence.",
            Usb, static s => Of(s, "usb")),
        new("openstack.device.serial_port", ConcernCategory.Information, "Serial port",
            "Nova has a serial console of its own; what the port was connected to stays behind.", "Look for UPS, modems and consoles.",
            Ports, static s => Of(s, "serial")),
        new("openstack.device.parallel_port", ConcernCategory.Warning, "Parallel port",
            "OpenStack has none; printers and dongles on it are lost.", "Use a device on the network.",
            Ports, static s => Of(s, "parallel")),
        new("openstack.device.sound", ConcernCategory.Information, "Sound card",
            "It does not move.", "None needed for servers.",
            Ports, static s => Of(s, "sound")),
        new("openstack.device.media", ConcernCategory.Information, "Image in a drive",
            "CD and floppy images are not moved.", "Take them out, or send them to Glance.",
            Ports, static s => Finding.Of(s.Machine.Drives.Where(static d => d.MediaName is { Length: > 0 }).Select(static d => $"{d.Label}: {d.MediaName}"))),
    ];

    private static Finding Of(RuleSubject subject, string kind)
        => Finding.Of(subject.Machine.OtherDevices.Where(d => d.Kind == kind).Select(static d => d.Label.Length > 0 ? d.Label : d.Kind));
}
