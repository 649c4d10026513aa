using System.Diagnostics;
using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Migrations.Cloud;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Export;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.Migrations.Sources;

/// <summary>Fetches all disks of a machine by one lease into the work folder, two at a time.</summary>
internal sealed class DiskFetch(VSphereSession session, VSphereOrigin origin, IReadOnlyList<VSphereDisk> disks, ISourceNotes notes, IJobWatcher watcher, CancellationToken cancel)
{
    /// <summary>Streams of one host at a time: its memory for them is small, and shared with backups.</summary>
    private const int Streams = 2;

    private readonly object _gate = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _fetched;
    private long _expected;

    /// <exception cref="OsMigrateException">Nothing is left of disks that did not come wholly.</exception>
    public void Run(MoRef machineOrSnapshot)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Once(machineOrSnapshot);
                return;
            }
            catch (OsMigrateException e) when (attempt < 3 && e.ErrorId is ErrorIds.VSphereFailed or ErrorIds.VSphereTimeout or ErrorIds.VSphereNotFound && !cancel.IsCancellationRequested)
            {
                // The lease is gone: its host was restarted, or an administrator ended it. Another one may live longer.
                notes.Log($"{e.Message} Trying once more with a new lease.", SourceSteps.Fetched);
                cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(2 * attempt));
                cancel.ThrowIfCancellationRequested();
            }
        }
    }

    private void Once(MoRef machineOrSnapshot)
    {
        watcher.Waiting($"{origin.MachineName}: source", "Asking for the disks");
        using var lease = ExportLease.Open(session, machineOrSnapshot, cancel);
        var files = LeaseDisks.Match(disks, lease.Disks, origin.MachineName);
        _expected = files.Sum(static f => f.SizeBytes ?? 0);
        _fetched = 0;
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

            Finish(lease, files, downloads);
        }
        finally
        {
            foreach (var download in downloads)
                download?.Dispose();
        }
    }

    private LeaseDownload Fetch(ExportLease lease, LeaseFile file, int index)
    {
        var download = new LeaseDownload(Path.Combine(origin.WorkFolder, SourceSteps.FileName(index)));
        try
        {
            lease.Fetch(file, () => { Advance(lease, -download.Length); download.Begin(); }, (buffer, count) => { download.Take(buffer, count); Advance(lease, count); }, cancel);
            return download;
        }
        catch
        {
            download.Dispose();
            throw;
        }
    }

    private void Finish(ExportLease lease, IReadOnlyList<LeaseFile> files, LeaseDownload?[] downloads)
    {
        var manifest = Manifest(lease);
        for (var i = 0; i < files.Count; i++)
            downloads[i]!.Complete(manifest.FirstOrDefault(m => m.Key == files[i].Key));
        lease.Complete(cancel);
        var sizes = new JsonArray();
        for (var i = 0; i < files.Count; i++)
        {
            using var image = DiskFormats.OpenFile(Path.Combine(origin.WorkFolder, SourceSteps.FileName(i)), Disks.Vmdk.VmdkFormat.Instance);
            if (image.Length != disks[i].CapacityBytes)
                throw new OsMigrateException(ErrorIds.VSphereChecksum, ErrorKind.IntegrityFailure, $"{disks[i].Label} of '{origin.MachineName}' has {disks[i].CapacityBytes} bytes, but a disk of {image.Length} bytes arrived.", origin.MachineName);
            sizes.Add(downloads[i]!.Length);
            notes.Log(FormattableString.Invariant($"{disks[i].Label} arrived: {downloads[i]!.Length} bytes, sha256 {downloads[i]!.Sha256}, {(downloads[i]!.VerifiedBy is { } by ? $"as the host's {by} says" : "the host gave no sum")}."), SourceSteps.Fetched);
        }

        notes.Set(SourceSteps.Fetched, new JsonObject { ["sizes"] = sizes, ["bytes"] = downloads.Sum(static d => d!.Length) });
    }

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

    private void Advance(ExportLease lease, long bytes)
    {
        long fetched;
        lock (_gate)
            fetched = _fetched += bytes;
        var whole = Math.Max(_expected, fetched);
        lease.Report(whole == 0 ? 0 : (double)fetched / whole);
        watcher.Copying($"{origin.MachineName}: fetching {(disks.Count == 1 ? "the disk" : $"{disks.Count} disks")}", Progress(fetched, whole));
    }

    private CopyProgress Progress(long fetched, long whole)
    {
        var rate = fetched / Math.Max(0.001, _clock.Elapsed.TotalSeconds);
        return new CopyProgress(fetched, whole, rate, rate > 0 && _expected > 0 ? TimeSpan.FromSeconds((whole - fetched) / rate) : null);
    }
}
