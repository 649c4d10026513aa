using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Migrations.Preparation;

namespace OsMigrate.Migrations;

/// <summary>How files become OpenStack-ready files.</summary>
public sealed record FileConversionOptions
{
    /// <summary>Folder that gets one folder per machine; made when missing.</summary>
    public required string OutputDirectory { get; init; }

    public DiskFormat TargetFormat { get; init; } = Qcow2Format.Instance;

    public Compression Compression { get; init; } = Compression.AsIs;

    /// <summary>Replace the files of an earlier conversion.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Expand and check every block that is handed on, and compare the files with the appliance's manifest.</summary>
    public bool Verify { get; init; } = true;

    public ChecksumKinds Checksums { get; init; } = ChecksumKinds.Default;

    /// <summary>Wait for the disk before files get their names, so that they survive a power cut.</summary>
    public bool Flush { get; init; } = true;

    /// <summary>Only the machine of this name, when an appliance has several; null for all.</summary>
    public string? MachineName { get; init; }

    /// <summary>What becomes of Windows guests; null to leave every guest as it is without a word.</summary>
    public DriverWish? Drivers { get; init; }

    /// <summary>Changes guests, where <see cref="Drivers"/> asks for it.</summary>
    public IGuestStep GuestStep { get; init; } = VirtioInjection.Instance;
}
