using System.Text;
using OsMigrate.Appliances;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Machines;
using OsMigrate.Migrations;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Appliances;

public class OvaTests
{
    private static readonly TestDisk First = TestDisk.Scattered(40 << 20, seed: 1);
    private static readonly TestDisk Second = TestDisk.Scattered(70 << 20, seed: 2);

    [Fact]
    public void The_machine_in_an_OVA_is_described_in_full()
    {
        using var folder = new TempFolder();
        using var appliance = Appliance.Open(new OvaBuilder { NicCount = 2, Efi = true }.Disk(First).Disk(Second).Save(folder.File("a.ova")));
        Assert.Equal("OVA", appliance.Kind);
        Assert.True(appliance.HasManifest);
        var machine = appliance.Machine;
        Assert.Equal(("web01", 4, 2048L, FirmwareType.Efi), (machine.Name, machine.CpuCount, machine.MemoryMiB, machine.Firmware));
        Assert.Equal((GuestFamily.Linux, "ubuntu", "x86_64"), (machine.Os.Family, machine.Os.Distro, machine.Os.Architecture));
        Assert.Equal([(DiskBus.Scsi, "scsi0:0", (long)(40 << 20)), (DiskBus.Scsi, "scsi0:1", 70 << 20)], machine.Disks.Select(d => (d.Bus, d.Address, d.CapacityBytes)));
        Assert.Equal([("00:50:56:aa:bb:00", "VM Network", "vmxnet3"), ("00:50:56:aa:bb:01", "VM Network", "vmxnet3")], machine.Nics.Select(n => (n.MacAddress, n.NetworkName, n.Model)));
        Assert.Equal("vmx-19", machine.HardwareVersion);
    }

    [Theory]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    [InlineData("SHA512")]
    public void Every_disk_becomes_a_qcow2_with_the_grains_as_they_were(string algorithm)
    {
        using var folder = new TempFolder();
        var ova = new OvaBuilder { Algorithm = algorithm }.Disk(First).Disk(Second).Save(folder.File("a.ova"));
        var machine = Convert(ova, folder);
        Assert.Equal([true, true], machine.Disks.Select(d => d.ManifestVerified));
        Assert.All(machine.Disks, d => Assert.True(d.Conversion.Encoded.PassedThroughBlocks > 5));
        foreach (var (disk, content) in machine.Disks.Zip([First, Second]))
            Assert.Equal(DigestOf(content), disk.Conversion.Encoded.ContentDigest);
    }

    [SkippableFact]
    public void Qemu_img_finds_the_written_disks_sound()
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        var machine = Convert(new OvaBuilder().Disk(First).Save(folder.File("a.ova")), folder);
        Tool.Check(QemuImg.Program, "check", "-q", machine.Disks[0].Conversion.Path);
        Tool.Check(QemuImg.Program, "compare", "-q", "-f", "raw", "-F", "qcow2", First.SaveRaw(folder.File("a.raw")), machine.Disks[0].Conversion.Path);
    }

    [Fact]
    public void The_order_of_the_members_does_not_matter()
    {
        using var folder = new TempFolder();
        var ova = new OvaBuilder { Rearrange = m => m.Reverse() }.Disk(First).Disk(Second).Save(folder.File("a.ova"));
        Assert.Equal([true, true], Convert(ova, folder).Disks.Select(d => d.ManifestVerified));
    }

    [Fact]
    public void A_member_that_does_not_match_the_manifest_ends_it_and_nothing_is_left()
    {
        using var folder = new TempFolder();
        var ova = new OvaBuilder
        {
            Rearrange = members => members.Select(m => m.Name.EndsWith("disk2.vmdk", StringComparison.Ordinal) ? (m.Name, Flip(m.Content)) : m),
        }.Disk(First).Disk(Second).Save(folder.File("a.ova"));
        var error = Assert.Throws<OsMigrateException>(() => Convert(ova, folder));
        Assert.Equal(ErrorIds.ManifestMismatch, error.ErrorId);
        Assert.Contains("web01-disk2.vmdk in a.ova", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder.File("out")));
    }

    [Theory]
    [InlineData("missing", ErrorIds.MissingMember)]
    [InlineData("no descriptor", ErrorIds.BadAppliance)]
    [InlineData("two descriptors", ErrorIds.BadAppliance)]
    [InlineData("cut", ErrorIds.Truncated)]
    [InlineData("climbs", ErrorIds.OutsideFolder)]
    [InlineData("entity", ErrorIds.BadAppliance)]
    public void Broken_packages_are_refused(string kind, string errorId)
    {
        using var folder = new TempFolder();
        var builder = new OvaBuilder
        {
            WithManifest = false,
            Rearrange = members => kind switch
            {
                "missing" => members.Where(m => !m.Name.EndsWith(".vmdk", StringComparison.Ordinal)),
                "no descriptor" => members.Skip(1),
                "two descriptors" => members.Append(("b.ovf", members[0].Content)),
                "climbs" => members.Append(("../../etc/cron.d/x", [1, 2, 3])),
                "entity" => members.Select(m => m.Name.EndsWith(".ovf", StringComparison.Ordinal)
                    ? (m.Name, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(m.Content).Replace("<Envelope", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Envelope"))) : m),
                _ => members,
            },
        };
        var ova = builder.Disk(First).Save(folder.File("a.ova"));
        if (kind == "cut")
        {
            using var file = File.Open(ova, FileMode.Open);
            file.SetLength(file.Length / 2);
        }

        var error = Assert.ThrowsAny<OsMigrateException>(() => Convert(ova, folder));
        Assert.Equal(errorId, error.ErrorId);
        Assert.True(!Directory.Exists(folder.File("out")) || Directory.GetFileSystemEntries(folder.File("out")).Length == 0);
    }

    [Fact]
    public void Damaged_archives_and_descriptors_give_only_our_errors()
    {
        using var folder = new TempFolder();
        var small = TestDisk.Scattered(1 << 20, seed: 9, runs: 3, maxRun: 5000);
        var good = File.ReadAllBytes(new OvaBuilder { NicCount = 2 }.Disk(small).Save(folder.File("a.ova")));
        var random = new Random(7);
        for (var i = 0; i < 1500; i++)
        {
            var bytes = good.ToArray();
            // The first KiBs hold headers and descriptor; most flips go there.
            for (var n = random.Next(1, 8); n > 0; n--)
                bytes[random.Next(i % 5 == 0 ? bytes.Length : 8192)] = (byte)random.Next(256);
            if (i % 10 == 0)
                Array.Resize(ref bytes, random.Next(bytes.Length));
            File.WriteAllBytes(folder.File("b.ova"), bytes);
            try
            {
                if (Appliance.Looks(folder.File("b.ova")))
                {
                    using var appliance = Appliance.Open(folder.File("b.ova"));
                    foreach (var disk in appliance.Machines.SelectMany(m => m.Disks))
                        appliance.OpenDisk(disk).Dispose();
                    appliance.VerifyFiles(null, null, CancellationToken.None);
                }
            }
            catch (OsMigrateException)
            {
                // What it is told apart by is tested elsewhere; here only that nothing else comes out.
            }
        }
    }

    public static TheoryData<string> RealDescriptors => SharedData.Rows("ova", ".ovf", ".ova", ".xml");

    /// <summary>Real descriptors come without their disks as a rule: they must be understood, or refused with a reason.</summary>
    [SkippableTheory]
    [MemberData(nameof(RealDescriptors))]
    public void Real_packages_are_understood_or_refused_with_a_reason(string file)
    {
        try
        {
            using var appliance = Appliance.Open(SharedData.File(file));
            Assert.NotEmpty(appliance.Machines);
            Assert.All(appliance.Machines, m => Assert.True(m.CpuCount >= 1));
        }
        catch (OsMigrateException e)
        {
            Assert.Contains(e.ErrorId, new[] { ErrorIds.BadAppliance, ErrorIds.UnsupportedAppliance, ErrorIds.MissingMember, ErrorIds.OutsideFolder, ErrorIds.UnknownFormat, ErrorIds.TooLarge, ErrorIds.Truncated, ErrorIds.BadChecksum });
            Assert.True(e.Message.Length > 30, e.Message);
        }
    }

    private static byte[] Flip(byte[] content)
    {
        var copy = content.ToArray();
        // Behind the end-of-stream marker's first bytes nothing is read as content: only the manifest can notice.
        copy[^100] ^= 1;
        return copy;
    }

    private static string DigestOf(DiskImage content)
    {
        using var folder = new TempFolder();
        return DiskConversion.Run(content, folder.File("x"), OsMigrate.Disks.Raw.RawFormat.Instance, new EncodeOptions(), overwrite: false).Encoded.ContentDigest!;
    }

    private static ConvertedMachine Convert(string ova, TempFolder folder)
    {
        using var plan = FileConversion.Plan(ova, new FileConversionOptions { OutputDirectory = folder.File("out"), Flush = false });
        return FileConversion.Run(plan, null, CancellationToken.None).Machines[0];
    }
}
