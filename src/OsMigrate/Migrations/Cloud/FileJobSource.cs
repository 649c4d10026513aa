using OsMigrate.Appliances;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Machines;

namespace OsMigrate.Migrations.Cloud;

/// <summary>The files a job reads: an appliance with its machines, or one disk image that counts as a machine.</summary>
internal sealed class FileJobSource : CloudJobSource
{
    private readonly Appliance? _appliance;

    public FileJobSource(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (Appliance.Looks(Path))
        {
            _appliance = Appliance.Open(Path);
            (Kind, Machines) = (_appliance.Kind, _appliance.Machines);
            return;
        }

        using var image = DiskFormats.OpenFile(Path);
        (Kind, Machines) = (image.Format.Name, [BareDisk.MachineOf(image, Path, System.IO.Path.GetFileNameWithoutExtension(Path))]);
    }

    public override string Path { get; }

    public override string Kind { get; }

    public override IReadOnlyList<Machine> Machines { get; }

    public override bool DescribesMachine => _appliance is not null;

    internal override Appliance? Appliance => _appliance;

    internal override IReadOnlyList<string> Warnings => _appliance?.Warnings ?? [];

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.JobSourceChanged"/>.</exception>
    public static FileJobSource Reopen(CloudJobPlan plan)
    {
        var file = new FileInfo(plan.SourcePath);
        if (!file.Exists)
            throw new OsMigrateException(ErrorIds.FileNotFound, ErrorKind.NotFound, $"The source '{plan.SourcePath}' of the job {plan.JobId} is gone.", plan.SourcePath);
        if (file.Length != plan.SourceSizeBytes || file.LastWriteTimeUtc != plan.SourceModifiedAt)
            throw new OsMigrateException(ErrorIds.JobSourceChanged, ErrorKind.InvalidData, $"'{plan.SourcePath}' was changed since the job {plan.JobId} was planned.", plan.SourcePath) { Advice = "Undo the job and start a new one." };
        return new FileJobSource(plan.SourcePath);
    }

    internal override CloudJobPlan Stamp(CloudJobPlan plan)
    {
        var file = new FileInfo(Path);
        return plan with { SourceSizeBytes = file.Length, SourceModifiedAt = file.LastWriteTimeUtc };
    }

    internal override long SizeOf(MachineDisk disk, Action<string> notice, CancellationToken cancel)
    {
        // What the descriptor states may be wrong or missing; the disk itself knows. Opening it also finds damage before anything is made.
        using var opened = OpenDisk(disk, cancel);
        foreach (var text in opened.Image.Info.Notices)
            notice($"{disk.Label}: {text}");
        return opened.Image.Length;
    }

    internal override OpenedDisk OpenDisk(MachineDisk disk, CancellationToken cancel)
        => _appliance is null ? OpenedDisk.Of(Path, null) : new OpenedDisk(_appliance.OpenDisk(disk, cancel), null);

    private protected override void Dispose(bool disposing) => _appliance?.Dispose();
}
