using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.Machines;
using OsMigrate.Migrations;

namespace OsMigrate.Module.Output;

/// <summary>The files that <c>Convert-ToOpenStack</c> made of one machine.</summary>
public sealed class OpenStackFiles
{
    internal OpenStackFiles(FileConversionResult result, ConvertedMachine converted)
    {
        (SourcePath, SourceKind, Duration, Machine) = (result.SourcePath, result.SourceKind, result.Duration, converted.Machine);
        (Folder, RecordPath, ScriptPath, Warnings) = (converted.Folder, converted.RecordPath, converted.ScriptPath, converted.Warnings);
        Guest = converted.Guest;
        Disks = [.. converted.Disks.Select(d => new OpenStackDisk(d))];
        ImageProperties = converted.Properties.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
    }

    /// <summary>Display name of the machine; for a disk image alone, the file's name.</summary>
    public string Name => Machine.Name;

    public string SourcePath { get; }

    /// <summary>OVA, OVF, VMX, or the format of a disk image.</summary>
    public string SourceKind { get; }

    /// <summary>Folder that holds everything below.</summary>
    public string Folder { get; }

    /// <summary>The converted disks; the machine starts from the first.</summary>
    public IReadOnlyList<OpenStackDisk> Disks { get; }

    /// <summary>Properties to give the boot disk's image in Glance.</summary>
    public IReadOnlyDictionary<string, string> ImageProperties { get; }

    /// <summary>migration.json: machine, checksums, properties.</summary>
    public string RecordPath { get; }

    /// <summary>Script of the openstack commands that finish the job.</summary>
    public string ScriptPath { get; }

    public IReadOnlyList<string> Warnings { get; }

    /// <summary>What was changed in the guest on the way: drivers, files, registry. Null when it stayed as it was.</summary>
    public Migrations.Preparation.PreparedGuest? Guest { get; }

    /// <summary>The machine in neutral words.</summary>
    public Machine Machine { get; }

    public TimeSpan Duration { get; }

    public int DiskCount => Disks.Count;

    public string VirtualSize => ByteSize.Text(Disks.Sum(d => d.VirtualSizeBytes));

    public string FileSize => ByteSize.Text(Disks.Sum(d => d.FileSizeBytes));

    public string Seconds => Duration.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);

    public override string ToString() => Folder;
}

/// <summary>One converted disk. Sizes in bytes, checksums in lower-case hex.</summary>
public sealed class OpenStackDisk
{
    internal OpenStackDisk(ConvertedDisk disk)
    {
        var made = disk.Conversion;
        (Path, DiskFormat, SourceFormat, SourceAddress, ManifestVerified) = (made.Path, made.FormatName, disk.SourceFormat, disk.Disk.Address, disk.ManifestVerified);
        (VirtualSizeBytes, FileSizeBytes, DataSizeBytes, PassedThroughBlocks) = (made.Encoded.VirtualSizeBytes, made.Encoded.FileSizeBytes, made.Encoded.DataSizeBytes, made.Encoded.PassedThroughBlocks);
        (Sha256, Sha512, ContentDigest, RawSha256) = (made.Sha256, made.Sha512, made.Encoded.ContentDigest, made.RawSha256);
    }

    /// <summary>Full path of the written image; binds to -Path of the other cmdlets.</summary>
    public string Path { get; }

    /// <summary>Glance's word for the format.</summary>
    public string DiskFormat { get; }

    public string SourceFormat { get; }

    /// <summary>Where the disk hung in the source: scsi0:1.</summary>
    public string SourceAddress { get; }

    /// <summary>True when the source's files were compared with a manifest; null when there is none.</summary>
    public bool? ManifestVerified { get; }

    public long VirtualSizeBytes { get; }

    public long FileSizeBytes { get; }

    /// <summary>Content bytes stored, zeros left out.</summary>
    public long DataSizeBytes { get; }

    /// <summary>Compressed blocks that were handed on as they are.</summary>
    public long PassedThroughBlocks { get; }

    /// <summary>SHA-256 of the written file; null when not computed.</summary>
    public string? Sha256 { get; }

    /// <summary>SHA-512 of the written file, Glance's os_hash_value; null when not computed.</summary>
    public string? Sha512 { get; }

    /// <summary>Digest of the disk's content whatever its format; null when not computed.</summary>
    public string? ContentDigest { get; }

    /// <summary>SHA-256 of the raw disk; null when not asked for.</summary>
    public string? RawSha256 { get; }

    public override string ToString() => $"{System.IO.Path.GetFileName(Path)} ({ByteSize.Text(VirtualSizeBytes)}, file {ByteSize.Text(FileSizeBytes)})";
}
