using System.Diagnostics;
using OsMigrate.Bytes;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Images;
using OsMigrate.OpenStack.Networks;
using OsMigrate.OpenStack.Services;
using OsMigrate.Tests.Support;
using OsMigrate.Tests.Support.Faults;

namespace OsMigrate.Tests.OpenStack.Peer;

[Collection(OpenStackPeer.Collection)]
public sealed class FaultTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [SkippableTheory]
    [InlineData(503)]
    [InlineData(429)]
    public void A_server_that_asks_for_time_gets_it(int status)
    {
        using var peer = new PeerCloud();
        var rule = peer.Proxy.Add("GET", "/v2.1/flavors", new Fault.Answer(status) { RetryAfterSeconds = 2 });
        var clock = Stopwatch.StartNew();
        Assert.Contains(new FlavorsClient(peer.Session).List(None), f => f.Name == "m1.nano");
        Assert.True(clock.Elapsed >= TimeSpan.FromSeconds(1.9), $"{clock.Elapsed}");
        Assert.Equal(1, rule.Struck);
        Assert.Contains($"answered {status}", peer.Notes, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public void A_failure_without_a_word_of_when_is_tried_again(int status)
    {
        using var peer = new PeerCloud();
        var rule = peer.Proxy.Add("GET", "/v2.0/networks", new Fault.Answer(status));
        Assert.NotEmpty(new NetworksClient(peer.Session).List(None));
        Assert.Equal(1, rule.Struck);
    }

    [SkippableFact]
    public void A_server_that_asks_for_too_much_time_is_not_waited_for()
    {
        using var peer = new PeerCloud();
        peer.Proxy.Add("GET", "/v2.0/networks", new Fault.Answer(503) { RetryAfterSeconds = 86_400 }, times: 9);
        var error = Assert.Throws<CloudException>(() => new NetworksClient(peer.Session).List(None).ToList());
        Assert.Equal((ErrorIds.CloudUnavailable, 503), (error.ErrorId, error.Status));
        Assert.Equal(1, peer.Proxy.Count("GET", "/v2.0/networks"));
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200)]
    public void An_answer_that_breaks_off_is_asked_for_again(int afterBytes)
    {
        using var peer = new PeerCloud();
        var rule = peer.Proxy.Add("GET", "/v2/images", new Fault.CutAnswer(afterBytes), times: 2);
        Assert.Contains(new ImagesClient(peer.Session).List(None), i => i.Name == "lab-guest");
        Assert.Equal(2, rule.Struck);
    }

    [SkippableFact]
    public void An_answer_shorter_than_announced_is_asked_for_again()
    {
        using var peer = new PeerCloud();
        var rule = peer.Proxy.Add("GET", "/v2/images", new Fault.WrongLength(7));
        Assert.Contains(new ImagesClient(peer.Session).List(None), i => i.Name == "lab-guest");
        Assert.Equal(1, rule.Struck);
    }

    [SkippableFact]
    public void A_server_that_does_not_answer_in_time_ends_in_one_clear_error()
    {
        using var peer = new PeerCloud(change: c => c with { ApiTimeout = TimeSpan.FromSeconds(1) });
        // Neutron answers a list well within a second once it is known; the delay alone runs into the limit.
        peer.Proxy.Add("PUT", "/v2/images", new Fault.Delay(TimeSpan.FromSeconds(5)));
        var error = Assert.Throws<OsMigrateException>(() => new ImagesClient(peer.Session).Upload(Guid.NewGuid().ToString("D"), 3, TimeSpan.Zero, (stream, _) => stream.Write("abc"u8), None));
        Assert.Equal(ErrorIds.NetTimeout, error.ErrorId);
    }
}
