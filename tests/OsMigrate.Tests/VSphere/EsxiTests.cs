using OsMigrate.Bytes;
using OsMigrate.Migrations.Sources;
using OsMigrate.Tests.Support;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Tags;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

/// <summary>An ESXi host that is asked directly, without a vCenter.</summary>
public sealed class EsxiTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(MigrationMode.Cold, DiskTransport.Range)]
    [InlineData(MigrationMode.Snapshot, DiskTransport.Lease)]
    [InlineData(MigrationMode.Warm, DiskTransport.Range)]
    public void Its_machines_are_copied_too(MigrationMode mode, DiskTransport transport)
    {
        var disk = VCenterPeer.MakeDisk(_folder.File("d.raw"), 6 << 20, 3);
        // A host gives addresses of leases with * for its own name.
        using var peer = VCenterPeer.Start(["-esx", "-nfc-star"], $"name=a,disk={disk},power=on");
        using var session = Connect(peer);
        Assert.False(session.IsVCenter);
        var machine = Machine(session, "a");
        Assert.Equal(("ha-datacenter", "VM Network"), (machine.DatacenterPath, machine.Nics[0].NetworkName));
        var origin = Origin(machine, _folder.File("work"), mode, transport);
        var copy = new SourceCopy(session, origin, machine.Disks, new MemoryNotes(_ => { }), new Silent(), None);
        copy.Acquire();
        using var image = copy.Open(0);
        Assert.Equal(Sha256(disk), Sha256(image));
        Assert.Empty(peer.Snapshots("a"));
    }

    [SkippableFact]
    public void It_has_no_clusters_and_no_tags()
    {
        using var peer = VCenterPeer.Start(["-esx"], []);
        using var session = Connect(peer);
        Assert.Empty(new VSphereInventory(session, None).Clusters());
        Assert.Equal(ErrorIds.VSphereUnsupported, Assert.Throws<OsMigrateException>(() => new VSphereTags(session, None)).ErrorId);
    }
}
