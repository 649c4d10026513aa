using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Migrations.Jobs;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Images;
using OsMigrate.OpenStack.Volumes;

namespace OsMigrate.Migrations.Cloud;

/// <summary>Brings one disk into the cloud: as an image, and, where the plan says so, from there into a volume.</summary>
internal sealed class DiskTransfer(CloudSession session, CloudJobPlan plan, JobSteps steps, JobLog log, IJobWatcher watcher, CancellationToken cancel)
{
    private readonly ImagesClient _images = new(session);

    /// <param name="disks">Null when everything is known to be there.</param>
    public void Upload(CloudJobDisks? disks, CloudDisk disk)
    {
        if (!steps.IsDone(CloudJobSteps.Image(disk)) && !IsVolume(disk))
            Send(disks!, disk);
    }

    /// <summary>Makes the volume of an uploaded disk, where the plan asks for one, and lets its image go.</summary>
    public void ToVolume(CloudDisk disk)
    {
        if (!disk.ToVolume)
            return;
        if (!IsVolume(disk))
            MakeVolume(disk);
        DropImage(disk);
    }

    /// <summary>What was noted of an uploaded disk.</summary>
    public static MovedDisk Read(JsonObject result) => result["disk"].Deserialize<MovedDisk>() ?? new MovedDisk();

    private bool IsVolume(CloudDisk disk) => disk.ToVolume && steps.IsDone(CloudJobSteps.Volume(disk));

    private void Send(CloudJobDisks disks, CloudDisk disk)
    {
        using var opened = disks.Open(disk, cancel);
        using var manifest = disks.WatchManifest(disk, cancel);
        var activity = $"{plan.ServerName}: uploading disk {disk.Index + 1} of {plan.Disks.Count}";
        var outgoing = OutgoingImage.Plan(opened.Image, Qcow2Format.Instance, new EncodeOptions
        {
            Compression = plan.Compression,
            Verify = plan.Verify,
            Checksums = ChecksumKinds.Content,
            Progress = new Forward(watcher, activity),
            Cancel = cancel,
        }, opened.File);
        var first = true;
        var sent = new ImageUpload(session, new ImageUploadOptions { BandwidthLimit = plan.BandwidthLimit, Limit = plan.Limit })
        {
            BeforeEnd = manifest.Await,
        }.Run(outgoing, Request(disk), cancel, () => NextId(disk, ref first));
        if (sent.VerifiedBy is null)
            watcher.Warn($"Glance has no checksum of the image '{disk.Name}' that is known here: only its size was compared.");
        var moved = new MovedDisk
        {
            Index = disk.Index,
            Name = disk.Name,
            VirtualSizeBytes = disk.SizeBytes,
            SentBytes = outgoing.SizeBytes,
            Sha256 = sent.Sums[HashAlgorithmName.SHA256],
            Sha512 = sent.Sums[HashAlgorithmName.SHA512],
            ContentDigest = sent.Encoded?.ContentDigest ?? opened.ContentDigest,
            VerifiedBy = sent.VerifiedBy,
            ManifestVerified = manifest.Exists ? true : null,
            UploadDuration = sent.Duration,
        };
        steps.Complete(CloudJobSteps.Image(disk), ImageResult(disk, sent.Image.Id, moved, gone: false));
        log.Write("info", $"Image {sent.Image.Id} is there: {outgoing.SizeBytes} bytes, agreed by {sent.VerifiedBy ?? "size"}.", CloudJobSteps.Image(disk));
    }

    /// <summary>Noted before it is used, so that an undo finds the image whatever happens.</summary>
    private string NextId(CloudDisk disk, ref bool first)
    {
        var known = steps.ImageIdOf(disk);
        if (first)
        {
            first = false;
            return known;
        }

        var id = Guid.NewGuid().ToString("D");
        steps.NoteImageId(disk, id);
        return id;
    }

    private ImageRequest Request(CloudDisk disk)
    {
        var properties = disk.Index == 0 ? plan.ImageProperties.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal) : new Dictionary<string, string>(StringComparer.Ordinal);
        if (disk.Index == 0 && CloudJobDisks.GuestOf(steps) is { HasNetworkDriver: false } && properties.TryGetValue("hw_vif_model", out var adapter) && adapter == "virtio")
            properties["hw_vif_model"] = Machines.ImageProperties.EmulatedAdapter(properties.TryGetValue("hw_firmware_type", out var firmware) ? firmware : null);
        properties[CloudJobRun.JobKey] = plan.JobId;
        return new ImageRequest { Name = disk.Name, DiskFormat = "qcow2", Properties = properties, Tags = plan.Tags };
    }

    private void MakeVolume(CloudDisk disk)
    {
        var step = CloudJobSteps.Volume(disk);
        var volumes = new VolumesClient(session);
        var mark = CloudJobSteps.Mark(plan, step);
        var activity = $"{plan.ServerName}: volume {disk.Index + 1} of {plan.Disks.Count}";
        watcher.Waiting(activity, "Creating");
        var volume = new StepMaker(steps, log, cancel).Make(step, () => volumes.Marked(disk.Name, mark, cancel), () => volumes.Create(
            new VolumeRequest
            {
                Name = disk.Name,
                SizeGiB = disk.VolumeSizeGiB,
                ImageId = (string)steps.ResultOf(CloudJobSteps.Image(disk))!["id"]!,
                VolumeType = disk.VolumeType,
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [CloudJobRun.JobKey] = plan.JobId },
            },
            cancel,
            mark), extra => RemoveExtra(volumes, extra), v => v.Id);
        log.Write("info", $"Volume {volume.Id} is being made.", step);
        volumes.WaitForAvailable(volume, plan.Limit, cancel, v => watcher.Waiting(activity, v.Status));
        // Cinder marks every volume of an image as bootable; a data disk is not.
        if (disk.Index > 0)
            volumes.SetBootable(volume.Id, false, cancel);
        steps.Complete(step, new JsonObject { ["kind"] = "volume", ["id"] = volume.Id, ["name"] = disk.Name });
    }

    private void RemoveExtra(VolumesClient volumes, Volume extra)
    {
        volumes.WaitForAvailable(extra, plan.Limit, cancel);
        volumes.Delete(extra.Id, cancel);
    }

    private void DropImage(CloudDisk disk)
    {
        var step = CloudJobSteps.Image(disk);
        if (steps.ResultOf(step) is not { } result || (bool?)result["gone"] is true)
            return;
        var id = (string)result["id"]!;
        try
        {
            _images.Delete(id, cancel);
        }
        catch (OsMigrateException e) when (e.ErrorId is ErrorIds.CloudConflict or ErrorIds.CloudForbidden)
        {
            // Some storage keeps volumes as thin copies of the image: then it has to stay.
            watcher.Warn($"The image '{disk.Name}' ({id}) stays, since its volume depends on it: {e.Message}");
            return;
        }

        steps.Complete(step, ImageResult(disk, id, Read(result), gone: true));
    }

    private static JsonObject ImageResult(CloudDisk disk, string id, MovedDisk moved, bool gone)
        => new() { ["kind"] = "image", ["id"] = id, ["name"] = disk.Name, ["gone"] = gone, ["disk"] = JsonSerializer.SerializeToNode(moved) };

    private sealed class Forward(IJobWatcher watcher, string activity) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value) => watcher.Copying(activity, value);
    }
}
