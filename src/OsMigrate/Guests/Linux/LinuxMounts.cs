using System.Globalization;
using OsMigrate.FileSystems;

namespace OsMigrate.Guests.Linux;

/// <summary>Reads fstab, and mounts what the inspection needs: all of /, /boot, /usr, /etc, /lib that lie on volumes of their own.</summary>
internal sealed class LinuxMounts(List<LinuxVolume> volumes, GuestDisks disks)
{
    private static readonly char[] Blanks = [' ', '\t'];

    public IReadOnlyList<LinuxMount> Read(LinuxFiles files, List<GuestFinding> findings)
    {
        var mounts = new List<LinuxMount>();
        foreach (var line in files.Lines("/etc/fstab"))
        {
            var fields = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 3 || (!fields[1].StartsWith("/", StringComparison.Ordinal) && fields[2] != "swap"))
                continue;
            var volume = Find(fields[0]);
            mounts.Add(new LinuxMount(fields[0], fields[1], fields[2], volume?.Place.Where));
            if (volume is not null && fields[1].Length > 1)
                files.Mount(fields[1], Root(volume, fields.Length > 3 ? fields[3] : ""));
        }

        var byName = mounts.Where(static m => IsKernelName(m.Source)).ToList();
        if (byName.Count > 0)
            findings.Add(new(GuestFindingKind.Warning, "Guest.DiskNames", $"fstab names disks as the kernel counts them ({string.Join(", ", byName.Select(static m => m.Source))}); on virtio-blk they are called /dev/vda and so on.", "Name them by UUID in the guest (blkid shows it), or launch it with disks on virtio-scsi, where they stay /dev/sda."));
        return mounts;
    }

    private static FileEntry Root(LinuxVolume volume, string options)
    {
        var wanted = options.Split(',').FirstOrDefault(static o => o.StartsWith("subvol=", StringComparison.Ordinal))?.Substring(7).Trim('/');
        return wanted is null ? volume.Files.Root : volume.Roots.FirstOrDefault(r => r.Subvolume == wanted).Root ?? volume.Files.Root;
    }

    private LinuxVolume? Find(string source)
    {
        var equals = source.IndexOf('=');
        var value = source.Substring(equals + 1).Trim('"');
        switch (equals < 0 ? "" : source.Substring(0, equals))
        {
            case "UUID":
                return volumes.Find(v => string.Equals(v.Uuid, value, StringComparison.OrdinalIgnoreCase));
            case "LABEL":
                return volumes.Find(v => v.Files.Label == value);
            case "PARTUUID":
                return volumes.Find(v => string.Equals(v.Place.Partition?.Id, value, StringComparison.OrdinalIgnoreCase));
        }

        if (volumes.Find(v => v.Place.LogicalVolume is { } name && IsLogical(source, name)) is { } logical)
            return logical;
        return IsKernelName(source) ? ByKernelName(source.Substring(5)) : null;
    }

    /// <summary>/dev/group/name, or /dev/mapper/group-name with each hyphen of the names doubled.</summary>
    private static bool IsLogical(string source, string name)
    {
        var (group, volume) = (name.Substring(0, name.IndexOf('/')), name.Substring(name.IndexOf('/') + 1));
        return source == $"/dev/{name}" || source == $"/dev/mapper/{group.Replace("-", "--")}-{volume.Replace("-", "--")}";
    }

    private static bool IsKernelName(string source)
        => source.Length >= 8 && source.StartsWith("/dev/", StringComparison.Ordinal) && (source.Substring(5, 2) is "sd" or "hd" || source.StartsWith("/dev/xvd", StringComparison.Ordinal));

    /// <summary>"sda2": the letter counts disks, the number is that of the partition.</summary>
    private LinuxVolume? ByKernelName(string name)
    {
        var letters = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        var disk = letters[letters.Length - 1] - 'a';
        var number = name.Length > letters.Length ? int.Parse(name.Substring(letters.Length), NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        return disk < disks.Stores.Count ? volumes.Find(v => v.Place.Disk == disk && v.Place.LogicalVolume is null && (v.Place.Partition?.Number ?? 0) == number) : null;
    }
}
