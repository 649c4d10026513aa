using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Disks.Vmdk;
using OsMigrate.Migrations.Cloud;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Export;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.Migrations.Sources;

/// <summary>Fetches all disks of a machine by one lease into the work folder, two at a time.</summary>
/// <param name="asQcow2">How they are written as QCOW2 while they come; null to store the streams as they come.</param>
internal sealed class DiskFetch(VSphereSession session, VSphereOrigin origin, IReadOnlyList<VSphereDisk> disks, EncodeOptions? asQcow2, ISourceNotes notes, IJobWatcher watcher, CancellationToken cancel)
{
    /// <summary>Streams of one host at a time: its memory for them is small, and shared with backups.</summary>
    private const int Streams = 2;

    private readonly object _gate = new();
    private Arrival _arrival = new([]);

    /// <exception cref="OsMigrateException">Nothing is left of disks that did not come wholly.</exception>
    public IReadOnlyList<FetchedDisk> Run(MoRef machineOrSnapshot)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Once(machineOrSnapshot);
            }
            catch (OsMigrateException e) when (attempt < 3 && e.ErrorId is ErrorIds.VSphereFailed or ErrorIds.VSphereTimeout or ErrorIds.VSphereNotFound or ErrorIds.VSphereChecksum && !cancel.IsCancellationRequested)
            {
                // The lease is gone: its host was restarted, or an administrator ended it. Another one may live longer. Or something was damaged on the way.
                notes.Log($"{e.Message} Trying once more with a new lease.", SourceSteps.Fetched);
                cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(2 * attempt));
                cancel.ThrowIfCancellationRequested();
            }
        }
    }

    private IReadOnlyList<FetchedDisk> Once(MoRef machineOrSnapshot)
    {
        watcher.Waiting($"{origin.MachineName}: source", "Asking for the disks");
        using var lease = ExportLease.Open(session, machineOrSnapshot, cancel);
        var files = LeaseDisks.Match(disks, lease.Disks, origin.MachineName);
        _arrival = new Arrival([.. files.Select((file, i) => (disks[i].CapacityBytes, file.SizeBytes))]);
        var downloads = new LeaseDownload?[files.Count];
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Streams };
            try
            {
                Parallel.For(0, files.Count, options, i => downloads[i] = Fetch(lease, files[i], i));
            }
            catch (AggregateException e)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e.Flatten().InnerExceptions.FirstOrDefault(static f => f is OsMigrateException) ?? e.Flatten().InnerExceptions[0]).Throw();
            }

            return Finish(lease, files, [.. downloads.Select(static d => d!)]);
        }
        finally
        {
            foreach (var download in downloads)
                download?.Dispose();
        }
    }

    private LeaseDownload Fetch(ExportLease lease, LeaseFile file, int index)
    {
        var path = PathOf(index);
        if (asQcow2 is { } options)
        {
            try
            {
                return Fetch(lease, file, index, new Qcow2File(path, StreamName(index), disks[index].CapacityBytes, options with { Cancel = cancel }));
            }
            catch (InvalidImageException e)
            {
                // Whether the host sent it so, or it was damaged on the way, its manifest tells at the end.
                notes.Log($"{e.Message} It is fetched once more and stored as it comes.", SourceSteps.Fetched);
            }
        }

        return Fetch(lease, file, index, new StreamFile(path));
    }

    private LeaseDownload Fetch(ExportLease lease, LeaseFile file, int index, ILeaseTarget target)
    {
        var download = new LeaseDownload(StreamName(index), lease.Sum, target);
        try
        {
            lease.Fetch(file, download.Begin, (buffer, count) => { download.Take(buffer, count); Advance(lease, index, download); }, cancel);
            target.End();
            return download;
        }
        catch
        {
            download.Dispose();
            throw;
        }
    }

    private List<FetchedDisk> Finish(ExportLease lease, IReadOnlyList<LeaseFile> files, LeaseDownload[] downloads)
    {
        var manifest = Manifest(lease);
        for (var i = 0; i < files.Count; i++)
            downloads[i].Complete(manifest.FirstOrDefault(m => m.Key == files[i].Key));
        lease.Complete(cancel);
        var fetched = new List<FetchedDisk>();
        for (var i = 0; i < files.Count; i++)
        {
            var made = downloads[i].Target as Qcow2File;
            var disk = new FetchedDisk(made is null ? VmdkFormat.Instance : Qcow2Format.Instance, new FileInfo(PathOf(i)).Length, made?.Result?.ContentDigest) { LeaseKey = files[i].Key };
            using var image = DiskFormats.OpenFile(PathOf(i), disk.Format);
            if (image.Length != disks[i].CapacityBytes)
                throw new OsMigrateException(ErrorIds.VSphereChecksum, ErrorKind.IntegrityFailure, $"{disks[i].Label} of '{origin.MachineName}' has {disks[i].CapacityBytes} bytes, but a disk of {image.Length} bytes arrived.", origin.MachineName);
            fetched.Add(disk);
            notes.Log(FormattableString.Invariant($"{disks[i].Label} arrived: {downloads[i].Length} bytes, {downloads[i].Sum}, {(downloads[i].IsVerified ? "as the host says" : "the host gave no such sum")}; stored as {disk.Format.Name}."), SourceSteps.Fetched);
        }

        var note = FetchedFiles.Note(fetched);
        note["bytes"] = downloads.Sum(static d => d.Length);
        notes.Set(SourceSteps.Fetched, note);
        return fetched;
    }

    private string PathOf(int index) => Path.Combine(origin.WorkFolder, SourceSteps.FileName(index));

    private string StreamName(int index) => $"{disks[index].Label} of '{origin.MachineName}'";

    private IReadOnlyList<LeaseManifestEntry> Manifest(ExportLease lease)
    {
        try
        {
            return lease.Manifest(cancel);
        }
        catch (VimException e)
        {
            watcher.Warn($"{origin.MachineName}: the host gives no checksums of what it sent ({e.Message.TrimEnd('.')}). The disks' own checksums are compared when they are sent on.");
            return [];
        }
    }

    private void Advance(ExportLease lease, int index, LeaseDownload download)
    {
        CopyProgress progress;
        lock (_gate)
            progress = _arrival.Advance(index, download.Length, download.Target.Passed);
        lease.Report((double)progress.BytesDone / Math.Max(1, progress.BytesTotal));
        watcher.Copying($"{origin.MachineName}: fetching {(disks.Count == 1 ? "the disk" : $"{disks.Count} disks")}", progress);
    }
}
