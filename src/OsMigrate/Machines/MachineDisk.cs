namespace OsMigrate.Machines;

/// <summary>The kind of controller a disk or drive hangs on.</summary>
public enum DiskBus
{
    Unknown,
    Scsi,
    Sata,
    Ide,
    Nvme,
    Virtio,
    Usb,
    Floppy,
}

/// <summary>A hard disk of a machine.</summary>
public sealed record MachineDisk
{
    /// <summary>Names the disk within its source (OVF disk id, "scsi0:1" in a VMX); not unique beyond it and never safe as a file name.</summary>
    public string Id { get; init; } = "";

    /// <summary>What the source calls it: "Hard disk 1".</summary>
    public string Label { get; init; } = "";

    public DiskBus Bus { get; init; }

    /// <summary>Controller model in lower case: lsilogic, lsisas1068, pvscsi, buslogic, ahci, nvme, piix4 ... Null when not stated.</summary>
    public string? ControllerModel { get; init; }

    /// <summary>Number of the controller among those of its kind, from 0.</summary>
    public int ControllerNumber { get; init; }

    /// <summary>Position on the controller, from 0.</summary>
    public int UnitNumber { get; init; }

    /// <summary>Size of the disk as the guest sees it; 0 when the source does not say before the disk is opened (VMX).</summary>
    public long CapacityBytes { get; init; }

    /// <summary>The file that holds the content, as the source names it; null for a disk that is delivered empty.</summary>
    public string? FileName { get; init; }

    /// <summary>Size of that file as the source states it, or null.</summary>
    public long? FileSizeBytes { get; init; }

    /// <summary>The disk this one is a delta of, by <see cref="Id"/>, or null.</summary>
    public string? ParentId { get; init; }

    /// <summary>True when the source has snapshots set aside this disk (independent mode).</summary>
    public bool Independent { get; init; }

    /// <summary>"scsi0:1", the way administrators write it.</summary>
    public string Address => $"{Bus.ToString().ToLowerInvariant()}{ControllerNumber}:{UnitNumber}";
}
