using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Migrations.Cloud;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Sources;

/// <summary>Reads disks where they lie, each once, into compressed images in the work folder.</summary>
internal sealed class RangeFetch(VSphereOrigin origin, IReadOnlyList<VSphereDisk> disks, ISourceNotes notes, IJobWatcher watcher, CancellationToken cancel)
{
    /// <param name="open">Opens a disk by its number.</param>
    public void Run(Func<int, DiskImage> open)
    {
        var sizes = new JsonArray();
        for (var i = 0; i < disks.Count; i++)
            sizes.Add(Fetch(open, i));
        notes.Set(SourceSteps.Fetched, new JsonObject { ["sizes"] = sizes });
    }

    private long Fetch(Func<int, DiskImage> open, int index)
    {
        using var image = open(index);
        if (image.Length != disks[index].CapacityBytes)
            throw new OsMigrateException(ErrorIds.VSphereChecksum, ErrorKind.IntegrityFailure, $"{disks[index].Label} of '{origin.MachineName}' has {disks[index].CapacityBytes} bytes, its file {image.Length}.", origin.MachineName);
        FileErrorsOf(() => Directory.CreateDirectory(origin.WorkFolder));
        var path = Path.Combine(origin.WorkFolder, SourceSteps.FileName(index));
        var result = DiskConversion.Run(image, path, Qcow2Format.Instance, new EncodeOptions
        {
            Compression = Compression.Zlib,
            Checksums = ChecksumKinds.Content,
            Progress = new Forward(watcher, $"{origin.MachineName}: reading disk {index + 1} of {disks.Count}"),
            Cancel = cancel,
        }, overwrite: true);
        notes.Log($"{disks[index].Label} was read: content {result.Encoded.ContentDigest}.", SourceSteps.Fetched);
        return new FileInfo(path).Length;
    }

    private void FileErrorsOf(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Map(e, origin.WorkFolder, "create");
        }
    }

    private sealed class Forward(IJobWatcher watcher, string activity) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value) => watcher.Copying(activity, value);
    }
}
