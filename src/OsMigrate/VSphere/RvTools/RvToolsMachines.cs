using OsMigrate.Machines;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.VSphere.RvTools;

/// <summary>Makes machines of the rows of vInfo and of what the other sheets say of them.</summary>
internal sealed class RvToolsMachines
{
    /// <summary>What a whole export holds. It has nothing on encryption, TPMs, passed-through devices, ports, disk chains and pinning.</summary>
    public const InventoryFacts Whole = InventoryFacts.Hardware | InventoryFacts.HardwareVersion | InventoryFacts.Power | InventoryFacts.Connection | InventoryFacts.Guest | InventoryFacts.Tools
        | InventoryFacts.GuestNetwork | InventoryFacts.HardDisks | InventoryFacts.DiskSizes | InventoryFacts.DiskBackings | InventoryFacts.DiskSharing | InventoryFacts.Nics | InventoryFacts.Snapshots
        | InventoryFacts.Consolidation | InventoryFacts.Usb | InventoryFacts.ChangeTracking | InventoryFacts.HotAdd | InventoryFacts.Ballooning | InventoryFacts.Clusters | InventoryFacts.ClusterRules
        | InventoryFacts.Datastores | InventoryFacts.Tuning;

    private readonly RvToolsSheet _info;
    private readonly string _source;
    private readonly InventoryFacts _facts;
    private readonly RvToolsIndex _cpu;
    private readonly RvToolsIndex _memory;
    private readonly RvToolsIndex _disks;
    private readonly RvToolsIndex _partitions;
    private readonly RvToolsIndex _nics;
    private readonly RvToolsIndex _usb;
    private readonly RvToolsIndex _snapshots;
    private readonly RvToolsIndex _tools;

    public RvToolsMachines(RvToolsSheet info, Func<string, RvToolsSheet?> sheet, string source)
    {
        (_info, _source) = (info, source);
        RvToolsIndex Index(string name) => new(info, sheet(name));
        (_cpu, _memory, _disks, _partitions) = (Index("vCPU"), Index("vMemory"), Index("vDisk"), Index("vPartition"));
        (_nics, _usb, _snapshots, _tools) = (Index("vNetwork"), Index("vUSB"), Index("vSnapshot"), Index("vTools"));
        _facts = Has(InventoryFacts.Hardware, "CPUs", "Memory", "Firmware") | Has(InventoryFacts.HardwareVersion, "HW version") | Has(InventoryFacts.Power, "Powerstate") | Has(InventoryFacts.Connection, "Connection state")
            | Has(InventoryFacts.Guest, "OS according to the configuration file") | Has(InventoryFacts.GuestNetwork, "DNS Name", "Primary IP Address") | Has(InventoryFacts.Consolidation, "Consolidation Needed")
            | Has(InventoryFacts.ChangeTracking, "CBT") | Has(InventoryFacts.ClusterRules, "Cluster rule name(s)", "vApp") | (sheet("vCluster") is null ? InventoryFacts.None : Has(InventoryFacts.Clusters, "FT State"))
            | (sheet("vDatastore") is null ? InventoryFacts.None : InventoryFacts.Datastores) | Has(InventoryFacts.Tuning, "Latency Sensitivity");
    }

    /// <summary>The machine of a row.</summary>
    public InventoryMachine Read(string[] row, int number)
    {
        var facts = _facts;
        IReadOnlyList<string[]> Rows(RvToolsIndex index, InventoryFacts told)
        {
            var rows = index.Of(row);
            facts |= rows is null ? InventoryFacts.None : told;
            return rows ?? [];
        }

        var machine = General(row, number);
        var disks = Rows(_disks, DiskFacts()).Select((r, i) => RvToolsDevices.Disk(_disks.Sheet!, r, i)).ToList();
        if (disks.Count == 0 && _info.Whole(row, "Disks") is > 0)
            facts &= ~(InventoryFacts.HardDisks | InventoryFacts.DiskSizes | InventoryFacts.DiskBackings | InventoryFacts.DiskSharing);
        if (disks.Exists(static d => d.CapacityBytes == RvToolsDevices.Unknown))
            facts &= ~InventoryFacts.DiskSizes;
        var nics = Rows(_nics, InventoryFacts.Nics).Select((r, i) => RvToolsDevices.Nic(_nics.Sheet!, r, i)).ToList();
        machine = machine with
        {
            Disks = [.. disks.OrderBy(static d => DiskOrder.Rank(d.Bus, ideFirst: false)).ThenBy(static d => d.ControllerNumber).ThenBy(static d => d.UnitNumber)
                .Select(static d => d.CapacityBytes == RvToolsDevices.Unknown ? d with { CapacityBytes = 0 } : d)],
            Nics = nics,
            IPAddresses = [.. machine.IPAddresses.Concat(nics.SelectMany(static n => n.IPAddresses)).Distinct(StringComparer.Ordinal)],
            OtherDevices = [.. Rows(_usb, InventoryFacts.Usb).Select(r => new MachineDevice("usb", _usb.Sheet!.Text(r, "Device Type")))],
            Snapshots = [.. Rows(_snapshots, InventoryFacts.Snapshots).Select(r => RvToolsDevices.Snapshot(_snapshots.Sheet!, r, machine))],
        };
        var tools = Rows(_tools, InventoryFacts.Tools);
        if (tools.Count > 0)
            machine = machine with { ToolsStatus = _tools.Sheet!.Text(tools[0], "Tools"), ToolsVersion = _tools.Sheet.Text(tools[0], "Tools Version"), ToolsRunning = _tools.Sheet.Text(tools[0], "Tools") is "toolsOk" or "toolsOld" };
        else
            facts &= ~InventoryFacts.Tools;
        var traits = Traits(row, Rows(_cpu, InventoryFacts.HotAdd).FirstOrDefault(), Rows(_memory, InventoryFacts.Ballooning).FirstOrDefault(), Rows(_partitions, InventoryFacts.None));
        if (traits.FileSystems is not null)
            facts |= InventoryFacts.GuestFileSystems;
        return new InventoryMachine(machine, traits, facts, Whole, _source, "RVTools");
    }

    private InventoryFacts Has(InventoryFacts facts, params string[] columns) => columns.All(_info.Has) ? facts : InventoryFacts.None;

    private InventoryFacts DiskFacts()
        => _disks.Sheet is null ? InventoryFacts.None : InventoryFacts.HardDisks | (_disks.Sheet.Has("Capacity MiB") ? InventoryFacts.DiskSizes : 0) | (_disks.Sheet.Has("Raw") && _disks.Sheet.Has("Disk Mode") ? InventoryFacts.DiskBackings : 0)
           | (_disks.Sheet.Has("Sharing mode") ? InventoryFacts.DiskSharing : 0);

    private VSphereMachine General(string[] row, int number) => new()
    {
        Server = Or(_info.Text(row, "VI SDK Server"), _info.Text(row, "VI SDK UUID")),
        Reference = new MoRef("VirtualMachine", Or(_info.Text(row, "VM ID"), $"row-{number}")),
        Name = _info.Text(row, "VM"),
        InstanceUuid = _info.Text(row, "VM UUID"),
        BiosUuid = _info.Text(row, "SMBIOS UUID"),
        PowerState = _info.Text(row, "Powerstate"),
        ConnectionState = _info.Text(row, "Connection state"),
        IsTemplate = _info.Bool(row, "Template") ?? false,
        Datacenter = _info.Text(row, "Datacenter"),
        Folder = _info.Text(row, "Folder"),
        HostName = _info.Text(row, "Host"),
        Cluster = _info.Text(row, "Cluster"),
        ResourcePool = _info.Text(row, "Resource pool"),
        VApp = _info.Text(row, "vApp") is { Length: > 0 } vApp ? new VAppPlace(vApp, null, 0) : null,
        GuestFullName = _info.Text(row, "OS according to the configuration file"),
        GuestHostName = _info.Text(row, "DNS Name"),
        IPAddresses = RvToolsDevices.Addresses(_info.Text(row, "Primary IP Address")),
        CpuCount = (int)Math.Min(4096, Math.Max(1, _info.Whole(row, "CPUs") ?? 1)),
        MemoryMiB = _info.Whole(row, "Memory") ?? 0,
        Firmware = _info.Text(row, "Firmware").Equals("efi", StringComparison.OrdinalIgnoreCase) ? FirmwareType.Efi : FirmwareType.Bios,
        SecureBoot = _info.Bool(row, "EFI Secure boot") ?? false,
        HardwareVersion = HardwareVersion(_info.Text(row, "HW version")),
        ChangeTrackingEnabled = _info.Bool(row, "CBT") ?? false,
        ChangeTrackingSupported = true,
        ConsolidationNeeded = _info.Bool(row, "Consolidation Needed") ?? false,
        FaultToleranceState = _info.Text(row, "FT State"),
        HARestartPriority = _info.Text(row, "HA Restart Priority"),
        UsedBytes = _info.Bytes(row, "In Use MiB") ?? 0,
        ProvisionedBytes = _info.Bytes(row, "Provisioned MiB") ?? 0,
        Notes = _info.Text(row, "Annotation"),
    };

    private VSphereTraits Traits(string[] row, string[]? cpu, string[]? memory, IReadOnlyList<string[]> partitions) => new()
    {
        CpuHotAdd = cpu is null ? null : _cpu.Sheet!.Bool(cpu, "Hot Add"),
        MemoryHotAdd = memory is null ? null : _memory.Sheet!.Bool(memory, "Hot Add"),
        BalloonedMiB = memory is null ? null : _memory.Sheet!.Whole(memory, "Ballooned"),
        CpuReservationMHz = cpu is null ? null : _cpu.Sheet!.Whole(cpu, "Reservation"),
        MemoryReservationMiB = memory is null ? null : _memory.Sheet!.Whole(memory, "Reservation"),
        DiskUuidEnabled = _info.Bool(row, "EnableUUID"),
        LatencySensitivity = _info.Text(row, "Latency Sensitivity") is { Length: > 0 } level ? level : null,
        IsRecoveryPlaceholder = _info.Bool(row, "SRM Placeholder"),
        SharedBusDisks = _disks.Sheet?.Has("Shared Bus") == true && _disks.Of(row) is { } disks ? [.. disks.Where(r => _disks.Sheet.Text(r, "Shared Bus") is "virtualSharing" or "physicalSharing").Select(r => _disks.Sheet.Text(r, "Disk"))] : null,
        FileSystems = partitions.Count > 0 ? [.. partitions.Select(r => RvToolsDevices.FileSystem(_partitions.Sheet!, r)).Where(static f => f.CapacityBytes >= 0 && f.FreeBytes >= 0)] : null,
        RunningGuest = _info.Text(row, "OS according to the VMware Tools") is { Length: > 0 } running ? running : null,
        SnapshotBytes = _snapshots.Of(row)?.Sum(r => _snapshots.Sheet!.Bytes(r, "Size MiB (total)") ?? 0),
        CreatedAt = _info.Date(row, "Creation date"),
    };

    /// <summary>"19" of newer versions of RVTools is vmx-19.</summary>
    private static string HardwareVersion(string text) => text.Length > 0 && text.All(char.IsDigit) ? "vmx-" + text : text;

    private static string Or(string first, string second) => first.Length > 0 ? first : second;
}
