using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Machines;
using OsMigrate.Migrations.Preparation;

namespace OsMigrate.Migrations;

/// <summary>Converts one machine of a plan, all or nothing: the files are made in a folder beside the final one.</summary>
internal static class MachineConversion
{
    public static ConvertedMachine Run(FileConversionPlan plan, PlannedMachine planned, IProgress<FileConversionProgress>? progress, CancellationToken cancel)
    {
        using var folder = OutputFolder.Create(planned.Folder, plan.Options.Overwrite);
        using var prepared = Prepare(plan, planned, progress, cancel);
        var disks = new List<ConvertedDisk>();
        for (var i = 0; i < planned.Disks.Count; i++)
        {
            var activity = $"{planned.Machine.Name}: disk {i + 1} of {planned.Disks.Count}";
            using var image = prepared is null ? planned.Disks[i].Open(cancel) : prepared.Take(i);
            disks.Add(Convert(plan, planned.Disks[i], image, folder, activity, progress, cancel));
        }

        var converted = new ConvertedMachine
        {
            Machine = planned.Machine,
            Folder = planned.Folder,
            Disks = disks,
            Properties = prepared is { Guest.HasNetworkDriver: false } ? WithoutNetwork(planned.Properties) : planned.Properties,
            RecordPath = Path.Combine(planned.Folder, MigrationRecord.FileName),
            ScriptPath = Path.Combine(planned.Folder, OpenStackScript.FileName),
            Guest = prepared?.Guest,
            Warnings = [.. plan.Appliance?.Warnings ?? [], .. planned.Machine.Warnings, .. prepared?.Guest.Warnings ?? []],
        };
        folder.WriteText(OpenStackScript.FileName, OpenStackScript.For(converted));
        // The record comes last: where it exists, everything it speaks of does too.
        folder.WriteText(MigrationRecord.FileName, MigrationRecord.ToJson(plan, converted));
        cancel.ThrowIfCancellationRequested();
        folder.Complete();
        return converted;
    }

    private static List<ImageProperty> WithoutNetwork(IReadOnlyList<ImageProperty> properties)
    {
        var adapter = ImageProperties.EmulatedAdapter(properties.FirstOrDefault(p => p.Name == "hw_firmware_type")?.Value);
        return properties.Select(p => p.Name == "hw_vif_model" ? p with { Value = adapter, Reason = "The medium has no virtio network driver for this guest." } : p).ToList();
    }

    private static PreparedDisks? Prepare(FileConversionPlan plan, PlannedMachine planned, IProgress<FileConversionProgress>? progress, CancellationToken cancel)
    {
        if (planned.Preparation is null)
            return null;
        progress?.Report(new FileConversionProgress($"{planned.Machine.Name}: changing the guest", new CopyProgress(0, planned.Disks.Sum(d => d.Disk.CapacityBytes), 0, null)));
        return PreparedDisks.Open(planned.Disks.Select(d => d.Open), planned.Machine, planned.Preparation, plan.Options.GuestStep, cancel);
    }

    private static ConvertedDisk Convert(
        FileConversionPlan plan, PlannedDisk planned, DiskImage image, OutputFolder folder, string activity, IProgress<FileConversionProgress>? progress, CancellationToken cancel)
    {
        using var manifest = ManifestWatch.Start(plan.Options.Verify ? plan.Appliance : null, planned.Disk, cancel);
        var options = new EncodeOptions
        {
            Compression = plan.Options.Compression,
            Verify = plan.Options.Verify,
            Checksums = plan.Options.Checksums,
            Flush = plan.Options.Flush,
            Progress = progress is null ? null : new Forward(progress, activity),
            Cancel = cancel,
        };
        var conversion = DiskConversion.Run(image, folder.PathOf(planned.FileName), plan.Options.TargetFormat, options, overwrite: true, beforeRename: manifest.Await);
        var subformat = image.Info.Subformat is { } name ? $"{image.Format.Name} ({name})" : image.Format.Name;
        return new ConvertedDisk(
            planned.Disk with { CapacityBytes = image.Length },
            subformat,
            conversion with { Path = folder.FinalPathOf(planned.FileName) },
            manifest.Exists ? true : null);
    }

    private sealed class Forward(IProgress<FileConversionProgress> target, string activity) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value) => target.Report(new FileConversionProgress(activity, value));
    }
}
