using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Migrations.Jobs;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Images;
using OsMigrate.OpenStack.Networks;
using OsMigrate.OpenStack.Volumes;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.OpenStack.Peer;

/// <summary>An appliance of the peer's own tiny guest, which prints its disks, adapters and firmware on the console, and a store for the jobs that move it.</summary>
internal sealed class MovedMachine : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TempFolder _folder = new();

    private readonly PeerCloud _peer;

    public MovedMachine(PeerCloud peer, int disks = 1, int nics = 1, string guestId = "ubuntu64Guest")
    {
        _peer = peer;
        Name = OpenStackPeer.UniqueName("vm");
        var guest = _folder.File("guest.qcow2");
        var images = new ImagesClient(peer.Session);
        new ImageDownload(peer.Session).Run(images.Find("lab-guest", None), guest, overwrite: false, None);
        var builder = new OvaBuilder(Name) { NicCount = nics, GuestId = guestId };
        using (var boot = DiskFormats.OpenFile(guest))
            builder.Disk(boot);
        for (var i = 1; i < disks; i++)
        {
            var data = _folder.File($"data{i}.raw");
            using (var file = File.Create(data))
            {
                file.SetLength(((long)i << 30) + (i << 20));
                file.Position = 1 << 20;
                file.Write(Enumerable.Repeat((byte)i, 1 << 16).ToArray());
            }

            using var disk = DiskFormats.OpenFile(data);
            builder.Disk(disk);
        }

        Path = builder.Save(_folder.File(Name + ".ova"));
        Store = new JobStore(_folder.File("jobs"));
    }

    public string Name { get; }

    public string Path { get; }

    public JobStore Store { get; }

    public CloudJobPlan Plan(CloudSession session, CloudJobOptions? options = null)
    {
        using var source = CloudJobSource.Open(Path);
        // The builder's addresses are the same each time; tests of addresses give their own.
        return new CloudJobPlanner(session, options ?? Options, None).Plan(source, source.Machines[0], JobStore.NewId());
    }

    public static CloudJobOptions Options { get; } = new() { Flavor = "m1.tiny", Network = "demo-net", NewMacAddresses = true, Limit = TimeSpan.FromMinutes(5) };

    public CloudJobResult Move(CloudSession session, CloudJobOptions? options = null, bool keep = false, CancellationToken cancel = default)
        => CloudJob.Start(Store, session, Plan(session, options), keep, new Silent(), cancel);

    public CloudJob Job => CloudJob.Find(Store, Store.Ids[^1]);

    /// <summary>Everything of this machine in the project, by kind and name.</summary>
    public IReadOnlyList<string> InCloud(CloudSession session) =>
    [
        .. new ServersClient(session).List(None).Where(s => s.Name == Name).Select(s => "server " + s.Id),
        .. new VolumesClient(session).List(None).Where(v => v.Name.StartsWith(Name, StringComparison.Ordinal)).Select(v => "volume " + v.Id),
        .. new NetworksClient(session).Ports(None).Where(p => p.Name.StartsWith(Name, StringComparison.Ordinal)).Select(p => "port " + p.Id),
        .. new ImagesClient(session).List(None).Where(i => i.Name.StartsWith(Name, StringComparison.Ordinal)).Select(i => "image " + i.Id),
    ];

    /// <summary>Removes what the last job left, however it ended.</summary>
    public void Clean(CloudSession session)
    {
        if (Store.Ids.Count > 0 && Job.State != CloudJobState.Undone)
            Job.Undo(session, new Silent(), None);
    }

    /// <summary>Before the record of the job goes, what it made goes; without faults by then.</summary>
    public void Dispose()
    {
        _peer.Proxy.Clear();
        try
        {
            Clean(_peer.Session);
        }
        finally
        {
            _folder.Dispose();
        }
    }

    public sealed class Silent : IJobWatcher
    {
        public void Copying(string activity, CopyProgress progress)
        {
        }

        public void Waiting(string activity, string state)
        {
        }

        public void Warn(string text)
        {
        }
    }
}
