using OsMigrate.Machines;
using OsMigrate.Migrations.Assessment;
using OsMigrate.Migrations.Assessment.Rules;
using OsMigrate.OpenStack.Quotas;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;
using static OsMigrate.Tests.Migrations.Assessment.Subjects;

namespace OsMigrate.Tests.Migrations.Assessment;

public class RuleTests
{
    /// <summary>For each rule a machine that it finds something in. That it finds nothing in the machine without fault is tested for all.</summary>
    private static readonly Dictionary<string, RuleSubject> Faulty = new(StringComparer.Ordinal)
    {
        ["openstack.machine.inaccessible"] = Of(Vm with { ConnectionState = "disconnected" }),
        ["openstack.machine.srm_placeholder"] = Of(traits: Traits with { IsRecoveryPlaceholder = true }),
        ["openstack.machine.template"] = Of(Vm with { IsTemplate = true }),
        ["openstack.machine.suspended"] = Of(Vm with { PowerState = "suspended" }),
        ["vmware.vm_powered_off.detected"] = Of(Vm with { PowerState = "poweredOff" }),
        ["openstack.encryption.enabled"] = Of(Vm with { IsEncrypted = true }),
        ["openstack.hardware_version.old"] = Of(Vm with { HardwareVersion = "vmx-04" }),
        ["openstack.firmware.uefi"] = Of(Vm with { Firmware = FirmwareType.Efi }),
        ["openstack.secure_boot"] = Of(Vm with { SecureBoot = true }),
        ["openstack.cpu.many"] = Of(Vm with { CpuCount = 256 }),
        ["openstack.memory.much"] = Of(Vm with { MemoryMiB = 6L << 20 }),
        ["openstack.nested_virtualization"] = Of(traits: Traits with { NestedVirtualization = true }),
        ["openstack.latency_sensitivity"] = Of(traits: Traits with { LatencySensitivity = "high" }),
        ["openstack.reservation"] = Of(traits: Traits with { MemoryReservationMiB = 1024 }),
        ["vmware.cpu_affinity.detected"] = Of(traits: Traits with { CpuAffinity = "0,1" }),
        ["vmware.numa_affinity.detected"] = Of(traits: Traits with { NumaAffinity = "1" }),
        ["vmware.cpu_memory.hotplug.enabled"] = Of(traits: Traits with { MemoryHotAdd = true }),
        ["openstack.memory.ballooned"] = Of(traits: Traits with { BalloonedMiB = 100 }),
        ["openstack.disk.none"] = Of(Vm with { Disks = [] }),
        ["vmware.disk.capacity.invalid"] = OfDisk(Disk with { CapacityBytes = 0 }),
        ["vmware.datastore.missing"] = OfDisk(Disk with { Backing = DiskBacking.Other }),
        ["openstack.disk.rdm_physical"] = OfDisk(Disk with { Backing = DiskBacking.RawPhysical }),
        ["vmware.disk.rdm.detected"] = OfDisk(Disk with { Backing = DiskBacking.RawVirtual }),
        ["vmware.disk_mode.independent"] = OfDisk(Disk with { Mode = "independent_persistent" }),
        ["openstack.disk.nonpersistent"] = OfDisk(Disk with { Mode = "independent_nonpersistent" }),
        ["vmware.disk.shared.detected"] = OfDisk(Disk with { Sharing = "sharingMultiWriter" }),
        ["openstack.disk.shared_bus"] = Of(traits: Traits with { SharedBusDisks = ["Hard disk 1"] }),
        ["openstack.disk.linked_clone"] = OfDisk(Disk with { ParentFiles = ["[ds1] base/base.vmdk"] }),
        ["openstack.disk.count"] = Of(Vm with { Disks = [.. Enumerable.Repeat(Disk, 27)] }),
        ["vmware.disk.nvme.detected"] = OfDisk(Disk with { Bus = DiskBus.Nvme }),
        ["openstack.image.size_cap"] = OfDisk(Disk with { CapacityBytes = (1L << 40) + 1 }),
        ["openstack.disk.large"] = OfDisk(Disk with { CapacityBytes = 3L << 40 }),
        ["openstack.image.preflight"] = Of(Vm with { Disks = [Disk, Disk] }),
        ["openstack.disk.serial_changes"] = Of(traits: Traits with { DiskUuidEnabled = true }),
        ["openstack.datastore.lease_only"] = Of(around: Snapshot(Item()) with { Datastores = [Datastore with { Type = "vsan" }] }),
        ["openstack.datastore.inaccessible"] = Of(around: Snapshot(Item()) with { Datastores = [Datastore with { IsAccessible = false }] }),
        ["openstack.disk.thin_ratio"] = OfDisk(Disk with { CapacityBytes = 1L << 40 }),
        ["vmware.snapshot.detected"] = OfSnapshots(1),
        ["openstack.snapshot.old"] = OfSnapshots(1),
        ["openstack.snapshot.chain"] = OfSnapshots(4),
        ["vmware.consolidation_needed"] = Of(Vm with { ConsolidationNeeded = true }),
        ["vmware.changed_block_tracking.disabled"] = Of(Vm with { ChangeTrackingEnabled = false }),
        ["openstack.change_tracking.unsupported"] = Of(Vm with { ChangeTrackingSupported = false }),
        ["vmware.passthrough_device.detected"] = OfDevice("passthrough"),
        ["vmware.device.sriov.detected"] = Of(Vm with { Nics = [Nic with { Model = "sriov" }] }),
        ["vmware.tpm.detected"] = Of(Vm with { HasTpm = true }),
        ["vmware.usb_controller.detected"] = Of(traits: Traits with { UsbControllers = ["USB xHCI controller"] }),
        ["openstack.usb.device"] = OfDevice("usb"),
        ["openstack.device.serial_port"] = OfDevice("serial"),
        ["openstack.device.parallel_port"] = OfDevice("parallel"),
        ["openstack.device.sound"] = OfDevice("sound"),
        ["openstack.device.media"] = Of(Vm with { Drives = [new MachineDrive("cdrom", "CD/DVD drive 1", DiskBus.Ide, "[iso] a.iso")] }),
        ["openstack.nic.count"] = Of(Vm with { Nics = [.. Enumerable.Range(0, 9).Select(i => Nic with { MacAddress = $"52:54:00:00:00:0{i}" })] }),
        ["openstack.nic.none"] = Of(Vm with { Nics = [] }),
        ["openstack.nic.no_network"] = Of(Vm with { Nics = [Nic with { NetworkName = null }] }),
        ["openstack.nic.vmware_mac"] = Of(Vm with { Nics = [Nic with { MacAddress = "00:50:56:00:00:01" }] }),
        ["openstack.mac.duplicate"] = Of(around: Snapshot(Item(), Item(Vm with { Name = "other" }))),
        ["vmware.vm_missing_ip.detected"] = Of(),
        ["openstack.address.static"] = OfAddress("192.0.2.1"),
        ["openstack.address.duplicate"] = Of(Vm with { IPAddresses = ["192.0.2.1"] }, around: Snapshot(Item(Vm with { IPAddresses = ["192.0.2.1"] }), Item(Vm with { IPAddresses = ["192.0.2.1"] }))),
        ["openstack.address.ipv6"] = OfAddress("2001:db8::1"),
        ["openstack.guest.not_runnable"] = OfGuest("VMware ESXi 7.0"),
        ["openstack.guest.no_virtio"] = OfGuest("Microsoft Windows NT"),
        ["openstack.guest.driver_injection"] = OfGuest("Microsoft Windows Server 2019 (64-bit)"),
        ["vmware.os.unsupported"] = OfGuest("Plan 9"),
        ["vmware.os.upgrade.recommendation"] = OfGuest("CentOS 7 (64-bit)"),
        ["openstack.guest.mismatch"] = Of(Vm with { GuestFullName = "Microsoft Windows Server 2019 (64-bit)" }),
        ["vmware.guestDisks.freespace"] = Of(Vm with { GuestId = "", GuestFullName = "" }, Traits with { RunningGuest = "Windows Server 2019", FileSystems = [new GuestFileSystem("C:\\", 40L << 30, 50L << 20)] }),
        ["openstack.filesystem.nearly_full"] = Of(traits: Traits with { FileSystems = [new GuestFileSystem("/", 40L << 30, 1L << 30)] }),
        ["openstack.tools.not_running"] = Of(Vm with { ToolsRunning = false }),
        ["openstack.tools.old"] = Of(Vm with { ToolsStatus = "toolsOld" }),
        ["vmware.hostname.empty"] = Of(Vm with { GuestHostName = "" }),
        ["vmware.hostname.default"] = Of(Vm with { GuestHostName = "localhost.localdomain" }),
        ["vmware.fault_tolerance.enabled"] = Of(Vm with { FaultToleranceState = "running" }),
        ["vmware.host_affinity.detected"] = OfRule(ClusterRuleKind.MachinesOnHosts),
        ["openstack.rule.affinity"] = OfRule(ClusterRuleKind.Affinity),
        ["openstack.rule.anti_affinity"] = OfRule(ClusterRuleKind.AntiAffinity),
        ["openstack.vapp"] = Of(Vm with { VApp = new VAppPlace("shop", 1, 0) }),
        ["openstack.cluster.ha"] = OfCluster(Cluster with { IsHAEnabled = true }),
        ["vmware.drs.enabled"] = OfCluster(Cluster with { IsDrsEnabled = true }),
        ["vmware.vm.name.invalid"] = Of(Vm with { Name = "web 01" }),
        ["openstack.name.too_long"] = Of(Vm with { Name = new string('a', 256) }),
        ["openstack.name.characters"] = Of(Vm with { Name = "web\u202E01" }),
        ["openstack.name.duplicate"] = Of(around: Snapshot(Item(), Item())),
        ["openstack.flavor.none"] = Of(Vm with { CpuCount = 65 }),
        ["openstack.flavor.oversized"] = Of(Vm with { CpuCount = 3 }),
        ["openstack.quota.exceeded"] = Of(cloud: Cloud with { Quotas = [new Quota("Nova", "instances", 5, 5)] }),
        ["openstack.network.unmapped"] = Of(cloud: Cloud with { Networks = ["other"] }),
    };

    /// <summary>Rules that the machine without fault meets on purpose: it has no addresses.</summary>
    private static readonly Dictionary<string, RuleSubject> Sound = new(StringComparer.Ordinal) { ["vmware.vm_missing_ip.detected"] = OfAddress("192.0.2.1") };

    public static TheoryData<string> Ids => [.. AssessmentRules.All.Select(r => r.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_finds_what_it_is_for_and_shows_it(string id)
    {
        var finding = Rule(id).Apply(Faulty[id]);
        Assert.True(finding.Present);
        Assert.InRange(finding.Evidence.Length, 1, 500);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_finds_nothing_in_a_machine_without_the_fault(string id)
        => Assert.False(Rule(id).Apply(Sound.TryGetValue(id, out var sound) ? sound : Of()).Present);

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_never_passes_when_what_it_needs_is_not_known(string id)
    {
        var rule = Rule(id);
        if (rule.Needs == InventoryFacts.None)
            Assert.NotEqual(true, rule.Check(Of(Vm, new VSphereTraits())).Present);
        else
            Assert.All(Each(rule.Needs), missing => Assert.Null(rule.Apply(Of(facts: InventoryFacts.All & ~missing)).Present));
    }

    [Fact]
    public void What_the_source_left_empty_is_not_known()
    {
        var empty = Of(Vm with { HardwareVersion = "" }, new VSphereTraits(), cloud: new CloudOffer());
        string[] unknown =
        [
            "openstack.machine.srm_placeholder", "openstack.hardware_version.old", "openstack.nested_virtualization", "openstack.latency_sensitivity", "openstack.reservation", "vmware.cpu_affinity.detected", "vmware.numa_affinity.detected", "vmware.cpu_memory.hotplug.enabled",
            "openstack.memory.ballooned", "openstack.disk.shared_bus", "openstack.disk.serial_changes", "vmware.usb_controller.detected", "openstack.guest.mismatch", "openstack.flavor.none", "openstack.flavor.oversized", "openstack.quota.exceeded", "openstack.network.unmapped",
        ];
        Assert.All(unknown, id => Assert.Null(Rule(id).Apply(empty).Present));
        Assert.Null(Rule("openstack.datastore.inaccessible").Apply(Of(around: Snapshot(Item()) with { Datastores = [] })).Present);
    }

    [Fact]
    public void Ids_are_unique_and_speak_of_what_they_mean()
    {
        var rules = AssessmentRules.All.Append(AssessmentRules.Incomplete).Append(QuotaTotals.Rule).ToList();
        Assert.Equal(rules.Count, rules.Select(r => r.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(rules, r => Assert.Matches(@"^(vmware|openstack)\.[A-Za-z0-9_.]+$", r.Id));
        Assert.All(rules, r => Assert.True(r is { Label.Length: > 3 and < 60, Meaning.Length: > 10, Cure.Length: > 5 }, r.Id));
        Assert.Equal(Faulty.Keys.Order(StringComparer.Ordinal), AssessmentRules.All.Select(r => r.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Microsoft Windows Server 2016 or later (64-bit)", "Windows Server 2016")]
    [InlineData("Microsoft Windows Server 2012 R2 (64-bit)", "Windows Server 2012 R2")]
    [InlineData("Microsoft Windows Server 2012 (64-bit)", "Windows Server 2012")]
    [InlineData("Red Hat Enterprise Linux 8 (64-bit)", "Red Hat Enterprise Linux 8")]
    [InlineData("Red Hat Enterprise Linux 4 (32-bit)", "Red Hat Enterprise Linux 4")]
    [InlineData("SUSE Linux Enterprise 15 (64-bit)", "SUSE Linux Enterprise 15")]
    [InlineData("Ubuntu Linux (64-bit)", "Ubuntu")]
    [InlineData("Linux 5.4.0-90-generic Ubuntu 20.04.3 LTS", "Ubuntu 20.04")]
    [InlineData("Debian GNU/Linux 11 (64-bit)", "Debian 11")]
    [InlineData("CentOS 4/5/6/7 (64-bit)", "CentOS 4 to 7")]
    [InlineData("Other 2.4.x Linux (64-bit)", "Linux 2.4")]
    [InlineData("Other 3.x or later Linux (64-bit)", "Linux")]
    [InlineData("Amazon Linux 2 (64-bit)", "Amazon Linux 2")]
    [InlineData("Other (64-bit)", null)]
    [InlineData("", null)]
    public void Systems_are_known_by_the_names_that_vSphere_shows(string shown, string? name) => Assert.Equal(name, GuestReleases.Find(shown)?.Name);

    private static AssessmentRule Rule(string id) => AssessmentRules.All.Single(r => r.Id == id);

    private static IEnumerable<InventoryFacts> Each(InventoryFacts facts) => Enum.GetValues<InventoryFacts>().Where(f => f is not (InventoryFacts.None or InventoryFacts.All) && facts.HasFlag(f));

    private static RuleSubject OfDisk(VSphereDisk disk) => Of(Vm with { Disks = [disk] });

    private static RuleSubject OfDevice(string kind) => Of(Vm with { OtherDevices = [new MachineDevice(kind, "a device")] });

    private static RuleSubject OfAddress(string address) => Of(Vm with { IPAddresses = [address] });

    private static RuleSubject OfGuest(string name) => Of(Vm with { GuestId = "", GuestFullName = name }, Traits with { RunningGuest = null });

    private static RuleSubject OfSnapshots(int count) => Of(Vm with { Snapshots = [.. Enumerable.Range(0, count).Select(i => new VSphereSnapshot { Name = $"s{i}", CreatedAt = Now.AddDays(-10) })] });

    private static RuleSubject OfCluster(VSphereCluster cluster) => Of(around: Snapshot(Item()) with { Clusters = [cluster] });

    private static RuleSubject OfRule(ClusterRuleKind kind) => OfCluster(Cluster with { Rules = [new VSphereClusterRule("r", kind, true, false, [Vm.Reference, new MoRef("VirtualMachine", "vm-2")], null, null)] });
}
