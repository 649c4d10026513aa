using OsMigrate.Appliances;
using OsMigrate.Bytes;
using OsMigrate.Machines;

namespace OsMigrate.Module.Output;

/// <summary>One machine of an appliance, as <c>Get-VirtualAppliance</c> shows it.</summary>
public sealed class VirtualAppliance
{
    internal VirtualAppliance(Appliance appliance, Machine machine)
    {
        (Path, Kind, HasManifest, Machine) = (appliance.Path, appliance.Kind, appliance.HasManifest, machine);
        Disks = [.. machine.Disks.Select(d => new ApplianceDisk(d))];
        Nics = [.. machine.Nics.Select(n => new ApplianceNic(n))];
        Drives = [.. machine.Drives.Select(d => $"{d.Kind} {d.MediaName}".Trim())];
        OtherDevices = [.. machine.OtherDevices.Select(d => $"{d.Kind}: {d.Label}")];
        Warnings = [.. appliance.Warnings, .. machine.Warnings];
    }

    /// <summary>Display name of the machine as the appliance gives it.</summary>
    public string Name => Machine.Name;

    /// <summary>Full path of the file; binds to -Path of other cmdlets.</summary>
    public string Path { get; }

    /// <summary>OVA, OVF or VMX.</summary>
    public string Kind { get; }

    /// <summary>True when checksums of the files came along.</summary>
    public bool HasManifest { get; }

    public int CpuCount => Machine.CpuCount;

    public int? CoresPerSocket => Machine.CoresPerSocket;

    /// <summary>0 when the appliance does not say.</summary>
    public long MemoryMiB => Machine.MemoryMiB;

    public FirmwareType Firmware => Machine.Firmware;

    public bool SecureBoot => Machine.SecureBoot;

    public bool HasTpm => Machine.HasTpm;

    /// <summary>What the appliance says of the guest system, in words.</summary>
    public string GuestOs => Machine.Os.Name ?? Machine.Os.VendorId ?? Machine.Os.Family.ToString();

    /// <summary>Hard disks; the machine starts from the first.</summary>
    public IReadOnlyList<ApplianceDisk> Disks { get; }

    public IReadOnlyList<ApplianceNic> Nics { get; }

    /// <summary>CD, DVD and floppy drives.</summary>
    public IReadOnlyList<string> Drives { get; }

    public IReadOnlyList<string> OtherDevices { get; }

    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Everything that is known, in neutral words.</summary>
    public Machine Machine { get; }

    public override string ToString() => Name;
}

/// <summary>A hard disk of a machine in an appliance.</summary>
public sealed class ApplianceDisk
{
    internal ApplianceDisk(MachineDisk disk)
        => (Address, Label, ControllerModel, CapacityBytes, FileName, FileSizeBytes)
            = (disk.Address, disk.Label, disk.ControllerModel, disk.CapacityBytes, disk.FileName, disk.FileSizeBytes);

    /// <summary>Bus, controller and unit: scsi0:1.</summary>
    public string Address { get; }

    public string Label { get; }

    public string? ControllerModel { get; }

    /// <summary>Size as the guest sees it; 0 when the appliance does not say.</summary>
    public long CapacityBytes { get; }

    /// <summary>File that holds the content; null for a disk that is delivered empty.</summary>
    public string? FileName { get; }

    public long? FileSizeBytes { get; }

    public override string ToString()
        => string.Join(" ", new[] { Address, ControllerModel is null ? null : $"({ControllerModel})", CapacityBytes > 0 ? ByteSize.Text(CapacityBytes) : null, FileName ?? "(empty)" }.Where(s => s is not null));
}

/// <summary>A network adapter of a machine in an appliance.</summary>
public sealed class ApplianceNic
{
    internal ApplianceNic(MachineNic nic) => (Label, MacAddress, NetworkName, Model, Connected) = (nic.Label, nic.MacAddress, nic.NetworkName, nic.Model, nic.Connected);

    public string Label { get; }

    /// <summary>aa:bb:cc:dd:ee:ff, or null when the appliance gives none.</summary>
    public string? MacAddress { get; }

    public string? NetworkName { get; }

    public string? Model { get; }

    public bool Connected { get; }

    public override string ToString()
        => string.Join(" ", new[] { MacAddress ?? "(new address)", Model, NetworkName is null ? null : $"on '{NetworkName}'", Connected ? null : "(unplugged)" }.Where(s => s is not null));
}
