using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Images;
using OsMigrate.OpenStack.Networks;
using OsMigrate.OpenStack.Volumes;
using OsMigrate.Tests.Support;
using OsMigrate.Tests.Support.Faults;

namespace OsMigrate.Tests.OpenStack.Peer;

/// <summary>Whatever happens to the answer, or to the request, of a creation: in the end there is exactly one.</summary>
[Collection(OpenStackPeer.Collection)]
public sealed class LostAnswerTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>What goes wrong, and how many requests to create are then made.</summary>
    public static TheoryData<string, int> Mishaps => new()
    {
        { "the answer is lost", 1 }, { "the request is cut", 2 }, { "500 although nothing was done", 2 }, { "503 without Retry-After", 2 }, { "503 with Retry-After", 2 }, { "429", 2 }, { "the answer is cut", 1 },
    };

    [SkippableTheory]
    [MemberData(nameof(Mishaps))]
    public void There_is_one_image(string mishap, int requests)
    {
        using var peer = new PeerCloud();
        var images = new ImagesClient(peer.Session);
        var name = OpenStackPeer.UniqueName("image");
        peer.Afterwards(() => images.List(None, name).ToList().ForEach(i => images.Delete(i.Id, None)));
        peer.Proxy.Add("POST", "/v2/images$", FaultOf(mishap));
        var made = images.Create(new ImageRequest { Name = name, DiskFormat = "raw" }, None);
        Assert.Equal(requests, peer.Proxy.Count("POST", "/v2/images$"));
        Assert.Equal(made.Id, Assert.Single(images.List(None, name)).Id);
    }

    [SkippableTheory]
    [MemberData(nameof(Mishaps))]
    public void There_is_one_volume(string mishap, int requests)
    {
        using var peer = new PeerCloud();
        var volumes = new VolumesClient(peer.Session);
        var name = OpenStackPeer.UniqueName("volume");
        peer.Afterwards(() =>
        {
            foreach (var volume in volumes.List(None, name).ToList())
            {
                volumes.WaitForAvailable(volume, Limit, None);
                volumes.Delete(volume.Id, None);
            }
        });
        peer.Proxy.Add("POST", "/volumes$", FaultOf(mishap));
        var made = volumes.Create(new VolumeRequest { Name = name, SizeGiB = 1 }, None);
        Assert.Equal(requests, peer.Proxy.Count("POST", "/volumes$"));
        Assert.Equal(made.Id, Assert.Single(volumes.List(None, name)).Id);
    }

    [SkippableTheory]
    [MemberData(nameof(Mishaps))]
    public void There_is_one_port(string mishap, int requests)
    {
        using var peer = new PeerCloud();
        var networks = new NetworksClient(peer.Session);
        var name = OpenStackPeer.UniqueName("port");
        var network = networks.Find("demo-net", None).Id;
        peer.Afterwards(() => networks.Ports(None, name).ToList().ForEach(p => networks.DeletePort(p.Id, None)));
        peer.Proxy.Add("POST", "/v2.0/ports$", FaultOf(mishap));
        var made = networks.CreatePort(new PortRequest { Name = name, NetworkId = network, MacAddress = "fa:16:3e:00:5e:" + Random.Shared.Next(256).ToString("x2", null) }, None);
        Assert.Equal(requests, peer.Proxy.Count("POST", "/v2.0/ports$"));
        Assert.Equal(made.Id, Assert.Single(networks.Ports(None, name)).Id);
    }

    [SkippableTheory]
    [InlineData("the answer is lost", 1)]
    [InlineData("the request is cut", 2)]
    [InlineData("503 without Retry-After", 2)]
    public void There_is_one_server(string mishap, int requests)
    {
        using var peer = new PeerCloud();
        var servers = new ServersClient(peer.Session);
        var name = OpenStackPeer.UniqueName("server");
        peer.Afterwards(() =>
        {
            foreach (var server in servers.List(None, name).ToList())
            {
                servers.Delete(server.Id, None);
                servers.WaitForGone(server, Limit, None);
            }
        });
        var request = new ServerRequest
        {
            Name = name,
            FlavorId = new FlavorsClient(peer.Session).Find("m1.nano", None).Id,
            ImageId = new ImagesClient(peer.Session).Find("lab-guest", None).Id,
            Networks = [],
            // The hosts that pretend: the server is there at once and costs nothing.
            AvailabilityZone = "fake",
        };
        peer.Proxy.Add("POST", "/servers$", FaultOf(mishap));
        var made = servers.Create(request, None);
        Assert.Equal(requests, peer.Proxy.Count("POST", "/servers$"));
        Assert.Equal("ACTIVE", servers.WaitFor(made, ["ACTIVE"], Limit, None).Status);
        Assert.Equal(made.Id, Assert.Single(servers.List(None, name)).Id);
    }

    private static Fault FaultOf(string mishap) => mishap switch
    {
        "the answer is lost" => new Fault.LoseAnswer(),
        "the answer is cut" => new Fault.CutAnswer(20),
        "the request is cut" => new Fault.CutRequest(10),
        "500 although nothing was done" => new Fault.Answer(500),
        "503 without Retry-After" => new Fault.Answer(503),
        "503 with Retry-After" => new Fault.Answer(503) { RetryAfterSeconds = 1 },
        "429" => new Fault.Answer(429),
        _ => throw new ArgumentOutOfRangeException(nameof(mishap), mishap, null),
    };
}
