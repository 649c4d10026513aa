using OsMigrate.Migrations.Assessment;
using OsMigrate.Tests.Support;
using OsMigrate.VSphere.Inventory;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

public class InventorySnapshotTests
{
    [SkippableFact]
    public void A_server_is_read_with_its_machines_hosts_datastores_and_networks()
    {
        using var folder = new TempFolder();
        var disk = VCenterPeer.MakeDisk(folder.File("d.raw"), 8 << 20, 1);
        using var peer = VCenterPeer.Start($"name=web01,disk={disk},power=on,guest=debian10_64Guest,ip=192.0.2.7", $"name=ft01,disk={disk},ft=on", $"name=efi01,disk={disk},firmware=efi,secureboot=on");
        using var session = Connect(peer);
        var read = InventoryReader.Read(session, null, null, None);
        Assert.Superset(new HashSet<string> { "efi01", "ft01", "web01" }, read.Machines.Select(m => m.Machine.Name).ToHashSet());
        Assert.NotEmpty(read.Hosts);
        Assert.All(read.Hosts, h => Assert.Equal("DC0_C0", h.Cluster));
        Assert.NotEmpty(read.Datastores);
        Assert.Contains(read.Networks, n => n.Name == "DC0_DVPG0");
        var assessed = InventoryAssessment.Run(read, new AssessmentOptions(), None).ToDictionary(m => m.Name, StringComparer.Ordinal);
        Assert.Contains(assessed["ft01"].Concerns, c => c.Id == "vmware.fault_tolerance.enabled");
        Assert.Contains(assessed["efi01"].Concerns, c => c.Id == "openstack.secure_boot");
        Assert.Contains(assessed["web01"].Concerns, c => c.Id == "openstack.rule.anti_affinity");
        Assert.DoesNotContain(assessed["web01"].Concerns, c => c.Category == ConcernCategory.Critical);
    }

    [SkippableFact]
    public void Some_machines_of_many_are_read_by_their_references()
    {
        using var peer = VCenterPeer.Start(["-machines", "150"], []);
        using var session = Connect(peer);
        var some = new VSphereInventory(session, None).Names().Take(120).Select(n => n.Reference).ToList();
        var seen = 0;
        var read = InventoryReader.Read(session, some, (at, of) => seen = at + of, None);
        Assert.Equal((120, 240), (read.Machines.Count, seen));
    }
}
