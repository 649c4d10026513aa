using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Vmdk;
using OsMigrate.FileSystems;
using OsMigrate.Guests;
using OsMigrate.Guests.Windows.Drivers;
using OsMigrate.Migrations;
using OsMigrate.Migrations.Preparation;
using OsMigrate.Partitions;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Migrations;

/// <summary>Whole conversions of made-up Windows guests, judged by other readers of NTFS and of registry hives.</summary>
public class InjectionTests
{
    [SkippableTheory]
    [InlineData("win10-bios", InjectionWay.Complete, "/viostor/w10/amd64")]
    [InlineData("win2k22-uefi", InjectionWay.Minimal, "/viostor/2k22/amd64")]
    public void A_Windows_disk_gets_the_drivers_on_the_way_to_QCOW2_and_ntfs_3g_and_hivex_see_them(string guest, InjectionWay way, string driver)
    {
        Tool.Require("qemu-img");
        Tool.Require("ntfscat");
        Tool.Require("hivexget");
        var medium = SharedData.File("oracle/in/virtio-win.iso");
        using var folder = new TempFolder();
        var vmdk = folder.File("w.vmdk");
        using (var source = DiskFormats.OpenFile(SharedData.File($"oracle/in/{guest}.img")))
            DiskConversion.Run(source, vmdk, VmdkFormat.Instance, new EncodeOptions(), overwrite: false);
        var before = Sums.Sha256(vmdk);

        var options = new FileConversionOptions { OutputDirectory = folder.File("out"), Overwrite = true, Drivers = new DriverWish { MediumPath = medium, Way = way } };
        using var plan = FileConversion.Plan(vmdk, options);
        Assert.StartsWith("Inject virtio drivers from 'virtio-win.iso'", plan.Steps.First(), StringComparison.Ordinal);
        var machine = FileConversion.Run(plan, null, CancellationToken.None).Machines[0];

        Assert.StartsWith("Windows", machine.Guest!.System, StringComparison.Ordinal);
        Assert.Contains(machine.Guest.Drivers, d => d.StartsWith("viostor ", StringComparison.Ordinal) && d.Contains($"'{driver}'", StringComparison.Ordinal));
        Assert.Contains(machine.Properties, p => p is { Name: "hw_disk_bus", Value: "virtio" });
        // Without its driver the adapter stays an emulated one; on the medium of the test data that INF is a dummy.
        Assert.Equal(machine.Guest.HasNetworkDriver ? "virtio" : "e1000", machine.Properties.Single(p => p.Name == "hw_vif_model").Value);
        Assert.Equal(machine.Guest.HasNetworkDriver, machine.Guest.Drivers.Any(d => d.StartsWith("netkvm ", StringComparison.Ordinal)));
        var disk = machine.Disks[0].Conversion;
        Tool.Check("qemu-img", "check", "-q", disk.Path);
        Assert.Equal(before, Sums.Sha256(vmdk));

        var windows = WindowsVolume(disk.Path, folder);
        using (var media = VirtioMedia.Open(medium))
        {
            var sys = media.Drivers.Single(d => d.Name == "viostor" && d.Folder == driver).File("viostor.sys");
            using var content = sys.OpenContent();
            Assert.Equal(Hash(content.ReadBytes(0, (int)content.Length)), Hash(Cat(windows, "/Windows/System32/drivers/viostor.sys", folder)));
        }

        Cat(windows, "/Windows/System32/config/SYSTEM", folder);
        Assert.Contains("system32\\drivers\\viostor.sys", Tool.Check("hivexget", folder.File("cat"), @"ControlSet001\Services\viostor", "ImagePath"), StringComparison.OrdinalIgnoreCase);

        // The plan holds the time: a run that is repeated makes the same bytes, as a job that goes on must.
        Assert.Equal(disk.Sha256, FileConversion.Run(plan, null, CancellationToken.None).Machines[0].Disks[0].Conversion.Sha256);
        // Only what an edit touches is compressed anew or stored plain.
        using var plain = FileConversion.Plan(vmdk, options with { OutputDirectory = folder.File("plain"), Drivers = null });
        var untouched = FileConversion.Run(plain, null, CancellationToken.None).Machines[0].Disks[0].Conversion.Encoded;
        Assert.InRange(disk.Encoded.PassedThroughBlocks, untouched.PassedThroughBlocks * 8 / 10, untouched.PassedThroughBlocks);
        Assert.NotEqual(untouched.ContentDigest, disk.Encoded.ContentDigest);
    }

    /// <summary>The NTFS with Windows, as a file of its own, taken from what qemu-img makes of the disk.</summary>
    private static string WindowsVolume(string qcow2, TempFolder folder)
    {
        var raw = folder.File("whole.raw");
        Tool.Check("qemu-img", "convert", "-O", "raw", qcow2, raw);
        using var disk = FileStore.OpenRead(raw);
        foreach (var partition in PartitionTable.Read(disk).Partitions)
        {
            var slice = new SliceStore(disk, partition.StartBytes, partition.SizeBytes, "slice");
            if (VolumeProbe.Detect(slice) != VolumeKind.Ntfs)
                continue;
            var path = folder.File($"p{partition.Number}.ntfs");
            using (var file = File.Create(path))
            {
                file.SetLength(slice.Length);
                foreach (var at in SourceScan.DataChunks(slice, 1 << 20))
                {
                    file.Position = at;
                    file.Write(slice.ReadBytes(at, (int)Math.Min(1 << 20, slice.Length - at)));
                }
            }

            if (Tool.Run("ntfscat", "-f", path, "/Windows/System32/config/SYSTEM").ExitCode == 0)
                return path;
        }

        throw new InvalidOperationException("no NTFS with Windows in " + qcow2);
    }

    private static byte[] Cat(string volume, string path, TempFolder folder)
    {
        Tool.Check("sh", "-c", "ntfscat -f \"$1\" \"$2\" > \"$3\"", "sh", volume, path, folder.File("cat"));
        return File.ReadAllBytes(folder.File("cat"));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
