using OsMigrate.Bytes;

namespace OsMigrate.Guests.Linux;

/// <summary>Finds the kernels of a Linux and the virtio modules that each has at hand before its root file system is there.</summary>
internal static class LinuxKernels
{
    private const int MaxKernels = 64;

    private static readonly string[] Modules = ["virtio_pci", "virtio_blk", "virtio_scsi", "virtio_net"];

    /// <summary>Newest first, as far as version numbers tell.</summary>
    public static IReadOnlyList<LinuxKernel> Read(LinuxFiles files)
    {
        var boot = files.Children("/boot").Where(static f => !f.IsFolder).Select(static f => f.Name).ToList();
        var versions = files.Children("/lib/modules").Where(static f => f.IsFolder).Select(static f => f.Name)
            // Folders of removed kernels stay behind with a few files; a kernel that starts has its image, in /boot or (Fedora, Arch) beside its modules.
            .Where(v => boot.Exists(f => f.EndsWith(v, StringComparison.Ordinal) && f.StartsWith("vmlinu", StringComparison.Ordinal)) || files.Find($"/lib/modules/{v}/vmlinuz") is not null || boot.Exists(f => f.StartsWith("vmlinuz-l", StringComparison.Ordinal) || f is "vmlinuz" or "bzImage"));
        return versions.OrderByDescending(static v => v, ByVersion.Instance).Take(MaxKernels).Select(v => Kernel(files, boot, v)).ToList();
    }

    private static LinuxKernel Kernel(LinuxFiles files, List<string> boot, string version)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var line in files.Lines($"/lib/modules/{version}/modules.builtin"))
            Note(line, found);
        // Debian and Ubuntu, Red Hat and its kin, SUSE; Arch and Alpine name them after the flavor.
        string[] names = [$"initrd.img-{version}", $"initramfs-{version}.img", $"initrd-{version}", $"initrd-{version}.img", "initramfs-linux.img", "initramfs-linux-lts.img", "initramfs-virt", "initramfs-lts"];
        var name = names.FirstOrDefault(boot.Contains);
        string? unread = name is null ? "no initramfs was found for it in /boot" : null;
        if (name is not null && files.Find("/boot/" + name) is { } file)
        {
            try
            {
                using var content = file.OpenContent();
                foreach (var entry in Initramfs.Names(content))
                    Note(entry, found);
            }
            catch (Exception e) when (e is OsMigrateException or IOException or InvalidDataException or SharpCompress.Common.SharpCompressException or ZstdSharp.ZstdException)
            {
                unread = $"its initramfs '{name}' cannot be read: {e.Message}";
            }
        }

        return new LinuxKernel(version, name is null ? null : "/boot/" + name, found.ToList(), unread);
    }

    /// <summary>"kernel/drivers/block/virtio_blk.ko.xz" is virtio_blk.</summary>
    private static void Note(string path, SortedSet<string> found)
    {
        var name = path.Substring(path.LastIndexOf('/') + 1);
        var dot = name.IndexOf(".ko", StringComparison.Ordinal);
        if (dot > 0 && name.Substring(0, dot).Replace('-', '_') is var module && Modules.Contains(module, StringComparer.Ordinal))
            found.Add(module);
    }

    /// <summary>Compares numbers within versions as numbers: 6.1.0-9 is older than 6.1.0-18.</summary>
    private sealed class ByVersion : IComparer<string>
    {
        public static ByVersion Instance { get; } = new();

        public int Compare(string? x, string? y)
        {
            int i = 0, j = 0;
            while (i < x!.Length && j < y!.Length)
            {
                if (char.IsDigit(x[i]) && char.IsDigit(y[j]))
                {
                    var (a, b) = (Digits(x, ref i), Digits(y, ref j));
                    var byLength = a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
                    if (byLength != 0)
                        return byLength;
                }
                else if (x[i] != y[j])
                {
                    return x[i].CompareTo(y[j]);
                }
                else
                {
                    (i, j) = (i + 1, j + 1);
                }
            }

            return (x.Length - i).CompareTo(y!.Length - j);
        }

        private static string Digits(string text, ref int at)
        {
            var start = at;
            while (at < text.Length && char.IsDigit(text[at]))
                at++;
            return text.Substring(start, at - start).TrimStart('0');
        }
    }
}
