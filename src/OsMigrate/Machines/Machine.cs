namespace OsMigrate.Machines;

/// <summary>How a machine starts.</summary>
public enum FirmwareType
{
    Bios,
    Efi,
}

/// <summary>A virtual machine in neutral words: what an appliance or a hypervisor says about it, without its disks' content.</summary>
public sealed record Machine
{
    /// <summary>Identifier inside its source (the OVF id, the VMX's UUID); not unique beyond it and never safe as a file name.</summary>
    public string Id { get; init; } = "";

    /// <summary>Display name as the source gives it; any characters, never safe as a file name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Virtual CPUs in all; at least 1.</summary>
    public int CpuCount { get; init; } = 1;

    /// <summary>Cores per socket when the source states it; null leaves the choice to the target.</summary>
    public int? CoresPerSocket { get; init; }

    /// <summary>Memory in MiB; 0 when the source does not say.</summary>
    public long MemoryMiB { get; init; }

    public FirmwareType Firmware { get; init; }

    public bool SecureBoot { get; init; }

    /// <summary>True when the machine has a virtual TPM. Its secrets do not travel with an export.</summary>
    public bool HasTpm { get; init; }

    public GuestOsType Os { get; init; } = new();

    /// <summary>Hard disks in boot order: the first one is the disk the machine starts from.</summary>
    public IReadOnlyList<MachineDisk> Disks { get; init; } = [];

    /// <summary>Network adapters in the order the guest sees them.</summary>
    public IReadOnlyList<MachineNic> Nics { get; init; } = [];

    /// <summary>CD, DVD and floppy drives; their media are not moved.</summary>
    public IReadOnlyList<MachineDrive> Drives { get; init; } = [];

    /// <summary>Devices that have no counterpart in the other lists: serial ports, sound, passthrough.</summary>
    public IReadOnlyList<MachineDevice> OtherDevices { get; init; } = [];

    /// <summary>Notes the owner wrote, or null.</summary>
    public string? Annotation { get; init; }

    /// <summary>Hardware generation in the source's words: "vmx-19", "virtualbox-2.2". Null when it gives none.</summary>
    public string? HardwareVersion { get; init; }

    /// <summary>Settings of the source that have no field here (OVF properties, VMware extra configuration), by key.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What a user should know before moving the machine, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
