using OsMigrate.Appliances;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Machines;
using OsMigrate.Migrations.Preparation;

namespace OsMigrate.Migrations.Cloud;

/// <summary>The files a job reads: an appliance with its machines, or one disk image that counts as a machine.</summary>
public sealed class CloudJobSource : IDisposable
{
    private readonly Appliance? _appliance;

    private CloudJobSource(string path, string kind, IReadOnlyList<Machine> machines, Appliance? appliance)
        => (Path, Kind, Machines, _appliance) = (path, kind, machines, appliance);

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>OVA, OVF, VMX, or the disk format's name.</summary>
    public string Kind { get; }

    public IReadOnlyList<Machine> Machines { get; }

    /// <summary>False for a disk image, which says nothing of CPUs, memory and networks.</summary>
    public bool DescribesMachine => _appliance is not null;

    internal Appliance? Appliance => _appliance;

    /// <exception cref="OsMigrateException">It is damaged or of no known kind.</exception>
    public static CloudJobSource Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (Appliance.Looks(full))
        {
            var appliance = Appliance.Open(full);
            return new CloudJobSource(full, appliance.Kind, appliance.Machines, appliance);
        }

        using var image = DiskFormats.OpenFile(full);
        var name = System.IO.Path.GetFileNameWithoutExtension(full);
        return new CloudJobSource(full, image.Format.Name, [BareDisk.MachineOf(image, full, name)], null);
    }

    /// <summary>Opens the source of a plan again.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.JobSourceChanged"/>.</exception>
    public static CloudJobSource Reopen(CloudJobPlan plan)
    {
        var file = new FileInfo(plan.SourcePath);
        if (!file.Exists)
            throw new OsMigrateException(ErrorIds.FileNotFound, ErrorKind.NotFound, $"The source '{plan.SourcePath}' of the job {plan.JobId} is gone.", plan.SourcePath);
        if (file.Length != plan.SourceSizeBytes || file.LastWriteTimeUtc != plan.SourceModifiedAt)
            throw new OsMigrateException(ErrorIds.JobSourceChanged, ErrorKind.InvalidData, $"'{plan.SourcePath}' was changed since the job {plan.JobId} was planned.", plan.SourcePath) { Advice = "Undo the job and start a new one." };
        return Open(plan.SourcePath);
    }

    /// <summary>Every change inside the guest of a planned job, for -WhatIf. Changes it in memory and writes nothing.</summary>
    /// <exception cref="OsMigrateException">The guest cannot be changed, with the reason.</exception>
    public IReadOnlyList<string> PreviewGuest(CloudJobPlan plan, Machine machine, CancellationToken cancel)
        => plan.Preparation is null ? [] : PreparedDisks.Preview(machine.Disks.Select(OpenImage), machine, plan.Preparation, VirtioInjection.Instance, cancel);

    /// <summary>Opens a disk's content without its file, which is for sending it as it is.</summary>
    internal Func<CancellationToken, DiskImage> OpenImage(MachineDisk disk) => cancel =>
    {
        var opened = OpenDisk(disk, cancel);
        opened.File?.Dispose();
        return opened.Image;
    };

    /// <summary>Opens a disk's content; the caller disposes it, before this.</summary>
    internal OpenedDisk OpenDisk(MachineDisk disk, CancellationToken cancel)
        => _appliance is null ? OpenedDisk.Of(Path, null) : new OpenedDisk(_appliance.OpenDisk(disk, cancel), null);

    public void Dispose() => _appliance?.Dispose();
}
