using OsMigrate.Appliances;
using OsMigrate.Machines;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Assessment;

/// <summary>Machines of OVA, OVF and VMX files as an inventory.</summary>
internal static class ApplianceInventory
{
    /// <summary>What an export says: its disks are whole, so there are no snapshots, raw devices or keys in it.</summary>
    private const InventoryFacts OfOvf = InventoryFacts.Hardware | InventoryFacts.HardwareVersion | InventoryFacts.Guest | InventoryFacts.HardDisks | InventoryFacts.DiskSizes | InventoryFacts.DiskBackings | InventoryFacts.DiskChains
        | InventoryFacts.Connection | InventoryFacts.Datastores
        | InventoryFacts.Nics | InventoryFacts.Snapshots | InventoryFacts.Consolidation | InventoryFacts.Usb | InventoryFacts.Ports | InventoryFacts.Passthrough | InventoryFacts.Tpm | InventoryFacts.Encryption;

    /// <summary>A VMX names its disks, but not how large they are, nor what they are chained to.</summary>
    private const InventoryFacts OfVmx = InventoryFacts.Hardware | InventoryFacts.HardwareVersion | InventoryFacts.Guest | InventoryFacts.HardDisks | InventoryFacts.Nics | InventoryFacts.Usb | InventoryFacts.Ports
        | InventoryFacts.Passthrough | InventoryFacts.Tpm | InventoryFacts.Encryption;

    public static InventorySnapshot Read(string path)
    {
        using var appliance = Appliance.Open(path);
        var facts = appliance.Kind == "VMX" ? OfVmx : OfOvf;
        return new InventorySnapshot
        {
            Machines = [.. appliance.Machines.Select(m => new InventoryMachine(Describe(m, path), new VSphereTraits { UsbControllers = [], IsRecoveryPlaceholder = false }, Known(m, facts), facts, Path.GetFileName(path), appliance.Kind))],
            Networks = [.. appliance.Machines.SelectMany(static m => m.Nics).Select(static n => n.NetworkName).OfType<string>().Distinct(StringComparer.Ordinal).Select(static n => new VSphereNetwork(n, "", ""))],
            Notices = [.. appliance.Warnings.Select(w => $"{Path.GetFileName(path)}: {w}")],
        };
    }

    private static InventoryFacts Known(Machine machine, InventoryFacts facts)
        => (machine.MemoryMiB > 0 ? facts : facts & ~InventoryFacts.Hardware) & (machine.Disks.Any(static d => d.CapacityBytes <= 0) ? ~InventoryFacts.DiskSizes : InventoryFacts.All)
           & (machine.HardwareVersion is null ? ~InventoryFacts.HardwareVersion : InventoryFacts.All);

    private static VSphereMachine Describe(Machine machine, string path) => new()
    {
        Server = "",
        Reference = new MoRef("VirtualMachine", Path.GetFileName(path) + "/" + machine.Id),
        Name = machine.Name.Length > 0 ? machine.Name : Path.GetFileNameWithoutExtension(path),
        IsTemplate = false,
        GuestId = machine.Os.VendorId ?? "",
        GuestFullName = machine.Os.Name ?? "",
        CpuCount = machine.CpuCount,
        CoresPerSocket = machine.CoresPerSocket,
        MemoryMiB = machine.MemoryMiB,
        Firmware = machine.Firmware,
        SecureBoot = machine.SecureBoot,
        HasTpm = machine.HasTpm,
        HardwareVersion = machine.HardwareVersion ?? "",
        Disks = [.. machine.Disks.Select(Disk)],
        Nics = [.. machine.Nics.Select(static (n, i) => new VSphereNic { Key = 4000 + i, Label = n.Label, MacAddress = n.MacAddress, Model = n.Model, NetworkName = n.NetworkName, IPAddresses = n.IPAddresses, StartsConnected = n.Connected })],
        Drives = machine.Drives,
        OtherDevices = machine.OtherDevices,
        IPAddresses = [.. machine.Nics.SelectMany(static n => n.IPAddresses).Distinct(StringComparer.Ordinal)],
        UsedBytes = machine.Disks.Sum(static d => d.FileSizeBytes ?? 0),
        Notes = machine.Annotation ?? "",
    };

    private static VSphereDisk Disk(MachineDisk disk, int index) => new()
    {
        Key = 2000 + index,
        Label = disk.Label.Length > 0 ? disk.Label : disk.Address,
        Bus = disk.Bus,
        ControllerModel = disk.ControllerModel,
        ControllerNumber = disk.ControllerNumber,
        UnitNumber = disk.UnitNumber,
        CapacityBytes = disk.CapacityBytes,
        FileName = disk.FileName ?? "(delivered empty)",
        Mode = disk.Independent ? "independent_persistent" : "persistent",
    };
}
