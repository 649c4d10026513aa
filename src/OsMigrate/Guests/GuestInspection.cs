using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Fat;
using OsMigrate.Guests.Linux;
using OsMigrate.Guests.Windows;

namespace OsMigrate.Guests;

/// <summary>Looks at the disks of a guest and tells what is on them. Reads only.</summary>
public static class GuestInspection
{
    public static GuestOperatingSystem Run(GuestDisks disks) => Run(disks, DateTime.UtcNow).System;

    /// <summary>Also the Windows that was found, with its hives loaded, for who goes on to change it.</summary>
    internal static (GuestOperatingSystem System, WindowsGuest? Windows) Run(GuestDisks disks, DateTime now)
    {
        var findings = new List<GuestFinding>(disks.Notices.Select(static n => new GuestFinding(GuestFindingKind.Note, "Guest.PartitionTable", n)));
        var found = WindowsGuest.All(disks, now, (volume, e) => findings.Add(new(GuestFindingKind.Warning, "Guest.VolumeUnreadable", $"The NTFS volume on {volume.Where} cannot be read: {e.Message}", "Run chkdsk in the guest."))).ToList();
        if (found.Count > 1)
            findings.Add(new(GuestFindingKind.Warning, "Guest.SeveralWindows", $"There are {found.Count} installations of Windows ({string.Join(", ", found.Select(f => f.Volume.Where))}); only the first is looked at and prepared."));
        Spread(disks, found.Count > 0, findings);
        var basis = new GuestOperatingSystem { Family = "unknown", Firmware = FirmwareOf(disks, findings), Volumes = disks.Volumes.Select(static v => v.ToString()).ToList() };
        return found.Count > 0 ? (WindowsInspection.Run(found[0], basis, findings, disks), found[0]) : (Without(disks, basis, findings), null);
    }

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.GuestNotFit"/> with every reason.</exception>
    public static void RequireFit(GuestOperatingSystem system)
    {
        if (!system.CanPrepare)
            throw NotFit(system);
    }

    internal static OsMigrateException NotFit(GuestOperatingSystem system)
    {
        var blockers = system.Findings.Where(static f => f.Kind == GuestFindingKind.Blocker).ToList();
        var why = blockers.Count > 0 ? string.Join(" ", blockers.Select(static b => b.Text)) : "It is not a Windows that is known here.";
        return new OsMigrateException(ErrorIds.GuestNotFit, ErrorKind.NotSupported, $"The guest{(system.ProductName.Length > 0 ? $" ({system.ProductName})" : "")} cannot be prepared: {why}", system.SystemVolume)
        {
            Advice = string.Join(" ", blockers.Select(static b => b.Advice).OfType<string>().Distinct().DefaultIfEmpty("Get-GuestOperatingSystem shows what was found.")),
        };
    }

    /// <summary>Volumes whose content cannot be reached here. They stop the work where Windows itself may lie in them.</summary>
    private static void Spread(GuestDisks disks, bool hasWindows, List<GuestFinding> findings)
    {
        var weight = hasWindows ? GuestFindingKind.Warning : GuestFindingKind.Blocker;
        foreach (var volume in disks.Volumes)
        {
            var finding = volume.Kind switch
            {
                VolumeKind.BitLocker => new GuestFinding(weight, "Guest.BitLocker", $"The volume on {volume.Where} is encrypted by BitLocker.", "Turn BitLocker off in the guest (manage-bde -off) and wait until it has decrypted the volume."),
                VolumeKind.Ldm => new GuestFinding(weight, "Guest.DynamicDisk", $"Disk {volume.Disk} is a Windows dynamic disk.", "Convert it to a basic disk first."),
                VolumeKind.StorageSpaces => new GuestFinding(weight, "Guest.StorageSpaces", $"Disk {volume.Disk} belongs to a Windows storage pool.", "All disks of the pool must move together."),
                VolumeKind.ReFs => new GuestFinding(weight, "Guest.ReFs", $"The volume on {volume.Where} is ReFS, which is not read here."),
                _ => null,
            };
            if (finding is not null && !findings.Contains(finding))
                findings.Add(finding);
        }
    }

    private static GuestOperatingSystem Without(GuestDisks disks, GuestOperatingSystem basis, List<GuestFinding> findings)
    {
        if (LinuxInspection.Run(disks, basis, findings) is { } linux)
            return linux;
        var isLinux = disks.Volumes.Any(static v => v.Kind is VolumeKind.Ext or VolumeKind.Xfs or VolumeKind.Btrfs or VolumeKind.Lvm or VolumeKind.Luks);
        findings.Add(isLinux
            ? new(GuestFindingKind.Note, "Guest.LinuxNotRead", "There are file systems of Linux, but no system was found on them that could be read: distribution, kernels and their initramfs are not known.", "Rebuild the initramfs with virtio_blk and virtio_net before moving it, unless you know that it has them.")
            : new(GuestFindingKind.Blocker, "Guest.NoSystem", "No Windows and no Linux was found on the disks."));
        return basis with { Family = isLinux ? "linux" : "unknown", Findings = findings };
    }

    /// <summary>"uefi" or "bios", by the boot loaders on the disks; null where neither is seen.</summary>
    public static string? FirmwareOf(GuestDisks disks) => FirmwareOf(disks, []);

    private static string? FirmwareOf(GuestDisks disks, List<GuestFinding> findings)
    {
        foreach (var partition in disks.EfiPartitions)
        {
            try
            {
                if (FatVolume.Open(partition.Store).Find(@"EFI") is { IsFolder: true })
                    return "uefi";
            }
            catch (OsMigrateException e)
            {
                findings.Add(new(GuestFindingKind.Warning, "Guest.EspUnreadable", $"The EFI system partition on {partition.Where} cannot be read: {e.Message}"));
            }
        }

        return disks.Volumes.Any(static v => v.Partition is { IsBootable: true }) ? "bios" : null;
    }
}
