using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Guests;
using OsMigrate.Machines;

namespace OsMigrate.Migrations;

/// <summary>The machine that a disk image without any description stands for.</summary>
internal static class BareDisk
{
    /// <param name="path">Where the image is.</param>
    /// <param name="name">What to call the machine.</param>
    public static Machine MachineOf(DiskImage image, string path, string name) => new()
    {
        Id = name,
        Name = name,
        Firmware = IsUefi(image) ? FirmwareType.Efi : FirmwareType.Bios,
        Disks = [new MachineDisk { Id = "disk0", Label = Path.GetFileName(path), CapacityBytes = image.Length, FileName = Path.GetFileName(path) }],
    };

    /// <summary>A disk made for UEFI does not start under BIOS: the loader on it tells.</summary>
    private static bool IsUefi(DiskImage image)
    {
        try
        {
            return GuestInspection.FirmwareOf(new GuestDisks([image])) == "uefi";
        }
        catch (OsMigrateException)
        {
            // What is wrong with the disk is said when it is copied.
            return false;
        }
    }
}
