using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Raw;
using OsMigrate.Migrations.Cloud;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Datastores;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Machines;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.Migrations.Sources;

/// <summary>Copies the disks of a running machine in rounds: all that is in use first, then what changed, and what changed last after the machine was shut down.</summary>
/// <remarks>
/// Each round notes the change ids of its snapshot, removes the snapshot before the next one is made, and asks the next one what changed since the
/// noted ids: so whatever is written between two snapshots belongs to the later round. A round that was cut off is repeated from the ids before it.
/// </remarks>
internal sealed class WarmCopy(VSphereSession session, VSphereOrigin origin, IReadOnlyList<VSphereDisk> disks, ISourceNotes notes, IJobWatcher watcher, CancellationToken cancel)
{
    /// <summary>A round that reads less is small enough to shut the machine down.</summary>
    private const long LittleBytes = 64L << 20;

    private const int MaxRoundsBeforeCutover = 4;

    private readonly MoRef _machine = new("VirtualMachine", origin.MachineId);

    /// <param name="shutDown">Shuts the machine down; what it writes until then is copied afterwards.</param>
    public IReadOnlyList<FetchedDisk> Run(Action shutDown)
    {
        var replicas = new List<FileStore>();
        try
        {
            EnsureTracking();
            foreach (var index in Enumerable.Range(0, disks.Count))
                replicas.Add(Replica(index));
            var last = WarmRound.Read(notes.Get(SourceSteps.Rounds));
            var wasOff = new MachinePower(session, cancel).StateOf(_machine) == "poweredOff";
            last = wasOff && last is not null ? last : Rounds(replicas, last);
            shutDown();
            Round(replicas, last);
            if (origin.VerifySource)
                VerifyAll(replicas);
            new SourceRelease(session, origin, notes, cancel).RemoveSnapshots();
            List<FetchedDisk> fetched = [.. replicas.Select(static r => new FetchedDisk(RawFormat.Instance, r.Length))];
            notes.Set(SourceSteps.Fetched, FetchedFiles.Note(fetched));
            return fetched;
        }
        finally
        {
            replicas.ForEach(static r => r.Dispose());
        }
    }

    /// <summary>Rounds until the machine may be shut down.</summary>
    private WarmRound Rounds(List<FileStore> replicas, WarmRound? last)
    {
        last = Round(replicas, last);
        for (var sinceFull = 0; ; sinceFull++)
        {
            if (origin.Cutover is { IsManual: false, At: null } ? sinceFull > 0 && (last.BytesRead < LittleBytes || sinceFull >= MaxRoundsBeforeCutover) : IsDue())
                return last;
            if (origin.Cutover is { IsManual: true } or { At: not null })
                Pause();
            if (!IsDue())
                last = Round(replicas, last);
        }
    }

    private bool IsDue() => (origin.Cutover.At is { } at && DateTime.UtcNow >= at) || (origin.CutoverFile is { } file && File.Exists(file));

    private void Pause()
    {
        var end = DateTime.UtcNow + origin.SyncInterval;
        while (DateTime.UtcNow < end && !IsDue())
        {
            watcher.Waiting($"{origin.MachineName}: source", $"In step; the next round is at {end.ToLocalTime():t}, the cut-over {origin.Cutover.Text}");
            cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The flag takes effect when the machine is stunned, which a snapshot does.</summary>
    private void EnsureTracking()
    {
        if (origin.HadChangeTracking || notes.Get(SourceSteps.Rounds) is not null)
            return;
        notes.Log($"Turning change tracking on for '{origin.MachineName}'.", SourceSteps.Rounds);
        new ChangeTracking(session, cancel).Enable(_machine, origin.MachineName);
        var snapshots = new MachineSnapshots(session, cancel);
        snapshots.Create(_machine, origin.SnapshotName, "OsMigrate turns change tracking on; it removes this snapshot at once.", quiesce: false);
        new SourceRelease(session, origin, notes, cancel).RemoveSnapshots();
    }

    private WarmRound Round(List<FileStore> replicas, WarmRound? last)
    {
        new SourceRelease(session, origin, notes, cancel).RemoveSnapshots();
        var number = (last?.Number ?? -1) + 1;
        watcher.Waiting($"{origin.MachineName}: source", $"Round {number}: making a snapshot");
        var snapshots = new MachineSnapshots(session, cancel);
        var isOn = new MachinePower(session, cancel).StateOf(_machine) == "poweredOn";
        var snapshot = snapshots.Create(_machine, origin.SnapshotName, "OsMigrate copies what changed; it removes this snapshot afterwards.", origin.Quiesce && isOn);
        notes.Set(SourceSteps.Snapshot, new JsonObject { ["kind"] = "snapshot", ["id"] = snapshot.Id, ["name"] = snapshot.Name });
        var frozen = snapshots.Disks(snapshot.Reference);
        var (bytes, isFull) = (0L, false);
        var ids = new Dictionary<int, string>();
        for (var i = 0; i < disks.Count; i++)
        {
            var disk = frozen.TryGetValue(disks[i].Key, out var known) ? known : throw Lost(disks[i], "is not in the snapshot");
            ids[disk.Key] = disk.ChangeId ?? throw Lost(disks[i], "has no change id: change tracking did not take effect");
            var since = last is not null && last.ChangeIds.TryGetValue(disk.Key, out var id) && ChangeTracking.Epoch(id) == ChangeTracking.Epoch(disk.ChangeId) ? id : ChangeTracking.Everything;
            bytes += CopyDisk(replicas[i], snapshot.Reference, disk, since, ref isFull, $"{origin.MachineName}: round {number}, disk {i + 1} of {disks.Count}");
        }

        var round = new WarmRound(number, isFull, bytes, ids);
        notes.Set(SourceSteps.Rounds, round.ToJson());
        notes.Log(FormattableString.Invariant($"Round {number}: {bytes} bytes {(isFull ? "in use" : "changed")}, copied and read back."), SourceSteps.Rounds);
        return round;
    }

    private long CopyDisk(FileStore replica, MoRef snapshot, VSphereDisk disk, string since, ref bool isFull, string activity)
    {
        var areas = Areas(snapshot, disk, ref since);
        var isEmpty = since == ChangeTracking.Everything;
        if (isEmpty)
        {
            isFull = true;
            // What is not allocated now may have been when an earlier round copied it.
            replica.SetLength(0);
            replica.SetLength(disk.CapacityBytes);
        }

        var (total, done) = (areas.Sum(static a => a.Length), 0L);
        using var image = DatastoreDisk.Open(session, origin.DatacenterPath, DatastorePath.Parse(disk.FileName), cancel, connections: 0);
        if (image.Length != disk.CapacityBytes)
            throw Lost(disk, $"has {disk.CapacityBytes} bytes, its file {image.Length}");
        var meter = new ProgressMeter(new Forward(watcher, activity), Math.Max(1, total));
        var sum = new AreaCopy(image, replica, prove: true, settled: null, cancel).Run(areas, isEmpty, n =>
        {
            lock (meter)
                meter.Advance(done += n, n);
        });
        notes.Log(FormattableString.Invariant($"{disk.Label}: {total} bytes in {areas.Count} areas since {since}, sha256 {sum}."), SourceSteps.Rounds);
        return total;
    }

    /// <summary>A host forgets change ids when it loses its map: then all is read again.</summary>
    private IReadOnlyList<Extent> Areas(MoRef snapshot, VSphereDisk disk, ref string since)
    {
        var tracking = new ChangeTracking(session, cancel);
        try
        {
            return tracking.Areas(_machine, snapshot, disk.Key, disk.CapacityBytes, since);
        }
        catch (VimException e) when (since != ChangeTracking.Everything && e.FaultType is "InvalidArgument" or "FileFault")
        {
            notes.Log($"{disk.Label}: {e.Message} All of it is read again.", SourceSteps.Rounds);
            since = ChangeTracking.Everything;
            return tracking.Areas(_machine, snapshot, disk.Key, disk.CapacityBytes, since);
        }
    }

    private void VerifyAll(List<FileStore> replicas)
    {
        var frozen = new MachineSnapshots(session, cancel).Disks(new MachineSnapshots(session, cancel).Named(_machine, origin.SnapshotName)[0].Reference);
        for (var i = 0; i < disks.Count; i++)
        {
            using var image = DatastoreDisk.Open(session, origin.DatacenterPath, DatastorePath.Parse(frozen[disks[i].Key].FileName), cancel);
            var found = DiskComparison.Run(image, new RawImage(replicas[i]), new Forward(watcher, $"{origin.MachineName}: comparing disk {i + 1} of {disks.Count} with the source"), cancel);
            if (!found.Identical)
                throw new OsMigrateException(ErrorIds.VSphereChecksum, ErrorKind.IntegrityFailure, $"{disks[i].Label} of '{origin.MachineName}' differs from its copy at byte {found.FirstDifferenceOffset}: change tracking has missed a change.", origin.MachineName) { Advice = "Use -Mode Cold for this machine, and update its ESXi host." };
        }

        notes.Log("The whole disks were read again and equal their copies.", SourceSteps.Rounds);
    }

    private FileStore Replica(int index)
    {
        var path = Path.Combine(origin.WorkFolder, SourceSteps.FileName(index));
        try
        {
            Directory.CreateDirectory(origin.WorkFolder);
            if (!File.Exists(path))
                File.WriteAllBytes(path, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, "create");
        }

        var replica = FileStore.OpenWrite(path);
        if (replica.Length != disks[index].CapacityBytes)
            replica.SetLength(disks[index].CapacityBytes);
        return replica;
    }

    private OsMigrateException Lost(VSphereDisk disk, string how) => new(ErrorIds.VSphereUnsupported, ErrorKind.NotSupported, $"{disk.Label} of '{origin.MachineName}' {how}.", origin.MachineName) { Advice = "Use -Mode Cold." };

    private sealed class Forward(IJobWatcher watcher, string activity) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value) => watcher.Copying(activity, value);
    }
}
