using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Cloud;
using OsMigrate.OpenStack.Services;
using OsMigrate.OpenStack.Volumes;
using OsMigrate.Tests.Support;
using OsMigrate.Tests.Support.Faults;

namespace OsMigrate.Tests.OpenStack.Peer;

/// <summary>Tokens that end too early and quotas that are too small: success, or one clear error and nothing left behind.</summary>
[Collection(OpenStackPeer.Collection)]
public sealed class LimitTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly CloudJobOptions Options = MovedMachine.Options with { AvailabilityZone = "fake" };

    /// <summary>Seconds a token lives, and bytes a second that are sent. The long one (20 s against two minutes) only when asked for.</summary>
    public static TheoryData<int, long> ShortLives => Environment.GetEnvironmentVariable("OSMIGRATE_TEST_LONG") == "1" ? new() { { 3, 2_000_000 }, { 20, 100_000 } } : new() { { 3, 2_000_000 } };

    [SkippableTheory]
    [MemberData(nameof(ShortLives))]
    public void An_upload_outlives_its_token(int seconds, long bytesPerSecond)
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer, disks: 2);
        peer.Session.SignOut(None);
        peer.Proxy.TokenLife = TimeSpan.FromSeconds(seconds);
        var before = peer.Tokens;
        var result = machine.Move(peer.Session, Options with { BandwidthLimit = bytesPerSecond });
        peer.Proxy.TokenLife = null;
        Assert.Equal("ACTIVE", result.Server.Status);
        Assert.All(result.Disks, d => Assert.Equal("sha512", d.VerifiedBy));
        Assert.Equal(2, peer.Proxy.Count("PUT", "/file$"));
        Assert.True(peer.Tokens - before > 3, $"{peer.Tokens - before} tokens");
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1_500_000)]
    public void A_token_refused_in_the_middle_of_an_upload_is_replaced(long afterBytes)
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer);
        var rule = peer.Proxy.Add("PUT", "/file$", new Fault.Answer(401) { AfterBytes = afterBytes });
        var before = peer.Tokens;
        var result = machine.Move(peer.Session, Options);
        Assert.Equal(1, rule.Struck);
        Assert.Equal(before + 1, peer.Tokens);
        Assert.Equal("sha512", result.Disks[0].VerifiedBy);
        Assert.Single(machine.InCloud(peer.Session), t => t.StartsWith("image", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void An_image_larger_than_the_cloud_takes_is_one_error_and_nothing_is_left()
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer, disks: 2);
        // What Glance answers when image_size_cap is reached.
        const string Page = "<html>\n <head>\n  <title>413 Request Entity Too Large</title>\n </head>\n <body>\n  <h1>413 Request Entity Too Large</h1>\n  The provided image is too large.<br /><br />\n\n\n </body>\n</html>";
        peer.Proxy.Add("PUT", "/file$", new Fault.Answer(413) { AfterBytes = 500_000, Body = Page }, times: 9);
        var error = Assert.Throws<OsMigrateException>(() => machine.Move(peer.Session, Options));
        Assert.Equal(ErrorIds.CloudQuota, error.ErrorId);
        Assert.Contains("The provided image is too large", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, peer.Proxy.Count("PUT", "/file$"));
        Assert.Empty(machine.InCloud(peer.Session));
    }

    [SkippableFact]
    public void A_quota_that_is_too_small_is_told_before_anything_is_made()
    {
        using var peer = new PeerCloud();
        using var admin = new PeerCloud("lab-admin");
        using var machine = new MovedMachine(peer, disks: 3);
        var project = peer.Session.ProjectId;
        admin.Session.Volumes.Put($"os-quota-sets/{project}", new JsonObject { ["quota_set"] = new JsonObject { ["gigabytes"] = 2 } }, None);
        admin.Afterwards(() => admin.Session.Volumes.Put($"os-quota-sets/{project}", new JsonObject { ["quota_set"] = new JsonObject { ["gigabytes"] = -1 } }, None));
        peer.Proxy.Clear();
        var error = Assert.Throws<OsMigrateException>(() => machine.Plan(peer.Session, Options with { Target = DiskTarget.Volume }));
        Assert.Equal(ErrorIds.CloudQuota, error.ErrorId);
        Assert.Contains("volume size (GiB): 6 needed, 2 left (0 of 2 in use)", error.Message, StringComparison.Ordinal);
        Assert.Empty(peer.Proxy.Changes.Where(r => !r.Target.EndsWith("/auth/tokens", StringComparison.Ordinal)));

        // Cinder's own refusal, for who comes past the plan.
        var refusal = Assert.Throws<CloudException>(() => new VolumesClient(peer.Session).Create(new VolumeRequest { Name = machine.Name, SizeGiB = 3 }, None));
        Assert.Equal(ErrorIds.CloudQuota, refusal.ErrorId);
        Assert.Empty(machine.InCloud(peer.Session));
    }

    [SkippableTheory]
    [InlineData("POST", "/servers$", 403, """{"forbidden": {"code": 403, "message": "Quota exceeded for instances: Requested 1, but already used 10 of 10 instances"}}""", "already used 10 of 10")]
    [InlineData("POST", "/ports$", 409, """{"NeutronError": {"type": "OverQuota", "message": "Quota exceeded for resources: ['port'].", "detail": ""}}""", "Quota exceeded for resources")]
    [InlineData("POST", "/volumes$", 413, """{"overLimit": {"code": 413, "message": "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota.", "retryAfter": "0"}}""", "exceeds allowed gigabytes quota")]
    [InlineData("PUT", "/file$", 413, "<html><body><h1>413 Request Entity Too Large</h1>Denying attempt to upload image because it exceeds the quota</body></html>", "exceeds the quota")]
    public void A_quota_that_someone_else_used_up_meanwhile_is_one_error_and_nothing_is_left(string method, string path, int status, string body, string reason)
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer, disks: 2);
        peer.Proxy.Add(method, path, new Fault.Answer(status) { Body = body }, times: 9);
        var error = Assert.Throws<OsMigrateException>(() => machine.Move(peer.Session, Options));
        Assert.Equal(ErrorIds.CloudQuota, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, peer.Proxy.Count(method, path));
        Assert.Empty(machine.InCloud(peer.Session));
        Assert.Equal(CloudJobState.Undone, machine.Job.State);
    }
}
