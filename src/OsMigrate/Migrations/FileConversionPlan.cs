using OsMigrate.Appliances;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Machines;
using OsMigrate.Migrations.Preparation;

namespace OsMigrate.Migrations;

/// <summary>What a conversion of one source is going to write. Nothing is written by making it.</summary>
/// <remarks>Holds the source open until disposed.</remarks>
public sealed class FileConversionPlan : IDisposable
{
    private readonly IDisposable _source;

    internal FileConversionPlan(string sourcePath, string sourceKind, IDisposable source, FileConversionOptions options, IReadOnlyList<PlannedMachine> machines)
        => (SourcePath, SourceKind, _source, Options, Machines) = (sourcePath, sourceKind, source, options, machines);

    /// <summary>Full path of the appliance or disk image.</summary>
    public string SourcePath { get; }

    /// <summary>"OVA", "OVF", "VMX", or the disk format's name for a plain image.</summary>
    public string SourceKind { get; }

    public FileConversionOptions Options { get; }

    /// <summary>What becomes of each machine.</summary>
    public IReadOnlyList<PlannedMachine> Machines { get; }

    internal Appliance? Appliance => _source as Appliance;

    /// <summary>What will be written, one sentence each, for -WhatIf.</summary>
    public IEnumerable<string> Steps
        => from machine in Machines
           from step in (machine.Preparation is { } preparation ? new[] { preparation.Text } : []).Concat(machine.Disks
               .Select(d => $"Write '{Path.Combine(machine.Folder, d.FileName)}' ({Options.TargetFormat.Name}, {d.VirtualSizeText}) from {d.SourceName}."))
               .Concat([
                   $"Write '{Path.Combine(machine.Folder, MigrationRecord.FileName)}' with the machine's record, checksums and {machine.Properties.Count} image properties.",
                   $"Write '{Path.Combine(machine.Folder, OpenStackScript.FileName)}' with the commands that finish the job.",
               ])
           select step;

    public void Dispose() => _source.Dispose();
}

/// <summary>One machine of a plan.</summary>
/// <param name="Machine">The machine as the source describes it.</param>
/// <param name="Folder">Full path of the folder that gets its files; made under another name and renamed at the end.</param>
/// <param name="Disks">Its disks, the boot disk first.</param>
/// <param name="Properties">Glance properties of the boot disk's image.</param>
public sealed record PlannedMachine(Machine Machine, string Folder, IReadOnlyList<PlannedDisk> Disks, IReadOnlyList<ImageProperty> Properties)
{
    /// <summary>How its guest is changed on the way; null when it stays as it is.</summary>
    public GuestPreparationPlan? Preparation { get; init; }
}

/// <summary>One disk of a plan.</summary>
/// <param name="Disk">The disk's record in the machine.</param>
/// <param name="FileName">Plain name of the file to write.</param>
/// <param name="SourceName">What it is read from, for messages.</param>
/// <param name="Open">Opens the content; the caller disposes it.</param>
public sealed record PlannedDisk(MachineDisk Disk, string FileName, string SourceName, Func<CancellationToken, DiskImage> Open)
{
    internal string VirtualSizeText => Disk.CapacityBytes > 0 ? ByteSize.Text(Disk.CapacityBytes) : "size known when opened";
}
