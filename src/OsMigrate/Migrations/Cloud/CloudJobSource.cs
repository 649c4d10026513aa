using OsMigrate.Appliances;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Machines;
using OsMigrate.Migrations.Features;
using OsMigrate.Migrations.Preparation;
using OsMigrate.Migrations.Sources;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Migrations.Cloud;

/// <summary>What a job reads its machine from: a file, or a vCenter or ESXi host.</summary>
public abstract class CloudJobSource : IDisposable
{
    private protected CloudJobSource()
    {
    }

    /// <summary>Full path of a file, or what people call a machine of vSphere: "web01 on vcenter.example.org".</summary>
    public abstract string Path { get; }

    /// <summary>OVA, OVF, VMX, the disk format's name, or "vSphere".</summary>
    public abstract string Kind { get; }

    public abstract IReadOnlyList<Machine> Machines { get; }

    /// <summary>False for a disk image, which says nothing of CPUs, memory and networks.</summary>
    public abstract bool DescribesMachine { get; }

    /// <summary>What a user should know about the source as a whole.</summary>
    internal virtual IReadOnlyList<string> Warnings => [];

    /// <summary>The appliance whose manifest can be compared; null where there is none.</summary>
    internal virtual Appliance? Appliance => null;

    /// <summary>Opens a file.</summary>
    /// <exception cref="OsMigrateException">It is damaged or of no known kind.</exception>
    public static CloudJobSource Open(string path) => new FileJobSource(path);

    /// <summary>Opens the source of a plan again.</summary>
    /// <param name="servers">Gives the session on a server; null when there is none.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.JobSourceChanged"/>.</exception>
    public static CloudJobSource Reopen(CloudJobPlan plan, Func<string, VSphereSession>? servers, CancellationToken cancel)
        => plan.Origin is { } origin ? VSphereJobSource.Reopen(origin, VSphereJobSource.SessionOf(origin, servers), cancel) : FileJobSource.Reopen(plan);

    /// <summary>Every change inside the guest of a planned job, for -WhatIf. Changes it in memory and writes nothing.</summary>
    /// <exception cref="OsMigrateException">The guest cannot be changed, with the reason.</exception>
    public virtual IReadOnlyList<string> PreviewGuest(CloudJobPlan plan, Machine machine, CancellationToken cancel)
        => plan.Preparation is null ? [] : PreparedDisks.Preview(machine.Disks.Select(OpenImage), machine, plan.Preparation, VirtioInjection.Instance, cancel);

    /// <summary>Marks a plan with what a resumed job knows this source by.</summary>
    internal abstract CloudJobPlan Stamp(CloudJobPlan plan);

    /// <summary>Size of a disk as the guest sees it.</summary>
    /// <param name="notice">Told what a user should know of the disk.</param>
    internal abstract long SizeOf(MachineDisk disk, Action<string> notice, CancellationToken cancel);

    /// <summary>Brings the disks to rest, before the first is opened.</summary>
    /// <param name="isPartlySent">Some of them are in the cloud already, from an earlier run.</param>
    internal virtual void Acquire(ISourceNotes notes, IJobWatcher watcher, bool isPartlySent, CancellationToken cancel)
    {
    }

    /// <summary>Opens a disk's content without its file, which is for sending it as it is.</summary>
    internal Func<CancellationToken, DiskImage> OpenImage(MachineDisk disk) => cancel =>
    {
        var opened = OpenDisk(disk, cancel);
        opened.File?.Dispose();
        return opened.Image;
    };

    /// <summary>Opens a disk's content; the caller disposes it, before this.</summary>
    internal abstract OpenedDisk OpenDisk(MachineDisk disk, CancellationToken cancel);

    /// <summary>Where the server of a machine shall be made, as far as a plan says: by its name.</summary>
    public virtual MachinePlacement PlaceIn(PlacementPlan plan, Machine machine) => plan.OfName(machine.Name);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    private protected virtual void Dispose(bool disposing)
    {
    }
}
