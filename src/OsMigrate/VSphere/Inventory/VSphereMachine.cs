using OsMigrate.Bytes;
using OsMigrate.Machines;

namespace OsMigrate.VSphere.Inventory;

/// <summary>A virtual machine of a vCenter or ESXi host, in VMware's words.</summary>
public sealed record VSphereMachine
{
    /// <summary>Name of the server it was read from.</summary>
    public string Server { get; init; } = "";

    public MoRef Reference { get; init; }

    /// <summary>"VirtualMachine-vm-42", as PowerCLI writes it.</summary>
    public string Id => Reference.ToString();

    public string Name { get; init; } = "";

    /// <summary>Identity in vCenter.</summary>
    public string InstanceUuid { get; init; } = "";

    /// <summary>Identity that the guest sees (SMBIOS).</summary>
    public string BiosUuid { get; init; } = "";

    /// <summary>poweredOn, poweredOff or suspended.</summary>
    public string PowerState { get; init; } = "";

    /// <summary>connected, or why the server does not reach it.</summary>
    public string ConnectionState { get; init; } = "";

    public bool IsTemplate { get; init; }

    public string Datacenter { get; init; } = "";

    /// <summary>With the folders above it: "Europe/DC0".</summary>
    public string DatacenterPath { get; init; } = "";

    /// <summary>Names from the datacenter's folder of machines down, with slashes; empty at its top.</summary>
    public string Folder { get; init; } = "";

    public string HostName { get; init; } = "";

    public string Cluster { get; init; } = "";

    public string ResourcePool { get; init; } = "";

    /// <summary>Null when it is in none.</summary>
    public VAppPlace? VApp { get; init; }

    public string GuestId { get; init; } = "";

    public string GuestFullName { get; init; } = "";

    /// <summary>toolsOk, toolsOld, toolsNotRunning or toolsNotInstalled.</summary>
    public string ToolsStatus { get; init; } = "";

    /// <summary>0 without Tools.</summary>
    public string ToolsVersion { get; init; } = "";

    public bool ToolsRunning { get; init; }

    /// <summary>Programs can be started in the guest.</summary>
    public bool GuestOperationsReady { get; init; }

    /// <summary>What the guest calls itself; empty without Tools.</summary>
    public string GuestHostName { get; init; } = "";

    public IReadOnlyList<string> IPAddresses { get; init; } = [];

    public int CpuCount { get; init; } = 1;

    public int? CoresPerSocket { get; init; }

    public long MemoryMiB { get; init; }

    public FirmwareType Firmware { get; init; }

    public bool SecureBoot { get; init; }

    public bool HasTpm { get; init; }

    /// <summary>Its configuration, or a disk, is encrypted.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>"vmx-19"</summary>
    public string HardwareVersion { get; init; } = "";

    /// <summary>In the order of controller and unit, the boot disk first.</summary>
    public IReadOnlyList<VSphereDisk> Disks { get; init; } = [];

    public int DiskCount => Disks.Count;

    /// <summary>Sizes of all disks as the guest sees them, together, for people.</summary>
    public string Capacity => ByteSize.Text(Disks.Sum(static d => d.CapacityBytes));

    public IReadOnlyList<VSphereNic> Nics { get; init; } = [];

    public IReadOnlyList<MachineDrive> Drives { get; init; } = [];

    public IReadOnlyList<MachineDevice> OtherDevices { get; init; } = [];

    /// <summary>All snapshots, parents before children.</summary>
    public IReadOnlyList<VSphereSnapshot> Snapshots { get; init; } = [];

    public bool ChangeTrackingEnabled { get; init; }

    public bool ChangeTrackingSupported { get; init; }

    public bool ConsolidationNeeded { get; init; }

    /// <summary>Changes with every change of the configuration.</summary>
    public string ChangeVersion { get; init; } = "";

    /// <summary>notConfigured, running ...</summary>
    public string FaultToleranceState { get; init; } = "";

    /// <summary>lowest to highest, clusterRestartPriority or disabled; empty where the cluster has no HA.</summary>
    public string HARestartPriority { get; init; } = "";

    /// <summary>fullyAutomated, manual, partiallyAutomated or disabled; empty where the cluster has no DRS.</summary>
    public string DrsAutomationLevel { get; init; } = "";

    public long UsedBytes { get; init; }

    public long ProvisionedBytes { get; init; }

    public string Notes { get; init; } = "";

    /// <summary>Custom attributes by name.</summary>
    public IReadOnlyDictionary<string, string> CustomAttributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>"category/tag"; empty where they were not asked for.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The same in neutral words.</summary>
    public Machine ToMachine() => NeutralMachine.Of(this);
}

/// <summary>Place of a machine in a vApp.</summary>
/// <param name="Name">Of the vApp.</param>
/// <param name="StartOrder">Machines with smaller numbers start first; null when it states none.</param>
/// <param name="StartDelaySeconds">Wait after it was started.</param>
public sealed record VAppPlace(string Name, int? StartOrder, int StartDelaySeconds)
{
    public override string ToString() => Name;
}
