using OsMigrate.Bytes;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Tests.Support;
using OsMigrate.Tests.Support.Faults;

namespace OsMigrate.Tests.OpenStack.Peer;

/// <summary>A job that stops anywhere is gone on with, or undone, and never makes anything twice.</summary>
[Collection(OpenStackPeer.Collection)]
public sealed class ResumeTests
{
    // The hosts that pretend: the server is there at once and costs nothing.
    private static readonly CloudJobOptions Options = MovedMachine.Options with { AvailabilityZone = "fake" };

    /// <summary>Requests after which the answer is lost and the job is stopped: every kind of creation and some in between.</summary>
    public static TheoryData<string, string> Places => new()
    {
        { "POST", "/v2/images$" }, { "PUT", "/file$" }, { "GET", "/v2/images/" }, { "POST", "/volumes$" }, { "GET", "/volumes/" }, { "DELETE", "/v2/images/" }, { "POST", "/ports$" }, { "POST", "/servers$" }, { "GET", "/servers/" },
    };

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void Stopped_anywhere_it_goes_on_and_makes_nothing_twice(string method, string path)
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer, disks: 2);
        Stop(peer, machine, method, path);
        peer.Proxy.Clear();
        Assert.Equal(CloudJobState.Interrupted, machine.Job.State);
        var result = machine.Job.Resume(peer.Session, keepOnFailure: false, new MovedMachine.Silent(), CancellationToken.None);
        Assert.Equal("ACTIVE", result.Server.Status);
        // One image, one volume (whose image is gone), one port, one server.
        Assert.Equal(["image", "port", "server", "volume"], machine.InCloud(peer.Session).Select(t => t.Split(' ')[0]).Order());
        Assert.Equal(CloudJobState.Done, machine.Job.State);
        Assert.Equal(ErrorIds.JobState, Assert.Throws<OsMigrateException>(() => machine.Job.Resume(peer.Session, false, new MovedMachine.Silent(), CancellationToken.None)).ErrorId);
    }

    [SkippableTheory]
    [InlineData("PUT", "/file$")]
    [InlineData("POST", "/volumes$")]
    [InlineData("POST", "/servers$")]
    public void Stopped_anywhere_it_is_undone_to_the_last_thing(string method, string path)
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer, disks: 2);
        Stop(peer, machine, method, path);
        peer.Proxy.Clear();
        machine.Job.Undo(peer.Session, new MovedMachine.Silent(), CancellationToken.None);
        Assert.Empty(machine.InCloud(peer.Session));
        Assert.Equal(CloudJobState.Undone, machine.Job.State);
    }

    [SkippableFact]
    public void A_job_is_not_resumed_from_another_file()
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer);
        Stop(peer, machine, "PUT", "/file$");
        peer.Proxy.Clear();
        File.SetLastWriteTimeUtc(machine.Path, DateTime.UtcNow.AddHours(-1));
        var fault = Assert.Throws<OsMigrateException>(() => machine.Job.Resume(peer.Session, keepOnFailure: true, new MovedMachine.Silent(), CancellationToken.None));
        Assert.Equal(ErrorIds.JobSourceChanged, fault.ErrorId);
    }

    [SkippableFact]
    public void Uploads_survive_cuts_at_twenty_places()
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer);
        for (var i = 0; i < 20; i++)
        {
            peer.Proxy.Clear();
            var rule = peer.Proxy.Add("PUT", "/file$", new Fault.CutRequest(1 + (i * 650_000L)));
            var result = machine.Move(peer.Session, Options);
            Assert.Equal(1, rule.Struck);
            Assert.Equal("sha512", result.Disks[0].VerifiedBy);
            machine.Clean(peer.Session);
        }

        Assert.Empty(machine.InCloud(peer.Session));
    }

    /// <summary>Loses the answer to a request and stops the job at that moment, as a crash would.</summary>
    private static void Stop(PeerCloud peer, MovedMachine machine, string method, string path)
    {
        using var stop = new CancellationTokenSource();
        var rule = peer.Proxy.Add(method, path, new Fault.LoseAnswer(), times: 9);
        using var watch = new Timer(_ =>
        {
            if (rule.Struck > 0)
                stop.Cancel();
        }, null, 0, 5);
        Assert.ThrowsAny<OperationCanceledException>(() => machine.Move(peer.Session, Options, keep: true, cancel: stop.Token));
    }
}
