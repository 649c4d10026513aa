using OsMigrate.OpenStack.Networks;
using OsMigrate.OpenStack.Services;
using OsMigrate.OpenStack.Volumes;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.OpenStack.Peer;

[Collection(OpenStackPeer.Collection)]
public sealed class PageTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [SkippableFact]
    public void Images_come_page_by_page()
    {
        using var peer = new PeerCloud();
        SameInPages(peer, peer.Session.Images, "images", "images", 1, "/v2/images", least: 2);
    }

    [SkippableFact]
    public void Flavors_come_page_by_page()
    {
        using var peer = new PeerCloud();
        SameInPages(peer, peer.Session.Compute, "flavors/detail", "flavors", 2, "/flavors/detail", least: 5);
    }

    [SkippableFact]
    public void Ports_come_page_by_page()
    {
        using var peer = new PeerCloud();
        var networks = new NetworksClient(peer.Session);
        var network = networks.Find("demo-net", None).Id;
        var name = OpenStackPeer.UniqueName("page");
        for (var i = 0; i < 3; i++)
        {
            var port = networks.CreatePort(new PortRequest { Name = name, NetworkId = network }, None);
            peer.Afterwards(() => networks.DeletePort(port.Id, None));
        }

        SameInPages(peer, peer.Session.Network, "ports?name=" + name, "ports", 2, "/v2.0/ports", least: 3);
    }

    [SkippableFact]
    public void Volumes_come_page_by_page()
    {
        using var peer = new PeerCloud();
        var volumes = new VolumesClient(peer.Session);
        var name = OpenStackPeer.UniqueName("page");
        for (var i = 0; i < 3; i++)
        {
            var volume = volumes.Create(new VolumeRequest { Name = name, SizeGiB = 1 }, None);
            peer.Afterwards(() =>
            {
                volumes.WaitForAvailable(volume, TimeSpan.FromMinutes(1), None);
                volumes.Delete(volume.Id, None);
            });
        }

        SameInPages(peer, peer.Session.Volumes, "volumes/detail?name=" + name, "volumes", 1, "/volumes/detail", least: 3);
    }

    private static void SameInPages(PeerCloud peer, ServiceClient service, string path, string key, int pageSize, string requests, int least)
    {
        var whole = service.List(path, key, None).Select(i => i.Needed("id")).ToList();
        peer.Proxy.Clear();
        var paged = service.List($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={pageSize}", key, None).Select(i => i.Needed("id")).ToList();
        Assert.True(whole.Count >= least, $"only {whole.Count} {key}");
        Assert.Equal(whole.Order(StringComparer.Ordinal), paged.Order(StringComparer.Ordinal));
        Assert.InRange(peer.Proxy.Count("GET", requests), (whole.Count + pageSize - 1) / pageSize, (whole.Count / pageSize) + 1);
    }
}
