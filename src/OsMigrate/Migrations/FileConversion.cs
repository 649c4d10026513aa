using System.Diagnostics;
using OsMigrate.Appliances;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Machines;
using OsMigrate.Migrations.Preparation;

namespace OsMigrate.Migrations;

/// <summary>Turns an appliance or a disk image into files that OpenStack takes: disks, a record of the machine, a script of what is left to do.</summary>
public static class FileConversion
{
    /// <summary>Opens the source and decides what will be written where. Writes nothing.</summary>
    /// <exception cref="OsMigrateException">The source is damaged or unknown, or the output exists and may not be overwritten.</exception>
    public static FileConversionPlan Plan(string path, FileConversionOptions options)
    {
        if (Appliance.Looks(path))
        {
            var appliance = Appliance.Open(path);
            try
            {
                return PlanAppliance(appliance, options);
            }
            catch
            {
                appliance.Dispose();
                throw;
            }
        }

        return PlanImage(path, options);
    }

    /// <summary>Does what the plan says. Each machine's folder appears under its final name only when everything in it is complete.</summary>
    /// <exception cref="OsMigrateException">Something failed: nothing of that machine is left behind.</exception>
    public static FileConversionResult Run(FileConversionPlan plan, IProgress<FileConversionProgress>? progress, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var machines = plan.Machines.Select(m => MachineConversion.Run(plan, m, progress, cancel)).ToList();
        return new FileConversionResult { SourcePath = plan.SourcePath, SourceKind = plan.SourceKind, Machines = machines, Duration = clock.Elapsed };
    }

    /// <summary>Every change inside the guests of a plan, for -WhatIf. Changes them in memory and writes nothing.</summary>
    /// <exception cref="OsMigrateException">A guest cannot be changed, with the reason.</exception>
    public static IReadOnlyList<string> PreviewGuests(FileConversionPlan plan, CancellationToken cancel)
        => [.. plan.Machines.SelectMany(m => m.Preparation is { } preparation ? PreparedDisks.Preview(m.Disks.Select(d => d.Open), m.Machine, preparation, plan.Options.GuestStep, cancel) : [])];

    private static FileConversionPlan PlanAppliance(Appliance appliance, FileConversionOptions options)
    {
        var chosen = appliance.Machines.Where(m => options.MachineName is null || string.Equals(m.Name, options.MachineName, StringComparison.OrdinalIgnoreCase)).ToList();
        if (chosen.Count == 0)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.NotFound, $"'{appliance.Path}' has no machine named '{options.MachineName}'.", appliance.Path);
        appliance.SpoolFolder = Path.GetFullPath(options.OutputDirectory);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var machines = chosen.Select(machine =>
        {
            var name = Unique(FileNames.Safe(machine.Name, FileNames.Safe(Path.GetFileNameWithoutExtension(appliance.Path), "machine")), taken);
            return PlanMachine(appliance.Path, machine, name, options, disk => cancel => appliance.OpenDisk(disk, cancel));
        }).ToList();
        return new FileConversionPlan(appliance.Path, appliance.Kind, appliance, options, machines);
    }

    private static FileConversionPlan PlanImage(string path, FileConversionOptions options)
    {
        var image = DiskFormats.OpenFile(path);
        try
        {
            var full = Path.GetFullPath(path);
            var name = FileNames.Safe(Path.GetFileNameWithoutExtension(full), "disk");
            var machine = BareDisk.MachineOf(image, full, name) with { Warnings = ["A disk image alone says nothing about CPU, memory and network: check them before you launch. The firmware is that of the boot loader on it."] };
            // The image stays open for the plan; a run opens it anew, as it does with an appliance's disks.
            return new FileConversionPlan(full, image.Format.Name, image, options, [PlanMachine(full, machine, name, options, _ => _ => DiskFormats.OpenFile(full))]);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static PlannedMachine PlanMachine(string source, Machine machine, string name, FileConversionOptions options, Func<MachineDisk, Func<CancellationToken, DiskImage>> open)
    {
        var folder = Path.Combine(Path.GetFullPath(options.OutputDirectory), name);
        if (string.Equals(folder, Path.GetDirectoryName(source), StringComparison.OrdinalIgnoreCase))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{folder}' is the source's own folder; nothing is written beside a source's files.", folder) { Advice = "Choose another -OutputDirectory." };
        if (!options.Overwrite && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{folder}' exists already and is not empty.", folder) { Advice = "Use -Force to overwrite the files in it, or choose another -OutputDirectory." };
        if (machine.Disks.Count == 0)
            throw new OsMigrateException(ErrorIds.UnsupportedAppliance, ErrorKind.NotSupported, $"The machine '{machine.Name}' has no disk that could be converted.", machine.Name);
        var disks = machine.Disks.Select((disk, i) => new PlannedDisk(
            disk,
            $"{name}-disk{i}{options.TargetFormat.Extension}",
            disk.FileName is null ? $"an empty disk '{disk.Label}'" : $"'{disk.FileName}'",
            open(disk))).ToList();
        var warnings = new List<string>();
        var preparation = options.Drivers?.PlanFor(machine, warnings);
        return new PlannedMachine(machine with { Warnings = [.. machine.Warnings, .. warnings] }, folder, disks, preparation is null ? ImageProperties.For(machine) : ImageProperties.WithVirtio(ImageProperties.For(machine))) { Preparation = preparation };
    }

    private static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++)
            unique = $"{name}-{i}";
        return unique;
    }
}
