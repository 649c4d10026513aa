using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Guests;
using OsMigrate.Migrations.Cloud;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Datastores;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Machines;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Migrations.Sources;

/// <summary>Brings the disks of a machine of vSphere to rest and opens them: after a shutdown, or in a snapshot; by lease or by ranges. They are kept in the work folder so that the source is free again before anything is sent on.</summary>
/// <remarks>Steps that an earlier run has done are passed over. What it has begun is taken back by <see cref="SourceRelease"/>.</remarks>
internal sealed class SourceCopy(VSphereSession session, VSphereOrigin origin, IReadOnlyList<VSphereDisk> disks, ISourceNotes notes, IJobWatcher watcher, CancellationToken cancel)
{
    private readonly MoRef _machine = new("VirtualMachine", origin.MachineId);
    private IReadOnlyDictionary<int, VSphereDisk>? _frozen;
    private MoRef? _snapshot;
    private IReadOnlyList<FetchedDisk>? _fetched;

    /// <summary>How a lease's streams are written as QCOW2 while they come; null to store them as they come.</summary>
    public EncodeOptions? AsQcow2 { get; init; } = ForUpload;

    /// <summary>The file is sent as it is, and must outlive a power cut: the source may be gone by then.</summary>
    public static EncodeOptions ForUpload { get; } = new() { Checksums = ChecksumKinds.Content, Flush = true };

    /// <inheritdoc cref="Acquire(bool)"/>
    public void Acquire() => Acquire(isPartlySent: false);

    /// <summary>Brings the disks to rest, fetches them into the work folder, and gives the source free again.</summary>
    /// <param name="isPartlySent">Some of the disks are in the cloud already: those that are not must be of the same time.</param>
    /// <exception cref="OsMigrateException">It did not come about.</exception>
    public void Acquire(bool isPartlySent)
    {
        if (notes.Get(SourceSteps.Fetched) is { } noted && FetchedFiles.Find(origin, disks.Count, noted) is { } fetched && AreAsTheyArrived(fetched))
        {
            _fetched = fetched;
            return;
        }

        // A machine that was shut down for the copy is what it was; another snapshot is another moment.
        if (isPartlySent && origin.Mode == MigrationMode.Snapshot)
            throw new OsMigrateException(ErrorIds.JobSourceChanged, ErrorKind.InvalidData, $"The disks of '{origin.MachineName}' do not lie in '{origin.WorkFolder}' any more as they were fetched, and some are in the cloud already: a new snapshot would be of another time.", origin.MachineName) { Advice = "Undo the job and start a new one." };

        foreach (var disk in disks)
        {
            if (disk.Obstacle is { } obstacle)
                throw new OsMigrateException(ErrorIds.VSphereUnsupported, ErrorKind.NotSupported, $"{disk.Label} of '{origin.MachineName}' cannot be copied: {obstacle}.", origin.MachineName);
        }

        if (origin.Mode == MigrationMode.Warm)
        {
            RequireNoIndependent();
            _fetched = new WarmCopy(session, origin, disks, notes, watcher, cancel).Run(ShutDown);
            return;
        }

        if (origin.Mode == MigrationMode.Cold)
            ShutDown();
        else
            Freeze();
        var arrived = Fetch();
        // From here on the source can do as it likes.
        Release();
        _fetched = arrived;
    }

    /// <summary>Between two runs of a job lies whatever ended the first: a file that was not written out before a power cut may have its length and not its content.</summary>
    private bool AreAsTheyArrived(IReadOnlyList<FetchedDisk> fetched)
    {
        for (var i = 0; i < fetched.Count; i++)
        {
            if (fetched[i].ContentDigest is not { } digest)
                continue;
            watcher.Waiting($"{origin.MachineName}: source", $"Comparing disk {i + 1} of {fetched.Count}, fetched before");
            try
            {
                using var image = DiskFormats.OpenFile(Path.Combine(origin.WorkFolder, SourceSteps.FileName(i)), fetched[i].Format);
                if (ContentDigest.Of(image, cancel) == digest)
                    continue;
                notes.Log($"{disks[i].Label}, fetched by an earlier run, is not what arrived then: the disks are fetched again.", SourceSteps.Fetched);
            }
            catch (InvalidImageException e)
            {
                notes.Log($"{disks[i].Label}, fetched by an earlier run, is damaged: {e.Message} The disks are fetched again.", SourceSteps.Fetched);
            }

            return false;
        }

        return true;
    }

    /// <summary>Opens a disk: as it was fetched, else where it lies. The caller disposes it.</summary>
    public DiskImage Open(int index)
    {
        if (FileOf(index) is { } file)
            return DiskFormats.OpenFile(file.Path, file.Disk.Format);
        return OpenInPlace(index, DatastoreDisk.Connections);
    }

    /// <summary>Where a disk lies that was fetched; null before.</summary>
    public (string Path, FetchedDisk Disk)? FileOf(int index)
        => _fetched is { } fetched ? (Path.Combine(origin.WorkFolder, SourceSteps.FileName(index)), fetched[index]) : null;

    /// <param name="connections">0 to fetch exactly what is asked for.</param>
    private DiskImage OpenInPlace(int index, int connections)
    {
        var disk = _frozen is not null && _frozen.TryGetValue(disks[index].Key, out var frozen) ? frozen : disks[index];
        var image = DatastoreDisk.Open(session, origin.DatacenterPath, DatastorePath.Parse(disk.FileName), cancel, connections);
        try
        {
            return InUse(disk) is { } areas ? new TrimmedImage(image, Gaps(areas, image.Length)) : image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static List<Extent> Gaps(IReadOnlyList<Extent> areas, long length)
    {
        var gaps = new List<Extent>();
        var at = 0L;
        foreach (var area in areas)
        {
            if (area.Start > at)
                gaps.Add(new Extent(at, area.Start - at, ExtentKind.Zero));
            at = Math.Max(at, area.End);
        }

        if (at < length)
            gaps.Add(new Extent(at, length - at, ExtentKind.Zero));
        return gaps;
    }

    /// <summary>All was read: the snapshot goes.</summary>
    private void Release()
    {
        if (origin.Mode != MigrationMode.Cold)
            new SourceRelease(session, origin, notes, cancel).RemoveSnapshots();
        _snapshot = null;
    }

    private void ShutDown()
    {
        var power = new MachinePower(session, cancel);
        if (power.StateOf(_machine) == "poweredOff")
            return;
        // Noted first: whatever happens from here on, an undo switches it on again.
        notes.Set(SourceSteps.Power, new JsonObject { ["was"] = origin.PowerState });
        watcher.Waiting($"{origin.MachineName}: source", "Shutting down");
        notes.Log($"Shutting down '{origin.MachineName}'.", SourceSteps.Power);
        power.ShutDown(_machine, origin.MachineName, origin.ShutdownLimit, origin.Force);
    }

    private void Freeze()
    {
        RequireNoIndependent();
        var snapshots = new MachineSnapshots(session, cancel);
        var known = snapshots.Named(_machine, origin.SnapshotName).LastOrDefault();
        if (known is null || notes.Get(SourceSteps.Snapshot) is not { } noted || (string?)noted["id"] != known.Id)
        {
            // One that was made without our hearing of it may be older than what we have noted since.
            new SourceRelease(session, origin, notes, cancel).RemoveSnapshots();
            watcher.Waiting($"{origin.MachineName}: source", "Making a snapshot");
            known = snapshots.Create(_machine, origin.SnapshotName, $"OsMigrate copies the disks; it removes this snapshot afterwards.", origin.Quiesce);
            notes.Set(SourceSteps.Snapshot, new JsonObject { ["kind"] = "snapshot", ["id"] = known.Id, ["name"] = known.Name });
            notes.Log($"Made the snapshot '{known.Name}' ({known.Id}).", SourceSteps.Snapshot);
        }

        _snapshot = known.Reference;
        _frozen = snapshots.Disks(known.Reference);
    }

    private void RequireNoIndependent()
    {
        if (disks.FirstOrDefault(static d => d.IsIndependent) is { } independent)
            throw new OsMigrateException(ErrorIds.VSphereUnsupported, ErrorKind.NotSupported, $"{independent.Label} of '{origin.MachineName}' is independent: snapshots leave it out.", origin.MachineName) { Advice = "Use -Mode Cold." };
    }

    private IReadOnlyList<FetchedDisk> Fetch()
    {
        if (origin.Transport == DiskTransport.Range)
        {
            try
            {
                return new RangeFetch(origin, disks, FreeSpace(), notes, watcher, cancel).Run(index => OpenInPlace(index, 0), StateOf);
            }
            catch (OsMigrateException e) when (origin.MayChange && e.ErrorId is ErrorIds.VSphereFileLocked or ErrorIds.VSphereNotFound or ErrorIds.VSphereUnsupported or ErrorIds.UnsupportedFeature)
            {
                // A rule that chose ranges could not know that the host would refuse them.
                notes.Log($"{e.Message} The disks are fetched by a lease instead.", SourceSteps.Fetched);
            }
        }

        return new DiskFetch(session, origin, disks, AsQcow2, notes, watcher, cancel).Run(_snapshot ?? _machine);
    }

    /// <summary>What tells the state of a disk that is read now from a later one: the snapshot it is in, or when the file of a machine that is off was written to last.</summary>
    private string? StateOf(int index)
    {
        if (_snapshot is { } snapshot)
            return snapshot.Value;
        // Of a chain the descriptor is all that has a known name, and writing to the disk does not change it.
        if (disks[index].ParentFiles.Count > 0 || !disks[index].FileName.EndsWith(".vmdk", StringComparison.OrdinalIgnoreCase))
            return null;
        var path = DatastorePath.Parse(disks[index].FileName);
        var name = path.FileName.Substring(0, path.FileName.Length - ".vmdk".Length) + "-flat.vmdk";
        try
        {
            return new DatastoreReader(session, origin.DatacenterPath, path.Beside(name), cancel).ModifiedAt;
        }
        catch (OsMigrateException e) when (e.ErrorId is ErrorIds.VSphereNotFound or ErrorIds.VSphereFileLocked or ErrorIds.VSphereRefused)
        {
            // Stored otherwise: then all is read again after an interruption.
            session.Note(e.Message);
            return null;
        }
    }

    /// <summary>What the guest's file systems say is free; null when all is to be read.</summary>
    private FreeSpaceMap? FreeSpace()
    {
        if (origin.CopyFreeSpace)
            return null;
        watcher.Waiting($"{origin.MachineName}: source", "Looking for free space");
        var images = new List<DiskImage>();
        try
        {
            foreach (var index in Enumerable.Range(0, disks.Count))
                images.Add(OpenInPlace(index, DatastoreDisk.Connections));
            var map = FreeSpaceMap.Read(images, cancel);
            foreach (var volume in map.Volumes)
                notes.Log(volume.Doubt is { } doubt ? $"{volume.Volume} is read wholly: it {doubt}." : $"{volume.Volume}: {ByteSize.Text(volume.FreeBytes)} of free space are left out.", SourceSteps.Fetched);
            return map;
        }
        finally
        {
            images.ForEach(static i => i.Dispose());
        }
    }

    /// <summary>What the host says is allocated; null when it does not know.</summary>
    private IReadOnlyList<Extent>? InUse(VSphereDisk disk)
    {
        if (_snapshot is not { } snapshot || disk.ChangeId is null)
            return null;
        try
        {
            return new ChangeTracking(session, cancel).Areas(_machine, snapshot, disk.Key, disk.CapacityBytes, ChangeTracking.Everything);
        }
        catch (OsMigrateException e) when (e.ErrorId is ErrorIds.VSphereRefused or ErrorIds.VSphereUnsupported)
        {
            notes.Log($"{e.Message} All of '{disk.Label}' is read.", SourceSteps.Snapshot);
            return null;
        }
    }
}
