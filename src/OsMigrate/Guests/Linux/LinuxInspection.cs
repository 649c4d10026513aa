using System.Buffers.Binary;
using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.FileSystems;

namespace OsMigrate.Guests.Linux;

/// <summary>Looks at an installed Linux: distribution, kernels, what their initramfs carries, mounts, tools of hypervisors. Reads only.</summary>
internal static class LinuxInspection
{
    private static readonly (string Path, string Name)[] Tools =
    [
        ("/usr/bin/vmtoolsd", "VMware Tools (open-vm-tools)"), ("/usr/sbin/vmware-toolbox-cmd", "VMware Tools"), ("/usr/bin/qemu-ga", "QEMU guest agent"), ("/usr/sbin/qemu-ga", "QEMU guest agent"),
        ("/usr/sbin/xe-daemon", "Xen guest utilities"), ("/usr/sbin/xe-linux-distribution", "Xen guest utilities"), ("/usr/sbin/VBoxService", "VirtualBox Guest Additions"), ("/usr/bin/cloud-init", "cloud-init"),
    ];

    /// <returns>Null when no Linux was found.</returns>
    public static GuestOperatingSystem? Run(GuestDisks disks, GuestOperatingSystem basis, List<GuestFinding> findings)
    {
        var volumes = Open(disks, findings);
        foreach (var volume in volumes)
        {
            foreach (var (subvolume, root) in volume.Roots)
            {
                var files = new LinuxFiles(root);
                if (Release(files) is { } release)
                    return Describe(disks, basis, findings, volumes, volume, subvolume, files, release);
            }
        }

        return null;
    }

    private static List<LinuxVolume> Open(GuestDisks disks, List<GuestFinding> findings)
    {
        var volumes = new List<LinuxVolume>();
        foreach (var place in disks.Volumes)
        {
            try
            {
                if (LinuxVolume.Open(place) is { } volume)
                    volumes.Add(volume);
            }
            catch (OsMigrateException e)
            {
                findings.Add(new(GuestFindingKind.Warning, "Guest.VolumeUnreadable", $"The {place.Kind} volume on {place.Where} cannot be read: {e.Message}"));
            }
        }

        if (disks.Volumes.FirstOrDefault(static v => v.Kind == VolumeKind.Luks) is { } luks)
            findings.Add(new(GuestFindingKind.Warning, "Guest.Luks", $"The volume on {luks.Where} is encrypted by LUKS and was not read.", "The guest asks for its passphrase on its console when it starts; a key in a TPM does not move with it."));
        return volumes;
    }

    /// <summary>os-release(5); only a folder with it and /etc is taken for a system.</summary>
    private static Dictionary<string, string>? Release(LinuxFiles files)
    {
        if (files.Find("/etc") is not { IsFolder: true })
            return null;
        var path = files.Find("/etc/os-release") is not null ? "/etc/os-release" : "/usr/lib/os-release";
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in files.Lines(path))
        {
            var equals = line.IndexOf('=');
            if (equals > 0)
                values[line.Substring(0, equals)] = line.Substring(equals + 1).Trim('"', '\'');
        }

        if (values.Count > 0)
            return values;
        // Before os-release: CentOS 6 and RHEL 6.
        return files.Lines("/etc/redhat-release").FirstOrDefault() is { } old ? new() { ["PRETTY_NAME"] = old, ["ID"] = old.StartsWith("CentOS", StringComparison.Ordinal) ? "centos" : "rhel", ["VERSION_ID"] = new string(old.Where(static c => char.IsDigit(c) || c == '.').ToArray()) } : null;
    }

    private static GuestOperatingSystem Describe(GuestDisks disks, GuestOperatingSystem basis, List<GuestFinding> findings, List<LinuxVolume> volumes, LinuxVolume system, string subvolume, LinuxFiles files, Dictionary<string, string> release)
    {
        var mounts = new LinuxMounts(volumes, disks).Read(files, findings);
        var kernels = LinuxKernels.Read(files);
        var linux = new LinuxGuest { Distribution = Value(release, "ID") ?? "linux", Release = Value(release, "VERSION_ID"), Kernels = kernels, Mounts = mounts };
        Judge(files, linux, findings);
        return basis with
        {
            Family = "linux",
            ProductName = Value(release, "PRETTY_NAME") ?? $"{Value(release, "NAME")} {linux.Release}".Trim(),
            Version = VersionOf(linux.Release),
            Architecture = Architecture(files),
            HostName = files.Lines("/etc/hostname").FirstOrDefault() ?? files.Lines("/etc/sysconfig/network").FirstOrDefault(static l => l.StartsWith("HOSTNAME=", StringComparison.Ordinal))?.Substring(9),
            SystemDisk = system.Place.Disk,
            SystemVolume = subvolume.Length == 0 ? system.Place.Where : $"{system.Place.Where}, subvolume {subvolume}",
            HypervisorSoftware = Tools.Where(t => files.Find(t.Path) is { IsFolder: false }).Select(static t => t.Name).Distinct().ToList(),
            HasVirtioStorage = kernels.Count > 0 && (kernels[0].HasVirtioBlock == true || kernels[0].HasVirtioScsi == true),
            StaticAddresses = LinuxAddresses.Read(files),
            Linux = linux,
            Findings = findings,
        };
    }

    private static void Judge(LinuxFiles files, LinuxGuest linux, List<GuestFinding> findings)
    {
        var rebuild = linux.Distribution is "debian" or "ubuntu" or "linuxmint" or "devuan"
            ? "Add virtio_pci, virtio_blk, virtio_scsi and virtio_net to /etc/initramfs-tools/modules and run update-initramfs -u -k all in the guest before moving it."
            : "Run dracut --force --regenerate-all --add-drivers \"virtio_pci virtio_blk virtio_scsi virtio_net\" in the guest before moving it.";
        if (linux.Kernels.Count == 0)
            findings.Add(new(GuestFindingKind.Warning, "Guest.NoKernel", "No kernel was found in /boot and /lib/modules.", "Check that all disks of the machine were given."));
        else if (linux.Kernels[0] is { HasVirtioBlock: false, HasVirtioScsi: false } newest)
            findings.Add(new(GuestFindingKind.Warning, "Guest.NoVirtioInInitramfs", $"The initramfs of the newest kernel, {newest.Version}, has no driver for virtio disks: it will not find its root file system.", rebuild));
        else if (linux.Kernels[0] is { HasVirtioBlock: null, Unread: { } why } unknown)
            findings.Add(new(GuestFindingKind.Warning, "Guest.InitramfsNotRead", $"Whether kernel {unknown.Version} finds virtio disks is not known: {why}", rebuild));
        if (files.Find("/etc/udev/rules.d/70-persistent-net.rules") is { SizeBytes: > 0 })
            findings.Add(new(GuestFindingKind.Warning, "Guest.PersistentNetRules", "The names of network adapters are bound to their MAC addresses (70-persistent-net.rules).", "Keep the MAC addresses (-NewMacAddress not given), or remove the file in the guest."));
    }

    /// <summary>The machine field of an ELF file's header. System V ABI, "ELF Header".</summary>
    private static string? Architecture(LinuxFiles files)
    {
        foreach (var path in new[] { "/usr/bin/bash", "/bin/bash", "/bin/sh", "/usr/bin/env", "/bin/busybox", "/sbin/init" })
        {
            if (files.Find(path) is not { IsFolder: false, SizeBytes: > 64 } file)
                continue;
            using var content = file.OpenContent();
            var head = content.ReadBytes(0, 20);
            if (head.AsSpan(0, 4).SequenceEqual(new byte[] { 0x7F, 0x45, 0x4C, 0x46 }))
                return BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(18)) switch { 3 => "x86", 62 => "amd64", 183 => "arm64", 40 => "arm", 21 => "ppc64", 22 => "s390x", 243 => "riscv64", _ => null };
        }

        return null;
    }

    private static string? Value(Dictionary<string, string> values, string name) => values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private static Version? VersionOf(string? text)
        => text is null ? null : Version.TryParse(text, out var version) ? version : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? new Version(major, 0) : null;
}
