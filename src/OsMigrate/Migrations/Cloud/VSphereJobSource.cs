using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Machines;
using OsMigrate.Migrations.Features;
using OsMigrate.Migrations.Preparation;
using OsMigrate.Migrations.Sources;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Migrations.Cloud;

/// <summary>A machine of a vCenter or ESXi host as the source of a job.</summary>
public sealed class VSphereJobSource : CloudJobSource
{
    /// <summary>Name of the file in a job's folder whose coming asks for the cut-over.</summary>
    public const string CutoverFileName = "cutover";

    private readonly VSphereSession _session;
    private readonly VSphereMachine _machine;
    private readonly VSphereOrigin _origin;
    private readonly Machine _neutral;
    private IReadOnlyDictionary<string, string> _metadata = new Dictionary<string, string>(StringComparer.Ordinal);
    private SourceCopy? _copy;

    private VSphereJobSource(VSphereSession session, VSphereMachine machine, VSphereOrigin origin)
    {
        (_session, _machine, _origin) = (session, machine, origin);
        _neutral = machine.ToMachine();
    }

    internal VSphereOrigin Origin => _origin;

    /// <summary>How a lease's streams are written as QCOW2 while they come; null to store them as they come.</summary>
    internal EncodeOptions? LeaseAsQcow2 { get; set; } = SourceCopy.ForUpload;

    public override string Path => $"{_machine.Name} on {_session.Name}";

    public override string Kind => "vSphere";

    public override IReadOnlyList<Machine> Machines => [_neutral];

    public override bool DescribesMachine => true;

    /// <summary>Decides how a machine will be read. Changes nothing.</summary>
    /// <param name="jobId">Names its snapshots.</param>
    /// <param name="jobFolder">For the disks on their way, unless the user names another folder.</param>
    /// <exception cref="OsMigrateException">It cannot be copied in this way.</exception>
    public static VSphereJobSource Open(VSphereSession session, VSphereMachine machine, VSphereSourceOptions options, string jobId, string jobFolder, CancellationToken cancel)
    {
        Require(machine);
        if (options.Mode == MigrationMode.Warm && !machine.ChangeTrackingSupported)
            throw Unfit(machine, "its virtual hardware cannot track changes, which -Mode Warm needs", "Use -Mode Cold, or upgrade the virtual hardware to version 7 or later.");
        if (options.Mode == MigrationMode.Warm && machine.PowerState != "poweredOn")
            throw Unfit(machine, "it does not run, so there is nothing to keep warm", "Use -Mode Cold.");
        var (tagId, tagName, metadata) = SourceTags.Read(session, machine, options, cancel);
        var (transport, reason) = TransportRule.Choose(session, machine, options, cancel);
        var origin = new VSphereOrigin
        {
            Server = session.Name,
            ServerUuid = session.InstanceUuid,
            MachineId = machine.Reference.Value,
            MachineName = machine.Name,
            InstanceUuid = machine.InstanceUuid,
            DatacenterPath = machine.DatacenterPath,
            Mode = options.Mode,
            Transport = transport,
            Reason = reason,
            MayChange = options.Transport == DiskTransport.Auto,
            ShutdownLimit = options.ShutdownLimit,
            Force = options.Force,
            Quiesce = options.Quiesce,
            CopyFreeSpace = options.CopyFreeSpace,
            Cutover = options.Cutover,
            SyncInterval = options.SyncInterval,
            VerifySource = options.VerifySource,
            CutoverFile = System.IO.Path.Combine(jobFolder, CutoverFileName),
            HadChangeTracking = machine.ChangeTrackingEnabled,
            PowerState = machine.PowerState,
            WorkFolder = options.WorkFolder is null ? System.IO.Path.Combine(jobFolder, "work") : System.IO.Path.Combine(options.WorkFolder, jobId),
            SnapshotName = "osmigrate-" + jobId,
            RenameTo = NewName(machine, options.RenameTo),
            TagId = tagId,
            TagName = tagName,
        };
        return new VSphereJobSource(session, machine, origin) { _metadata = metadata };
    }

    internal static VSphereSession SessionOf(VSphereOrigin origin, Func<string, VSphereSession>? servers)
    {
        var session = servers?.Invoke(origin.Server) ?? throw new OsMigrateException(ErrorIds.VSphereNotConnected, ErrorKind.ResourceUnavailable, $"'{origin.Server}' is not connected.", origin.Server) { Advice = "Connect to it with Connect-VSphere, under the same name." };
        return session.InstanceUuid == origin.ServerUuid
            ? session
            : throw new OsMigrateException(ErrorIds.JobSourceChanged, ErrorKind.InvalidData, $"'{origin.Server}' is another server than when the job was planned.", origin.Server);
    }

    internal static VSphereJobSource Reopen(VSphereOrigin origin, VSphereSession session, CancellationToken cancel)
    {
        var machine = new VSphereInventory(session, cancel).Read(new MoRef("VirtualMachine", origin.MachineId));
        if (machine.InstanceUuid != origin.InstanceUuid)
            throw new OsMigrateException(ErrorIds.JobSourceChanged, ErrorKind.InvalidData, $"The machine {origin.MachineId} on {origin.Server} is another one than when the job was planned.", origin.MachineName) { Advice = "Undo the job and start a new one." };
        return new VSphereJobSource(session, machine, origin);
    }

    /// <summary>By its server and id.</summary>
    public override MachinePlacement PlaceIn(PlacementPlan plan, Machine machine) => plan.Of(_machine.Server, _machine.Id, _machine.Name);

    /// <summary>Looks inside the guest where its disks can be read as they are: before anything is shut down, frozen or copied.</summary>
    public override IReadOnlyList<string> PreviewGuest(CloudJobPlan plan, Machine machine, CancellationToken cancel)
    {
        if (plan.Preparation is null)
            return [];
        if (_machine.PowerState != "poweredOff")
            return [$"What is changed in the guest is known when its disks are at rest: '{_machine.Name}' is {_machine.PowerState}."];
        _copy = Copy(new MemoryNotes(_session.Note), new Quiet(), cancel);
        return PreparedDisks.Preview(machine.Disks.Select(OpenImage), machine, plan.Preparation, VirtioInjection.Instance, cancel);
    }

    /// <remarks>What the user states comes before what tags say.</remarks>
    internal override CloudJobPlan Stamp(CloudJobPlan plan) => plan with { Origin = _origin, Metadata = Features.PlacementPlan.Merge(_metadata, plan.Metadata) };

    internal override long SizeOf(MachineDisk disk, Action<string> notice, CancellationToken cancel)
        => disk.CapacityBytes > 0 ? disk.CapacityBytes : throw new OsMigrateException(ErrorIds.VSphereUnsupported, ErrorKind.NotSupported, $"{_session.Name} does not say how large {disk.Label} of '{_machine.Name}' is.", _machine.Name);

    internal override void Acquire(ISourceNotes notes, IJobWatcher watcher, bool isPartlySent, CancellationToken cancel)
    {
        _copy = Copy(notes, watcher, cancel);
        _copy.Acquire(isPartlySent);
    }

    internal override OpenedDisk OpenDisk(MachineDisk disk, CancellationToken cancel)
    {
        var index = _machine.Disks.ToList().FindIndex(d => d.Key.ToString(CultureInfo.InvariantCulture) == disk.Id);
        var image = _copy!.Open(index);
        if (_copy.FileOf(index) is not { } file)
            return new OpenedDisk(image, null);
        try
        {
            return new OpenedDisk(image, FileStore.OpenRead(file.Path)) { ContentDigest = file.Disk.ContentDigest };
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>A disk's file in the work folder; null before the disks were acquired.</summary>
    internal (string Path, FetchedDisk Disk)? FileOf(int index) => _copy!.FileOf(index);

    private SourceCopy Copy(ISourceNotes notes, IJobWatcher watcher, CancellationToken cancel) => new(_session, _origin, _machine.Disks, notes, watcher, cancel) { AsQcow2 = LeaseAsQcow2 };

    private static string? NewName(VSphereMachine machine, string? pattern)
    {
        var name = pattern?.Replace("{0}", machine.Name);
        return name is null || (name != machine.Name && name.Length <= OsMigrate.VSphere.Machines.MachineName.MaxLength)
            ? name
            : throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{machine.Name}' cannot be renamed to '{name}': it must be another name of at most {OsMigrate.VSphere.Machines.MachineName.MaxLength} characters.", machine.Name);
    }

    private static void Require(VSphereMachine machine)
    {
        if (machine.ConnectionState is not ("connected" or ""))
            throw Unfit(machine, $"its host does not reach it ({machine.ConnectionState})", null);
        if (machine.IsEncrypted)
            throw Unfit(machine, "it is encrypted", "Decrypt it in vSphere first.");
        if (machine.Disks.FirstOrDefault(static d => d.Obstacle is not null) is { } disk)
            throw Unfit(machine, $"{disk.Label}: {disk.Obstacle}", "Detach the disk, or copy its content by other means.");
    }

    private static OsMigrateException Unfit(VSphereMachine machine, string reason, string? advice)
        => new(ErrorIds.VSphereUnsupported, ErrorKind.NotSupported, $"'{machine.Name}' cannot be copied: {reason}.", machine.Name) { Advice = advice };

    private sealed class Quiet : IJobWatcher
    {
        public void Copying(string activity, Disks.Copying.CopyProgress progress)
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
