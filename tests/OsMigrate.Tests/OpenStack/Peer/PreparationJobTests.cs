using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Migrations.Preparation;
using OsMigrate.OpenStack.Images;
using OsMigrate.Tests.Support;
using OsMigrate.Tests.Support.Faults;

namespace OsMigrate.Tests.OpenStack.Peer;

/// <summary>Jobs that change the guest on the way, stopped and gone on with.</summary>
[Collection(OpenStackPeer.Collection)]
public sealed class PreparationJobTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [SkippableFact]
    public void A_job_stopped_between_two_disks_goes_on_with_the_same_changes_and_sends_no_disk_again()
    {
        using var peer = new PeerCloud();
        using var machine = new MovedMachine(peer, disks: 2, guestId: "windows2019srv_64Guest");
        using var folder = new TempFolder();
        var first = new GuestMark();
        Stop(peer, machine, folder, first);
        Assert.Equal(1, first.Runs);

        // A change that is not the same as the first one is refused: the first disk is in the cloud already.
        var other = Assert.Throws<OsMigrateException>(() => machine.Job.Resume(peer.Session, keepOnFailure: true, new MovedMachine.Silent(), None, new GuestMark { Text = "otherwise at " }));
        Assert.Equal(ErrorIds.JobSourceChanged, other.ErrorId);

        var sent = peer.Proxy.Count("PUT", "/file$");
        var result = machine.Job.Resume(peer.Session, keepOnFailure: true, new MovedMachine.Silent(), None, new GuestMark());
        Assert.Equal(sent + 1, peer.Proxy.Count("PUT", "/file$"));
        Assert.Equal(["disk 0: marked", "disk 1: marked"], result.Guest!.Changes.Select(c => c.ToString()));
        Assert.Equal("virtio", result.Plan.ImageProperties["hw_disk_bus"]);
        Assert.Contains(result.Plan.Steps, s => s.StartsWith("Inject virtio drivers", StringComparison.Ordinal));

        var image = new ImagesClient(peer.Session).List(None).Single(i => i.Name == machine.Name + "-disk0");
        new ImageDownload(peer.Session).Run(image, folder.File("back.qcow2"), overwrite: false, None);
        using var back = DiskFormats.OpenFile(folder.File("back.qcow2"));
        var mark = first.MarkOf(result.Plan.Preparation!);
        Assert.Equal(mark, back.ReadBytes(GuestMark.Offset, mark.Length));
    }

    /// <summary>Stops the job when the second disk's image is asked for.</summary>
    private static void Stop(PeerCloud peer, MovedMachine machine, TempFolder folder, GuestMark mark)
    {
        using var stop = new CancellationTokenSource();
        var options = MovedMachine.Options with { AvailabilityZone = "fake", Drivers = new DriverWish { MediumPath = GuestMark.Medium(folder) } };
        var rule = peer.Proxy.Add("POST", "/v2/images$", new Fault.LoseAnswer(), times: 9, after: 1);
        using var watch = new Timer(_ =>
        {
            if (rule.Struck > 0)
                stop.Cancel();
        }, null, 0, 5);
        Assert.ThrowsAny<OperationCanceledException>(() => CloudJob.Start(machine.Store, peer.Session, machine.Plan(peer.Session, options), keepOnFailure: true, new MovedMachine.Silent(), stop.Token, mark));
        peer.Proxy.Clear();
    }
}
