using OsMigrate.Bytes;
using OsMigrate.Migrations.Cloud;
using OsMigrate.OpenStack.Images;
using OsMigrate.Tests.Support;
using OsMigrate.Tests.Support.Faults;

namespace OsMigrate.Tests.OpenStack.Peer;

/// <summary>From an appliance to a server that starts, and what is left when that fails.</summary>
[Collection(OpenStackPeer.Collection)]
public sealed class MoveTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [SkippableTheory]
    [InlineData(1, DiskTarget.Image, "lab")]
    [InlineData(2, DiskTarget.Image, "lab")]
    [InlineData(3, DiskTarget.Volume, "lab-app")]
    public void The_server_starts_with_its_disks_in_order_its_addresses_and_its_content(int disks, DiskTarget target, string cloud)
    {
        using var peer = new PeerCloud(cloud);
        using var machine = new MovedMachine(peer, disks, nics: 2);
        var result = machine.Move(peer.Session, MovedMachine.Options with
        {
            Target = target, NewMacAddresses = false, WaitForText = "GUEST-DONE", KeepIPAddress = true,
            IPAddresses = new Dictionary<string, string> { ["00:50:56:aa:bb:00"] = $"10.22.0.{Random.Shared.Next(100, 200)}", ["Network adapter 2"] = $"10.22.0.{Random.Shared.Next(201, 250)}" },
        });
        Assert.Equal("ACTIVE", result.Server.Status);
        Assert.Contains("GUEST-OK", result.Console, StringComparison.Ordinal);
        Assert.Contains("GUEST-MARKER made-", result.Console, StringComparison.Ordinal);
        Assert.Contains("GUEST-NIC eth0 mac=00:50:56:aa:bb:00 driver=virtio_net", result.Console, StringComparison.Ordinal);
        Assert.Contains("GUEST-NIC eth1 mac=00:50:56:aa:bb:01 driver=virtio_net", result.Console, StringComparison.Ordinal);
        Assert.Equal(2, result.Server.Addresses.Count);
        foreach (var volume in result.Made.Where(m => m.Kind == "volume"))
            Assert.Contains($"GUEST-BLOCK vd{(char)('a' + (volume.Name[^1] - '0'))}", Line(result.Console!, volume.Id[..18]), StringComparison.Ordinal);
        Assert.All(result.Disks, d => Assert.Equal("sha512", d.VerifiedBy));
        Assert.Equal(CloudJobState.Done, machine.Job.State);
        Assert.Equal(target == DiskTarget.Image ? 1 : 0, result.Made.Count(m => m.Kind == "image"));

        machine.Clean(peer.Session);
        Assert.Empty(machine.InCloud(peer.Session));
        Assert.Equal(CloudJobState.Undone, machine.Job.State);
    }

    [SkippableFact]
    public void A_plan_changes_nothing()
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer, disks: 2);
        peer.Proxy.Clear();
        Assert.NotEmpty(machine.Plan(peer.Session).Steps);
        Assert.Empty(peer.Proxy.Changes.Where(r => !r.Target.EndsWith("/auth/tokens", StringComparison.Ordinal)));
    }

    [SkippableTheory]
    [InlineData("POST", "/servers$", ErrorIds.CloudUnavailable)]
    [InlineData("POST", "/volumes$", ErrorIds.CloudUnavailable)]
    [InlineData("PUT", "/file$", ErrorIds.CloudUnavailable)]
    [InlineData("POST", "/ports$", ErrorIds.CloudUnavailable)]
    public void A_service_that_is_down_for_good_ends_in_one_error_and_nothing_is_left(string method, string path, string errorId)
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer, disks: 2);
        peer.Proxy.Add(method, path, new Fault.Answer(503), times: 99);
        var fault = Assert.Throws<OsMigrateException>(() => machine.Move(peer.Session));
        Assert.Equal(errorId, fault.ErrorId);
        Assert.Empty(machine.InCloud(peer.Session));
        Assert.Equal(CloudJobState.Undone, machine.Job.State);
    }

    [SkippableFact]
    public void A_server_that_goes_to_error_says_why_and_nothing_is_left()
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer);
        // No host of the zone has the architecture.
        var fault = Assert.Throws<OsMigrateException>(() => machine.Move(peer.Session, MovedMachine.Options with { Properties = new Dictionary<string, string> { ["architecture"] = "s390x" } }));
        Assert.Equal(ErrorIds.CloudFailed, fault.ErrorId);
        Assert.Contains("No valid host", fault.Message, StringComparison.Ordinal);
        Assert.Contains("removed again", fault.Message, StringComparison.Ordinal);
        Assert.Empty(machine.InCloud(peer.Session));
    }

    [SkippableFact]
    public void What_cannot_work_is_said_before_anything_is_made()
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer, disks: 2);
        peer.Proxy.Clear();
        var options = MovedMachine.Options;
        foreach (var (wrong, id) in new (CloudJobOptions, string)[]
        {
            (options with { Network = "no-such-net" }, ErrorIds.CloudNotFound),
            (options with { Flavor = "no-such-flavor" }, ErrorIds.CloudNotFound),
            (options with { AvailabilityZone = "no-such-zone" }, ErrorIds.CloudNotFound),
            (options with { KeyName = "no-such-key" }, ErrorIds.CloudNotFound),
            (options with { SecurityGroups = ["no-such-group"] }, ErrorIds.CloudNotFound),
            (options with { KeepIPAddress = true }, ErrorIds.BadRequest),
            (options with { IPAddresses = new Dictionary<string, string> { ["0"] = "192.168.77.1" } }, ErrorIds.BadRequest),
        })
        {
            Assert.Equal(id, Assert.Throws<OsMigrateException>(() => machine.Plan(peer.Session, wrong)).ErrorId);
        }

        Assert.Empty(peer.Proxy.Changes.Where(r => !r.Target.EndsWith("/auth/tokens", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public void A_damaged_disk_is_found_before_the_cloud_keeps_it()
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer);
        var bytes = File.ReadAllBytes(machine.Path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(machine.Path, bytes);
        var fault = Assert.Throws<OsMigrateException>(() => machine.Move(peer.Session));
        Assert.Contains(fault.ErrorId, new[] { ErrorIds.BadChecksum, ErrorIds.BadCompression, ErrorIds.ManifestMismatch });
        Assert.Empty(machine.InCloud(peer.Session));
    }

    private static string Line(string console, string part) => console.Split('\n').FirstOrDefault(l => l.Contains(part, StringComparison.Ordinal)) ?? "";
}
