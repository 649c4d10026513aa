using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Raw;
using OsMigrate.Guests;
using OsMigrate.Migrations.Cloud;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Sources;

/// <summary>Reads disks where they lie into raw images in the work folder, on several connections: nothing is computed on the way, so that the source is free soon. What an earlier run has read of the same state is not read again.</summary>
/// <param name="free">What may be left out; null to read all.</param>
internal sealed class RangeFetch(VSphereOrigin origin, IReadOnlyList<VSphereDisk> disks, FreeSpaceMap? free, ISourceNotes notes, IJobWatcher watcher, CancellationToken cancel)
{
    /// <summary>Bytes between two notes of how far a disk is.</summary>
    private const long NoteEvery = 256L << 20;

    /// <param name="open">Opens a disk by its number.</param>
    /// <param name="stateOf">What tells a disk's state from a later one: an earlier run's reading is gone on with only where it is the same. Null when nobody knows.</param>
    public IReadOnlyList<FetchedDisk> Run(Func<int, DiskImage> open, Func<int, string?> stateOf)
    {
        FetchedDisk[] fetched = [.. Enumerable.Range(0, disks.Count).Select(i => new FetchedDisk(RawFormat.Instance, Fetch(open, stateOf(i), i)))];
        Prove(open);
        notes.Set(SourceSteps.Fetched, FetchedFiles.Note(fetched));
        return fetched;
    }

    private long Fetch(Func<int, DiskImage> open, string? state, int index)
    {
        var path = PathOf(index);
        var partial = path + FileSink.PartialSuffix;
        using (var image = Trimmed(open(index), index))
        {
            if (image.Length != disks[index].CapacityBytes)
                throw new OsMigrateException(ErrorIds.VSphereChecksum, ErrorKind.IntegrityFailure, $"{disks[index].Label} of '{origin.MachineName}' has {disks[index].CapacityBytes} bytes, its file {image.Length}.", origin.MachineName);
            var from = HowFar(partial, state, index, image.Length);
            if (from == 0)
                Create(partial);
            using var replica = FileStore.OpenWrite(partial);
            replica.SetLength(image.Length);
            Copy(image, replica, from, state, index);
        }

        Attempt(path, "write", () =>
        {
            File.Delete(path);
            File.Move(partial, path);
        });
        return disks[index].CapacityBytes;
    }

    private DiskImage Trimmed(DiskImage image, int index) => free is null ? image : new TrimmedImage(image, free.Of(index));

    /// <summary>A file that uses what was called free would be lost without a word: it is looked for in the copy while the source is still at hand.</summary>
    private void Prove(Func<int, DiskImage> open)
    {
        if (free is null || !Enumerable.Range(0, disks.Count).Any(i => free.Of(i).Count > 0))
            return;
        watcher.Waiting($"{origin.MachineName}: source", "Proving that free space is free");
        var copies = new List<FileStore>();
        try
        {
            foreach (var index in Enumerable.Range(0, disks.Count))
                copies.Add(FileStore.OpenRead(PathOf(index)));
            foreach (var (disk, areas, volume, reason) in free.ContradictionsIn(copies, cancel))
            {
                notes.Log($"{volume}: {reason}. What it calls free is copied too.", SourceSteps.Fetched);
                using var image = open(disk);
                using var replica = FileStore.OpenWrite(PathOf(disk));
                new AreaCopy(image, replica, prove: false, static _ => { }, cancel).Run(areas, isEmpty: true, static _ => { });
            }
        }
        finally
        {
            copies.ForEach(static c => c.Dispose());
        }
    }

    private string PathOf(int index) => Path.Combine(origin.WorkFolder, SourceSteps.FileName(index));

    private void Copy(DiskImage image, FileStore replica, long from, string? state, int index)
    {
        var areas = new List<Extent>();
        for (var at = from; at < image.Length; at = areas[areas.Count - 1].End)
            areas.Add(image.NextExtent(at));
        var (read, noted) = (0L, from);
        var meter = new ProgressMeter(new Forward(watcher, $"{origin.MachineName}: reading disk {index + 1} of {disks.Count}"), Math.Max(1, areas.Where(static a => a.Kind != ExtentKind.Zero).Sum(static a => a.Length)));
        void Settled(long end)
        {
            if (state is null || end - noted < NoteEvery)
                return;
            replica.Flush();
            notes.Set(Step(index), new JsonObject { ["state"] = state, ["to"] = noted = end });
        }

        new AreaCopy(image, replica, prove: false, Settled, cancel).Run([.. areas.Where(static a => a.Kind != ExtentKind.Zero)], isEmpty: true, n =>
        {
            lock (meter)
                meter.Advance(read += n, n);
        });
        notes.Log(FormattableString.Invariant($"{disks[index].Label} was read: {read} bytes of {image.Length}{(from > 0 ? $", from byte {from} on" : "")}."), SourceSteps.Fetched);
    }

    /// <summary>Up to which byte an earlier run has read this very state.</summary>
    private long HowFar(string partial, string? state, int index, long length)
        => state is not null && notes.Get(Step(index)) is { } known && (string?)known["state"] == state && new FileInfo(partial) is { Exists: true } file && file.Length == length && (long?)known["to"] is > 0 and var to && to <= length
            ? to
            : 0;

    private static string Step(int index) => FormattableString.Invariant($"range{index}");

    private void Create(string partial) => Attempt(partial, "create", () =>
    {
        Directory.CreateDirectory(origin.WorkFolder);
        File.WriteAllBytes(partial, []);
    });

    private static void Attempt(string path, string verb, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, path, verb);
        }
    }

    private sealed class Forward(IJobWatcher watcher, string activity) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value) => watcher.Copying(activity, value);
    }
}
