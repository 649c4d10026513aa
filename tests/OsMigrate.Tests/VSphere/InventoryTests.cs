using OsMigrate.Bytes;
using OsMigrate.Tests.Support;
using OsMigrate.Machines;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Datastores;
using OsMigrate.VSphere.Inventory;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

public class InventoryTests
{
    [SkippableFact]
    public void A_machine_is_described_in_neutral_words()
    {
        using var folder = new TempFolder();
        var disk = VCenterPeer.MakeDisk(folder.File("d.raw"), 8 << 20, 1);
        using var peer = VCenterPeer.Start(["-datacenters", "2"], $"name=efi01,disk={disk},disk={disk},firmware=efi,secureboot=on,mem=2048,cpu=2,guest=rhel8_64Guest,mac=00:50:56:00:10:02,ip=192.0.2.7,power=on,note=a note", $"name=other,disk={disk},ft=on");
        using var session = Connect(peer);
        var vm = Machine(session, "efi01");
        Assert.Equal(("DC0", "DC0", "", "DC0_C0", "poweredOn"), (vm.Datacenter, vm.DatacenterPath, vm.Folder, vm.Cluster, vm.PowerState));
        var machine = vm.ToMachine();
        Assert.Equal((2, 2048L, FirmwareType.Efi, true), (machine.CpuCount, machine.MemoryMiB, machine.Firmware, machine.SecureBoot));
        Assert.Equal(("rhel", "8"), (machine.Os.Distro, machine.Os.Version));
        Assert.Equal(["scsi0:0", "scsi0:1"], machine.Disks.Select(d => d.Address));
        Assert.Equal([8 << 20, 8 << 20], machine.Disks.Select(d => d.CapacityBytes));
        var nic = Assert.Single(machine.Nics);
        Assert.Equal(("00:50:56:00:10:02", "vmxnet3", "DC0_DVPG0"), (nic.MacAddress, nic.Model, nic.NetworkName));
        Assert.Equal("a note", machine.Annotation);
        Assert.Equal(["192.0.2.7"], vm.IPAddresses);
        Assert.Contains("Fault tolerance", Assert.Single(Machine(session, "other").ToMachine().Warnings), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Many_machines_come_in_pages()
    {
        using var peer = VCenterPeer.Start(["-machines", "230"], []);
        using var session = Connect(peer);
        var inventory = new VSphereInventory(session, None);
        var names = inventory.Names();
        Assert.Equal(230, names.Count);
        Assert.Equal(230, inventory.Read(names.Select(n => n.Reference)).Select(m => m.Id).Distinct().Count());
        Assert.DoesNotContain(peer.Calls, c => c.Contains("fault", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Clusters_show_rules_groups_and_overrides()
    {
        using var folder = new TempFolder();
        var disk = VCenterPeer.MakeDisk(folder.File("d.raw"), 1 << 20, 1);
        using var peer = VCenterPeer.Start($"name=a,disk={disk}", $"name=b,disk={disk}");
        using var session = Connect(peer);
        var inventory = new VSphereInventory(session, None);
        var cluster = Assert.Single(inventory.Clusters());
        Assert.True(cluster.IsHAEnabled && cluster.IsDrsEnabled);
        Assert.Equal([("apart", ClusterRuleKind.AntiAffinity, true, 2), ("together", ClusterRuleKind.Affinity, false, 2), ("pinned", ClusterRuleKind.MachinesOnHosts, true, 1)],
            cluster.Rules.Select(r => (r.Name, r.Kind, r.IsEnabled, r.Machines.Count)));
        var all = inventory.Read(inventory.Names().Select(n => n.Reference)).ToList();
        Assert.Single(all, m => m is { HARestartPriority: "high", DrsAutomationLevel: "manual" });
        Assert.Equal(2, all.Count(m => m is { HARestartPriority: "medium", DrsAutomationLevel: "fullyAutomated" }));
    }

    [SkippableFact]
    public void A_machine_that_is_not_there_is_named()
    {
        using var peer = VCenterPeer.Start();
        using var session = Connect(peer);
        Assert.Equal(ErrorIds.VSphereNotFound, Assert.ThrowsAny<OsMigrateException>(() => new VSphereInventory(session, None).Read(new MoRef("VirtualMachine", "vm-99999"))).ErrorId);
    }

    [Theory]
    [InlineData("[ds 1] a b/c.vmdk", "ds 1", "a b/c.vmdk")]
    [InlineData("[x]c.vmdk", "x", "c.vmdk")]
    public void Paths_of_datastores_are_read(string text, string datastore, string file)
    {
        var path = DatastorePath.Parse(text);
        Assert.Equal((datastore, file), (path.Datastore, path.File));
    }

    [Theory]
    [InlineData("[ds] ../../etc/passwd")]
    [InlineData("[ds] /etc/passwd")]
    [InlineData("[ds] a//b")]
    [InlineData("[ds] a\\b")]
    [InlineData("ds a")]
    [InlineData("[] a")]
    [InlineData("")]
    public void Paths_that_step_out_of_the_datastore_are_refused(string text)
        => Assert.Equal(ErrorIds.NetBadAnswer, Assert.Throws<OsMigrateException>(() => DatastorePath.Parse(text)).ErrorId);
}
