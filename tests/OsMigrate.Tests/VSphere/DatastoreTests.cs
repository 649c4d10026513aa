using OsMigrate.Bytes;
using OsMigrate.Tests.Support;
using OsMigrate.VSphere.Datastores;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

public sealed class DatastoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_disk_reads_as_its_file_in_small_and_large_pieces()
    {
        var disk = VCenterPeer.MakeDisk(_folder.File("d.raw"), (24 << 20) + 512, 2);
        using var peer = VCenterPeer.Start($"name=a,disk={disk}");
        using var session = Connect(peer);
        using var image = DatastoreDisk.Open(session, "DC0", DatastorePath.Parse("[LocalDS_0] a/a.vmdk"), None);
        Assert.Equal(new FileInfo(disk).Length, image.Length);
        Assert.Equal(Sha256(disk), Sha256(image));
        var raw = File.ReadAllBytes(disk);
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var at = random.Next(raw.Length - 5000);
            var piece = new byte[random.Next(1, 5000)];
            image.Read(at, piece);
            Assert.True(piece.AsSpan().SequenceEqual(raw.AsSpan(at, piece.Length)));
        }
    }

    [SkippableFact]
    public void A_stream_that_is_cut_at_fifty_places_is_gone_on_with()
    {
        var disk = VCenterPeer.MakeDisk(_folder.File("d.raw"), 12 << 20, 4);
        using var peer = VCenterPeer.Start($"name=a,disk={disk}");
        using var session = Connect(peer);
        var random = new Random(5);
        for (var i = 0; i < 50; i++)
            peer.Fault($"kind=cut&path=-flat.vmdk&after={random.Next(1, 2 << 20)}&times=1&skip={random.Next(3)}");
        using var image = DatastoreDisk.Open(session, "DC0", DatastorePath.Parse("[LocalDS_0] a/a.vmdk"), None);
        for (var round = 0; round < 10; round++)
            Assert.Equal(Sha256(disk), Sha256(image));
        Assert.True(peer.Calls.Count(c => c.Contains(" cut", StringComparison.Ordinal)) >= 40, "the cuts took place");
    }

    [SkippableFact]
    public void A_session_that_ends_in_the_middle_is_renewed()
    {
        var disk = VCenterPeer.MakeDisk(_folder.File("d.raw"), 12 << 20, 6);
        using var peer = VCenterPeer.Start($"name=a,disk={disk}");
        using var session = Connect(peer);
        for (var i = 0; i < 20; i++)
        {
            using var image = DatastoreDisk.Open(session, "DC0", DatastorePath.Parse("[LocalDS_0] a/a.vmdk"), None);
            image.ReadBytes(0, 4096);
            peer.Fault("kind=sessions");
            Assert.Equal(Sha256(disk), Sha256(image));
        }
    }

    [SkippableFact]
    public void The_live_disk_of_a_running_machine_is_refused_with_what_to_do()
    {
        var disk = VCenterPeer.MakeDisk(_folder.File("d.raw"), 1 << 20, 7);
        using var peer = VCenterPeer.Start($"name=a,disk={disk},power=on");
        using var session = Connect(peer);
        var fault = Assert.Throws<OsMigrateException>(() => DatastoreDisk.Open(session, "DC0", DatastorePath.Parse("[LocalDS_0] a/a.vmdk"), None));
        Assert.Equal(ErrorIds.VSphereFileLocked, fault.ErrorId);
        Assert.Contains("-Mode Snapshot", fault.Advice, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_busy_server_is_asked_again()
    {
        var disk = VCenterPeer.MakeDisk(_folder.File("d.raw"), 3 << 20, 8);
        using var peer = VCenterPeer.Start($"name=a,disk={disk}");
        using var session = Connect(peer);
        using var image = DatastoreDisk.Open(session, "DC0", DatastorePath.Parse("[LocalDS_0] a/a.vmdk"), None);
        peer.Fault("kind=status&path=/folder&code=503&times=2");
        Assert.Equal(Sha256(disk), Sha256(image));
    }
}
