using OsMigrate.Machines;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.VSphere.RvTools;

/// <summary>Disks, adapters, snapshots and file systems of a machine from the rows of their sheets.</summary>
internal static class RvToolsDevices
{
    /// <summary>Capacity of a disk whose cell holds no number.</summary>
    public const long Unknown = -1;

    public static VSphereDisk Disk(RvToolsSheet sheet, string[] row, int index)
    {
        var controller = sheet.Text(row, "Controller") + " " + sheet.Text(row, "Label");
        var bus = Bus(controller);
        return new VSphereDisk
        {
            Key = (int)Math.Min(int.MaxValue, sheet.Whole(row, "Disk Key") ?? 2000 + index),
            Label = sheet.Text(row, "Disk"),
            Bus = bus,
            ControllerModel = bus == DiskBus.Nvme ? "nvme" : Says(controller, "paravirtual") ? "pvscsi" : null,
            ControllerNumber = controller.Where(char.IsDigit).Select(static c => c - '0').FirstOrDefault(),
            UnitNumber = (int)Math.Min(1000, sheet.Whole(row, "Unit #") ?? sheet.Whole(row, "SCSI Unit #") ?? index),
            CapacityBytes = sheet.Bytes(row, "Capacity MiB") ?? Unknown,
            Backing = sheet.Bool(row, "Raw") == true ? Says(sheet.Text(row, "Raw Comp. Mode"), "physical") ? DiskBacking.RawPhysical : DiskBacking.RawVirtual : DiskBacking.Flat,
            FileName = sheet.Text(row, "Disk Path") is { Length: > 0 } path ? path : sheet.Text(row, "Path"),
            Mode = sheet.Text(row, "Disk Mode"),
            Sharing = Says(sheet.Text(row, "Sharing mode"), "multiwriter") ? "sharingMultiWriter" : "sharingNone",
            IsThin = sheet.Bool(row, "Thin") ?? false,
            Uuid = sheet.Text(row, "Disk UUID") is { Length: > 0 } uuid ? uuid : null,
        };
    }

    public static VSphereNic Nic(RvToolsSheet sheet, string[] row, int index) => new()
    {
        Key = 4000 + index,
        Label = sheet.Text(row, "NIC label") is { Length: > 0 } label ? label : $"Network adapter {index + 1}",
        MacAddress = MacAddress.Normalise(sheet.Text(row, "Mac Address")),
        Model = Model(sheet.Text(row, "Adapter")),
        NetworkName = sheet.Text(row, "Network") is { Length: > 0 } network ? network : null,
        IPAddresses = [.. Addresses(sheet.Text(row, "IPv4 Address")), .. Addresses(sheet.Text(row, "IPv6 Address"))],
        StartsConnected = sheet.Bool(row, "Starts Connected") ?? true,
    };

    public static VSphereSnapshot Snapshot(RvToolsSheet sheet, string[] row, VSphereMachine machine) => new()
    {
        Machine = machine.Reference,
        VMName = machine.Name,
        Name = sheet.Text(row, "Name"),
        Description = sheet.Text(row, "Description"),
        CreatedAt = sheet.Date(row, "Date / time"),
        PowerState = sheet.Text(row, "State"),
        IsQuiesced = sheet.Bool(row, "Quiesced") ?? false,
    };

    public static GuestFileSystem FileSystem(RvToolsSheet sheet, string[] row)
        => new(sheet.Text(row, "Disk"), sheet.Bytes(row, "Capacity MiB") ?? Unknown, sheet.Bytes(row, "Free MiB") ?? Unknown);

    public static IReadOnlyList<string> Addresses(string cell)
        => [.. cell.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries).Take(100).Where(static a => System.Net.IPAddress.TryParse(a, out var ip) && !ip.IsIPv6LinkLocal && !System.Net.IPAddress.IsLoopback(ip)).Distinct(StringComparer.Ordinal)];

    private static DiskBus Bus(string controller)
        => Says(controller, "nvme") ? DiskBus.Nvme : Says(controller, "scsi") ? DiskBus.Scsi : Says(controller, "sata") || Says(controller, "ahci") ? DiskBus.Sata : Says(controller, "ide") ? DiskBus.Ide : DiskBus.Unknown;

    private static string? Model(string adapter)
    {
        var plain = adapter.ToLowerInvariant().Replace(" ", "");
        return new[] { "vmxnet3", "vmxnet2", "vmxnet", "e1000e", "e1000", "pcnet32", "sriov" }.FirstOrDefault(m => plain.IndexOf(m, StringComparison.Ordinal) >= 0) ?? (plain.Length > 0 ? plain : null);
    }

    private static bool Says(string text, string word) => text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
}
