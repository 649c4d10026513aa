using OsMigrate.Disks.Copying;
using OsMigrate.Machines;
using OsMigrate.Migrations.Preparation;

namespace OsMigrate.Migrations;

/// <summary>How far a conversion is.</summary>
/// <param name="Activity">What is being done, for people: "web01: disk 1 of 2".</param>
/// <param name="Copy">How far the copy of that disk is.</param>
public readonly record struct FileConversionProgress(string Activity, CopyProgress Copy);

/// <summary>What became of one source.</summary>
public sealed record FileConversionResult
{
    public required string SourcePath { get; init; }

    public required string SourceKind { get; init; }

    public required IReadOnlyList<ConvertedMachine> Machines { get; init; }

    public TimeSpan Duration { get; init; }
}

/// <summary>One machine's files.</summary>
public sealed record ConvertedMachine
{
    public required Machine Machine { get; init; }

    /// <summary>Full path of the folder with all files.</summary>
    public required string Folder { get; init; }

    public required IReadOnlyList<ConvertedDisk> Disks { get; init; }

    public required IReadOnlyList<ImageProperty> Properties { get; init; }

    /// <summary>Full path of migration.json.</summary>
    public required string RecordPath { get; init; }

    /// <summary>Full path of the script of openstack commands.</summary>
    public required string ScriptPath { get; init; }

    /// <summary>What was changed in the guest on the way; null when it stayed as it was.</summary>
    public PreparedGuest? Guest { get; init; }

    /// <summary>What the user should know, from the source and from the conversion.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>One converted disk.</summary>
/// <param name="Disk">The disk in the source.</param>
/// <param name="SourceFormat">Format of the source, with its variant: "vmdk (streamOptimized)".</param>
/// <param name="Conversion">The written file, its sizes and checksums; its path is the final one.</param>
/// <param name="ManifestVerified">True when the source's files were compared with a manifest; null when there is none.</param>
public sealed record ConvertedDisk(MachineDisk Disk, string SourceFormat, ConversionResult Conversion, bool? ManifestVerified);
