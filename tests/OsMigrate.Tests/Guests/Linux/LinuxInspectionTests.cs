using System.Text;
using OsMigrate.Bytes;
using OsMigrate.Disks.Raw;
using OsMigrate.Guests;
using OsMigrate.Guests.Linux;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Guests.Linux;

/// <summary>Made-up Linux guests on real file systems: what is told of them.</summary>
public sealed class LinuxInspectionTests : IDisposable
{
    private static readonly string[] AllModules = ["virtio_pci.ko", "virtio_blk.ko.zst", "virtio_scsi.ko.xz", "virtio_net.ko"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("none", "")]
    [InlineData("gzip", "-c")]
    [InlineData("xz", "-c --check=crc32")]
    [InlineData("zstd", "-c -q")]
    [InlineData("lz4", "-c -l")]
    public void The_modules_of_an_initramfs_are_told_however_it_is_compressed(string packer, string options)
    {
        if (packer != "none")
            Tool.Require(packer);
        var root = Debian(packer, options, AllModules);
        var system = Inspect(Ext4(root));
        Assert.Equal("linux", system.Family);
        Assert.Equal("Debian GNU/Linux 12 (bookworm)", system.ProductName);
        Assert.Equal("amd64", system.Architecture);
        Assert.Equal("web01", system.HostName);
        Assert.Equal(new Version(12, 0), system.Version);
        Assert.True(system.HasVirtioStorage);
        Assert.Equal(["6.1.0-18-amd64", "6.1.0-9-amd64"], system.Linux!.Kernels.Select(k => k.Version));
        Assert.Equal("/boot/initrd.img-6.1.0-18-amd64", system.Linux.Kernels[0].Initramfs);
        Assert.Null(system.Linux.Kernels[0].Unread);
        Assert.Equal(["virtio_blk", "virtio_net", "virtio_pci", "virtio_scsi"], system.Linux.Kernels[0].VirtioModules);
        Assert.Contains("VMware Tools (open-vm-tools)", system.HypervisorSoftware);
        Assert.DoesNotContain(system.Findings, f => f.Id == "Guest.NoVirtioInInitramfs");
        Assert.False(system.CanPrepare);
    }

    [SkippableFact]
    public void A_guest_whose_initramfs_was_made_for_VMware_only_is_warned_of()
    {
        var system = Inspect(Ext4(Debian("none", "", ["vmw_pvscsi.ko", "virtio_net.ko"])));
        Assert.False(system.HasVirtioStorage);
        var finding = Assert.Single(system.Findings, f => f.Id == "Guest.NoVirtioInInitramfs");
        Assert.Contains("6.1.0-18-amd64", finding.Text, StringComparison.Ordinal);
        Assert.Contains("update-initramfs", finding.Advice, StringComparison.Ordinal);
        Assert.Contains(system.Findings, f => f.Id == "Guest.DiskNames" && f.Text.Contains("/dev/sda3", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_kernel_with_virtio_built_in_needs_no_initramfs()
    {
        var root = Debian("none", "", []);
        File.WriteAllLines(Path.Combine(root, "usr/lib/modules/6.1.0-18-amd64/modules.builtin"), ["kernel/drivers/virtio/virtio_pci.ko", "kernel/drivers/block/virtio_blk.ko"]);
        Assert.True(Inspect(Ext4(root)).HasVirtioStorage);
    }

    [SkippableFact]
    public void An_initramfs_that_cannot_be_read_is_said_not_guessed()
    {
        var root = Debian("none", "", AllModules);
        File.WriteAllText(Path.Combine(root, "boot/initrd.img-6.1.0-18-amd64"), "BZh9 something else");
        var system = Inspect(Ext4(root));
        Assert.Null(system.Linux!.Kernels[0].HasVirtioBlock);
        Assert.Contains("cannot be read", Assert.Single(system.Findings, f => f.Id == "Guest.InitramfsNotRead").Text, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Fixed_addresses_are_found_wherever_distributions_keep_them()
    {
        var root = Debian("none", "", AllModules);
        void Put(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
            File.WriteAllText(Path.Combine(root, path), text);
        }

        Put("etc/network/interfaces", "auto eth0\niface eth0 inet static\n  address 10.0.0.5/24\n  gateway 10.0.0.1\n  dns-nameservers 10.0.0.2 10.0.0.3\niface eth1 inet dhcp\n");
        Put("etc/sysconfig/network-scripts/ifcfg-ens192", "DEVICE=ens192\nBOOTPROTO=none\nIPADDR=10.1.0.5\nPREFIX=16\nGATEWAY=10.1.0.1\nDNS1=10.1.0.2\nHWADDR=00:50:56:01:02:03\n");
        Put("etc/NetworkManager/system-connections/wired.nmconnection", "[connection]\nid=wired\ninterface-name=ens224\n[ethernet]\nmac-address=00:50:56:0A:0B:0C\n[ipv4]\naddress1=10.2.0.5/24,10.2.0.1\ndns=10.2.0.2;10.2.0.3;\nmethod=manual\n");
        Put("etc/systemd/network/10-lan.network", "[Match]\nName=ens256\n[Network]\nAddress=10.3.0.5/24\nGateway=10.3.0.1\nDNS=10.3.0.2\n");
        Put("etc/netplan/50-cloud-init.yaml", "network:\n  version: 2\n  ethernets:\n    ens160:\n      match: {macaddress: '00:50:56:aa:bb:cc'}\n      addresses: [10.4.0.5/24, '10.4.0.6/24']\n      routes:\n        - to: default\n          via: 10.4.0.1\n      nameservers: {addresses: [10.4.0.2]}\n");
        var found = Inspect(Ext4(root)).StaticAddresses.ToDictionary(a => a.InterfaceId);
        Assert.Equal(["ens160", "ens192", "ens224", "ens256", "eth0"], found.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, second, mask) in new[] { ("eth0", 0, "24"), ("ens192", 1, "16"), ("ens224", 2, "24"), ("ens256", 3, "24"), ("ens160", 4, "24") })
        {
            Assert.Equal($"10.{second}.0.5", found[name].Addresses[0]);
            Assert.Equal(mask, found[name].SubnetMasks[0]);
            Assert.Equal([$"10.{second}.0.1"], found[name].Gateways);
            Assert.Equal($"10.{second}.0.2", found[name].NameServers[0]);
        }

        Assert.Equal("00:50:56:0A:0B:0C", found["ens224"].MacAddress);
        Assert.Equal("00:50:56:aa:bb:cc", found["ens160"].MacAddress);
    }

    /// <summary>As RHEL installs itself: /boot on a partition of its own, the rest on LVM.</summary>
    [SkippableFact]
    public void A_system_on_logical_volumes_is_found()
    {
        foreach (var program in new[] { "losetup", "pvcreate", "vgcreate", "lvcreate", "vgchange", "mkfs.ext4", "sfdisk" })
            Tool.Require(program);
        var root = Debian("none", "", AllModules);
        File.WriteAllText(Path.Combine(root, "etc/fstab"), "/dev/mapper/vg--sys-lv--root / ext4 defaults 0 1\nLABEL=BOOT /boot ext4 defaults 0 2\n/dev/vg-sys/data /srv ext4 defaults 0 2\n");
        var boot = _folder.File("boot");
        Directory.Move(Path.Combine(root, "boot"), boot);
        Directory.CreateDirectory(Path.Combine(root, "boot"));
        var disk = _folder.File("disk.raw");
        using (var file = File.Create(disk))
            file.SetLength(200 << 20);
        File.WriteAllText(_folder.File("table"), "label: gpt\nstart=2048, size=65536\nstart=67584\n");
        Tool.Check("sh", "-c", $"sfdisk -q {disk} < {_folder.File("table")}");
        Tool.Check("mkfs.ext4", "-q", "-F", "-L", "BOOT", "-d", boot, "-E", $"offset={2048 * 512}", disk, "32m");
        var (exit, output) = Tool.Run("losetup", "-f", "--show", "-o", (67584 * 512).ToString(System.Globalization.CultureInfo.InvariantCulture), disk);
        Skip.If(exit != 0, "no loop device can be had here: " + output);
        var device = output.Trim();
        try
        {
            string[] quiet = ["--driverloaded", "n", "--config", $"devices{{filter=[\"a|{device}|\",\"r|.*|\"]}} activation{{udev_sync=0 udev_rules=0}}"];
            Tool.Check("pvcreate", [.. quiet, "-q", device]);
            Tool.Check("vgcreate", [.. quiet, "-q", "vg-sys", device]);
            // Two segments: the second volume lies between them.
            Tool.Check("lvcreate", [.. quiet, "-q", "-an", "-Zn", "-L", "40m", "-n", "lv-root", "vg-sys"]);
            Tool.Check("lvcreate", [.. quiet, "-q", "-an", "-Zn", "-L", "20m", "-n", "data", "vg-sys"]);
            Tool.Check("lvextend", [.. quiet, "-q", "-L", "80m", "vg-sys/lv-root"]);
        }
        finally
        {
            Tool.Run("losetup", "-d", device);
        }

        // Without the kernel's device mapper: the pieces are written where the text of the metadata says.
        var image = Ext4(root, 80);
        using (var content = new FileStream(image, FileMode.Open))
        using (var target = new FileStream(disk, FileMode.Open))
        {
            var buffer = new byte[40 << 20];
            foreach (var start in new[] { 0L, 60L << 20 })
            {
                content.ReadExactly(buffer);
                target.Position = (67584 * 512) + (1 << 20) + start;
                target.Write(buffer);
            }
        }

        var system = Inspect(disk);
        Assert.Equal("Debian GNU/Linux 12 (bookworm)", system.ProductName);
        Assert.Equal("logical volume vg-sys/lv-root", system.SystemVolume);
        Assert.True(system.HasVirtioStorage, string.Join(" ", system.Findings));
        Assert.Equal("partition 1 of disk 0", system.Linux!.Mounts.Single(m => m.Path == "/boot").Volume);
    }

    /// <summary>As Ubuntu and Fedora install themselves on Btrfs: the system in a subvolume.</summary>
    [SkippableFact]
    public void A_system_in_a_subvolume_is_found()
    {
        Tool.Require("mkfs.btrfs");
        Tool.Require("btrfs");
        var disk = _folder.File("disk.raw");
        using (var file = File.Create(disk))
            file.SetLength(300 << 20);
        Tool.Check("mkfs.btrfs", "-q", disk);
        var mount = _folder.File("mnt");
        Directory.CreateDirectory(mount);
        var (exit, output) = Tool.Run("mount", "-o", "loop", disk, mount);
        Skip.If(exit != 0, "volumes cannot be mounted here: " + output);
        try
        {
            Tool.Check("btrfs", "-q", "subvolume", "create", mount + "/@");
            Tool.Check("cp", "-a", Debian("none", "", AllModules) + "/.", mount + "/@");
        }
        finally
        {
            Tool.Check("umount", mount);
        }

        var system = Inspect(disk);
        Assert.Equal("disk 0, subvolume @", system.SystemVolume);
        Assert.True(system.HasVirtioStorage);
    }

    [Theory]
    [InlineData("a { b = 1 ")]
    [InlineData("}")]
    [InlineData("a = \"no end")]
    [InlineData("a b")]
    [InlineData("a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{")]
    public void Broken_LVM_metadata_are_an_error(string text)
        => Assert.Throws<InvalidImageException>(() => new OsMigrate.Partitions.Lvm.LvmText(text, "disk").Read());

    private static GuestOperatingSystem Inspect(string path)
    {
        using var image = new RawImage(FileStore.OpenRead(path));
        return GuestInspection.Run(new GuestDisks([image]));
    }

    private string Ext4(string root, int megabytes = 60)
    {
        Tool.Require("mkfs.ext4");
        var image = _folder.File("root.img");
        using (var file = File.Create(image))
            file.SetLength((long)megabytes << 20);
        Tool.Check("mkfs.ext4", "-q", "-F", "-d", root, image);
        return image;
    }

    private string Debian(string packer, string options, string[] modules)
    {
        var root = _folder.File("root");
        void Put(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
            File.WriteAllText(Path.Combine(root, path), text);
        }

        Put("usr/lib/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n");
        Directory.CreateDirectory(Path.Combine(root, "etc"));
        File.CreateSymbolicLink(Path.Combine(root, "etc/os-release"), "../usr/lib/os-release");
        File.CreateSymbolicLink(Path.Combine(root, "lib"), "usr/lib");
        File.CreateSymbolicLink(Path.Combine(root, "bin"), "usr/bin");
        Put("etc/hostname", "web01\n");
        Put("etc/fstab", "# <file system> <mount point>\n/dev/sda3 /data ext4 defaults 0 2\n");
        Put("usr/bin/vmtoolsd", "x");
        Directory.CreateDirectory(Path.Combine(root, "usr/bin"));
        File.WriteAllBytes(Path.Combine(root, "usr/bin/bash"), [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, .. new byte[9], 2, 0, 62, 0, .. new byte[100]]);
        foreach (var version in new[] { "6.1.0-9-amd64", "6.1.0-18-amd64" })
        {
            Put($"boot/vmlinuz-{version}", "kernel");
            Put($"usr/lib/modules/{version}/modules.builtin", "kernel/fs/ext4/ext4.ko\n");
            // Microcode comes first, in an archive of its own.
            var main = Cpio(modules.Select(m => $"usr/lib/modules/{version}/kernel/drivers/x/{m}").Append("init"));
            var plain = _folder.File("main.cpio");
            File.WriteAllBytes(plain, main);
            if (packer != "none")
                Tool.Check("sh", "-c", $"{packer} {options} {plain} > {plain}.packed");
            byte[] early = Cpio(["kernel/x86/microcode/GenuineIntel.bin"]);
            File.WriteAllBytes(Path.Combine(root, $"boot/initrd.img-{version}"), [.. early, .. packer == "none" ? main : File.ReadAllBytes(plain + ".packed")]);
        }

        // What a removed kernel leaves behind is none.
        Put("usr/lib/modules/5.10.0-1-amd64/modules.dep", "");
        return root;
    }

    /// <summary>The "newc" form, filled up to 512 bytes as cpio does.</summary>
    private static byte[] Cpio(IEnumerable<string> names)
    {
        var bytes = new List<byte>();
        void Add(string name, byte[] content)
        {
            bytes.AddRange(Encoding.ASCII.GetBytes($"070701{1:x8}{0x81A4:x8}{0:x8}{0:x8}{1:x8}{0:x8}{content.Length:x8}{0:x8}{0:x8}{0:x8}{0:x8}{name.Length + 1:x8}{0:x8}{name}\0"));
            while (bytes.Count % 4 != 0)
                bytes.Add(0);
            bytes.AddRange(content);
            while (bytes.Count % 4 != 0)
                bytes.Add(0);
        }

        foreach (var name in names)
            Add(name, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("some content ", 500))));
        Add("TRAILER!!!", []);
        while (bytes.Count % 512 != 0)
            bytes.Add(0);
        return [.. bytes];
    }
}
