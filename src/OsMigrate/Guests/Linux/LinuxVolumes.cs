using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Btrfs;
using OsMigrate.FileSystems.Ext;
using OsMigrate.FileSystems.Fat;
using OsMigrate.FileSystems.Xfs;

namespace OsMigrate.Guests.Linux;

/// <summary>A volume of Linux that could be opened.</summary>
/// <param name="Uuid">As fstab writes it, lower case; null where the file system has none.</param>
internal sealed record LinuxVolume(GuestVolume Place, FileVolume Files, string? Uuid)
{
    /// <summary>Folders that may be the root of the system: the volume's own root, and roots of subvolumes.</summary>
    public IEnumerable<(string Subvolume, FileEntry Root)> Roots => Files is BtrfsVolume btrfs ? btrfs.Subvolumes.Prepend(("", btrfs.Root)) : [("", Files.Root)];

    /// <summary>Opens what can be read here; null for other kinds.</summary>
    /// <exception cref="OsMigrateException">The volume is damaged, or uses what is not read here.</exception>
    public static LinuxVolume? Open(GuestVolume place)
    {
        switch (place.Kind)
        {
            case VolumeKind.Ext:
                var ext = ExtVolume.Open(place.Store);
                return new LinuxVolume(place, ext, ext.Uuid.ToString());
            case VolumeKind.Xfs:
                var xfs = XfsVolume.Open(place.Store);
                return new LinuxVolume(place, xfs, xfs.Uuid.ToString());
            case VolumeKind.Btrfs:
                var btrfs = BtrfsVolume.Open(place.Store);
                return new LinuxVolume(place, btrfs, btrfs.Uuid.ToString());
            case VolumeKind.Fat12 or VolumeKind.Fat16 or VolumeKind.Fat32:
                return new LinuxVolume(place, FatVolume.Open(place.Store), null);
            default:
                return null;
        }
    }
}
