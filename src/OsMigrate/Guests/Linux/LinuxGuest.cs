namespace OsMigrate.Guests.Linux;

/// <summary>A kernel that a Linux guest can start, and whether it finds virtio devices before its root file system is there.</summary>
/// <param name="Version">"6.1.0-18-amd64", as its folder of modules is called.</param>
/// <param name="Initramfs">Path of its initramfs; null when it has none.</param>
/// <param name="VirtioModules">Names of the virtio modules that are built in or in the initramfs.</param>
/// <param name="Unread">Why the initramfs could not be read; null when it was.</param>
public sealed record LinuxKernel(string Version, string? Initramfs, IReadOnlyList<string> VirtioModules, string? Unread)
{
    /// <summary>True when a disk on virtio-blk is found at boot; null when that is not known.</summary>
    public bool? HasVirtioBlock => Has("virtio_blk");

    /// <summary>True when a disk on virtio-scsi is found at boot; null when that is not known.</summary>
    public bool? HasVirtioScsi => Has("virtio_scsi");

    public override string ToString() => $"{Version}: {(Unread is not null && HasVirtioBlock is null ? "not known" : HasVirtioBlock == true ? "virtio_blk" : HasVirtioScsi == true ? "virtio_scsi" : "no virtio disk")}";

    /// <summary>PCI devices need the transport as well.</summary>
    private bool? Has(string module)
    {
        if (VirtioModules.Contains(module, StringComparer.Ordinal) && VirtioModules.Contains("virtio_pci", StringComparer.Ordinal))
            return true;
        return Unread is null ? false : null;
    }
}

/// <summary>A file system that a Linux mounts at boot, as its fstab says.</summary>
/// <param name="Source">"UUID=...", "/dev/sda1".</param>
/// <param name="Volume">Where on the disks it is; null when it was not found.</param>
public sealed record LinuxMount(string Source, string Path, string Kind, string? Volume);

/// <summary>What only a Linux guest has.</summary>
public sealed record LinuxGuest
{
    /// <summary>"debian", "rhel", "ubuntu": ID of os-release.</summary>
    public required string Distribution { get; init; }

    /// <summary>VERSION_ID of os-release.</summary>
    public string? Release { get; init; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<LinuxKernel> Kernels { get; init; } = [];

    public IReadOnlyList<LinuxMount> Mounts { get; init; } = [];
}
