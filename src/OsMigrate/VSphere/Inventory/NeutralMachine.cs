using OsMigrate.Machines;

namespace OsMigrate.VSphere.Inventory;

/// <summary>Translates a machine of vSphere into neutral words. The only place that does.</summary>
internal static class NeutralMachine
{
    public static Machine Of(VSphereMachine vm) => new()
    {
        Id = vm.Reference.Value,
        Name = vm.Name,
        CpuCount = vm.CpuCount,
        CoresPerSocket = vm.CoresPerSocket,
        MemoryMiB = vm.MemoryMiB,
        Firmware = vm.Firmware,
        SecureBoot = vm.SecureBoot,
        HasTpm = vm.HasTpm,
        Os = Os(vm),
        Disks = [.. vm.Disks.Select(Disk)],
        Nics = [.. vm.Nics.Select(Nic)],
        Drives = vm.Drives,
        OtherDevices = vm.OtherDevices,
        Annotation = vm.Notes.Length > 0 ? vm.Notes : null,
        HardwareVersion = vm.HardwareVersion.Length > 0 ? vm.HardwareVersion : null,
        Warnings = [.. Warnings(vm)],
    };

    private static GuestOsType Os(VSphereMachine vm)
    {
        var os = GuestOsIds.Resolve(vm.GuestId, null);
        return os.Family == GuestFamily.Unknown ? os with { Family = GuestOsIds.FamilyOf(vm.GuestFullName) } : os;
    }

    private static MachineDisk Disk(VSphereDisk disk) => new()
    {
        Id = disk.Key.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Label = disk.Label,
        Bus = disk.Bus,
        ControllerModel = disk.ControllerModel,
        ControllerNumber = disk.ControllerNumber,
        UnitNumber = disk.UnitNumber,
        CapacityBytes = disk.CapacityBytes,
        FileName = disk.FileName.Length > 0 ? disk.FileName : null,
        Independent = disk.IsIndependent,
    };

    private static MachineNic Nic(VSphereNic nic) => new()
    {
        Label = nic.Label,
        MacAddress = nic.MacAddress,
        Model = nic.Model,
        NetworkName = nic.NetworkName,
        IPAddresses = nic.IPAddresses,
        Connected = nic.StartsConnected,
    };

    private static IEnumerable<string> Warnings(VSphereMachine vm)
    {
        if (vm.HasTpm)
            yield return "It has a virtual TPM, whose secrets stay behind: keys that are sealed with it (BitLocker) must be suspended or known.";
        if (vm.FaultToleranceState is not ("" or "notConfigured"))
            yield return $"Fault tolerance is on ({vm.FaultToleranceState}); OpenStack has nothing like it.";
        if (vm.ConsolidationNeeded)
            yield return "Its disks need consolidation in vSphere.";
        foreach (var disk in vm.Disks.Where(static d => d.IsShared))
            yield return $"{disk.Label} is shared with other machines (multi-writer): a copy is not shared any more.";
        foreach (var device in vm.OtherDevices.Where(static d => d.Kind is "passthrough"))
            yield return $"{device.Label} is a device of the host, passed through: it does not move.";
    }
}
