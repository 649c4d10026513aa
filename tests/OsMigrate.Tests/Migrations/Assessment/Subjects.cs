using OsMigrate.Machines;
using OsMigrate.Migrations.Assessment;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Quotas;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Tests.Migrations.Assessment;

/// <summary>A machine that no rule has anything against, and variations of it.</summary>
internal static class Subjects
{
    public static readonly DateTime Now = new(2026, 11, 30, 12, 0, 0, DateTimeKind.Utc);

    public static readonly VSphereDisk Disk = new() { Key = 2000, Label = "Hard disk 1", Bus = DiskBus.Scsi, ControllerModel = "pvscsi", CapacityBytes = 40L << 30, Backing = DiskBacking.Flat, FileName = "[ds1] vm/vm.vmdk", Mode = "persistent", Sharing = "sharingNone" };

    public static readonly VSphereNic Nic = new() { Key = 4000, Label = "Network adapter 1", MacAddress = "52:54:00:00:00:01", Model = "vmxnet3", NetworkName = "net1" };

    public static readonly VSphereMachine Vm = new()
    {
        Server = "vc", Reference = new MoRef("VirtualMachine", "vm-1"), Name = "web01", PowerState = "poweredOn", ConnectionState = "connected", GuestId = "debian12_64Guest", GuestFullName = "Debian GNU/Linux 12 (64-bit)", ToolsStatus = "toolsOk", ToolsRunning = true,
        GuestHostName = "web01.example", CpuCount = 2, MemoryMiB = 4096, HardwareVersion = "vmx-19", Disks = [Disk], Nics = [Nic], ChangeTrackingEnabled = true, ChangeTrackingSupported = true, FaultToleranceState = "notConfigured", UsedBytes = 20L << 30, Cluster = "C1",
    };

    public static readonly VSphereTraits Traits = new()
    {
        CpuHotAdd = false, MemoryHotAdd = false, BalloonedMiB = 0, CpuAffinity = "", NumaAffinity = "", NestedVirtualization = false, DiskUuidEnabled = false, LatencySensitivity = "normal", CpuReservationMHz = 0, MemoryReservationMiB = 0, IsRecoveryPlaceholder = false,
        SharedBusDisks = [], UsbControllers = [], FileSystems = [new GuestFileSystem("/", 40L << 30, 20L << 30)], RunningGuest = "Debian GNU/Linux 12 (64-bit)",
    };

    public static readonly VSphereCluster Cluster = new() { Name = "C1" };

    public static readonly VSphereDatastore Datastore = new("ds1", "VMFS", 1L << 40, 1L << 39, true);

    public static readonly CloudOffer Cloud = new()
    {
        Name = "lab", Flavors = [new Flavor { Id = "1", Name = "m1.small", CpuCount = 2, MemoryMiB = 4096 }, new Flavor { Id = "2", Name = "m1.huge", CpuCount = 64, MemoryMiB = 65_536 }],
        Quotas = [new Quota("Nova", "instances", 10, 5), new Quota("Nova", "CPUs", 100, 10), new Quota("Cinder", "volume size (GiB)", 1000, 100)], Networks = ["net1"],
    };

    public static InventoryMachine Item(VSphereMachine? machine = null, VSphereTraits? traits = null, InventoryFacts facts = InventoryFacts.All, InventoryFacts expected = InventoryFacts.All)
        => new(machine ?? Vm, traits ?? Traits, facts, expected, "vc", "vSphere");

    public static InventorySnapshot Snapshot(params InventoryMachine[] machines) => new() { Machines = machines, Clusters = [Cluster], Datastores = [Datastore] };

    public static RuleSubject Of(VSphereMachine? machine = null, VSphereTraits? traits = null, InventorySnapshot? around = null, CloudOffer? cloud = null, InventoryFacts facts = InventoryFacts.All)
    {
        var item = Item(machine, traits, facts);
        return new RuleSubject(item, new AssessmentSite(around ?? Snapshot(item), cloud ?? Cloud, Now));
    }
}
