using OsMigrate.Appliances;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Vmdk;
using OsMigrate.Machines;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Appliances;

public class VmxTests
{
    private const string Sample = """
        .encoding = "UTF-8"
        config.version = "8"
        virtualHW.version = "19"
        displayName = "Büro |22web|22"
        guestOS = "windows2019srv-64"
        numvcpus = "4"
        cpuid.coresPerSocket = "2"
        memSize = "8192"
        firmware = "efi"
        uefi.secureBoot.enabled = "TRUE"
        scsi0.present = "TRUE"
        scsi0.virtualDev = "pvscsi"
        scsi0:1.present = "TRUE"
        scsi0:1.fileName = "data.vmdk"
        scsi0:1.mode = "independent-persistent"
        scsi0:0.present = "TRUE"
        scsi0:0.deviceType = "scsi-hardDisk"
        scsi0:0.fileName = "/vmfs/volumes/other/system.vmdk"
        scsi0:2.present = "FALSE"
        scsi0:2.fileName = "gone.vmdk"
        sata0:0.present = "TRUE"
        sata0:0.deviceType = "cdrom-image"
        sata0:0.fileName = "/isos/x.iso"
        ethernet0.present = "TRUE"
        ethernet0.virtualDev = "vmxnet3"
        ethernet0.networkName = "VM Network"
        ethernet0.addressType = "vpx"
        ethernet0.generatedAddress = "00:50:56:AA:BB:CC"
        ethernet1.present = "TRUE"
        ethernet1.addressType = "static"
        ethernet1.address = "00:50:56:00:00:01"
        ethernet1.startConnected = "FALSE"
        serial0.present = "TRUE"

        """;

    [Fact]
    public void A_VMX_is_described_in_full()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("a.vmx"), Sample);
        using var appliance = Appliance.Open(folder.File("a.vmx"));
        var machine = appliance.Machine;
        Assert.Equal(("VMX", "Büro \"web\"", 4, 2, 8192L), (appliance.Kind, machine.Name, machine.CpuCount, machine.CoresPerSocket, machine.MemoryMiB));
        Assert.Equal((FirmwareType.Efi, true, "vmx-19", GuestFamily.Windows, "2019"), (machine.Firmware, machine.SecureBoot, machine.HardwareVersion, machine.Os.Family, machine.Os.Version));
        Assert.Equal([("scsi0:0", "pvscsi", false), ("scsi0:1", "pvscsi", true)], machine.Disks.Select(d => (d.Address, d.ControllerModel!, d.Independent)));
        Assert.Equal([("00:50:56:aa:bb:cc", true), ("00:50:56:00:00:01", false)], machine.Nics.Select(n => (n.MacAddress!, n.Connected)));
        Assert.Equal("cdrom", Assert.Single(machine.Drives).Kind);
        Assert.Equal("serial", Assert.Single(machine.OtherDevices).Kind);
    }

    [Fact]
    public void Disks_are_opened_beside_the_VMX_only()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("a.vmx"), Sample);
        var content = TestDisk.Scattered(2 << 20, seed: 4);
        DiskConversion.Run(content, folder.File("system.vmdk"), VmdkFormat.Instance, new EncodeOptions(), overwrite: false);
        using var appliance = Appliance.Open(folder.File("a.vmx"));
        using (var disk = appliance.OpenDisk(appliance.Machine.Disks[0]))
            Assert.True(DiskComparison.Run(content, disk, null, CancellationToken.None).Identical);
        Assert.Equal(ErrorIds.MissingSibling, Assert.Throws<InvalidImageException>(() => appliance.OpenDisk(appliance.Machine.Disks[1])).ErrorId);
        var foreign = appliance.Machine.Disks[0] with { FileName = "../../etc/passwd" };
        Assert.Equal(ErrorIds.BadRequest, Assert.Throws<OsMigrateException>(() => appliance.OpenDisk(foreign)).ErrorId);
    }

    [Fact]
    public void The_stated_boot_order_wins()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("a.vmx"), Sample + "bios.hddOrder = \"scsi0:1\"\n");
        using var appliance = Appliance.Open(folder.File("a.vmx"));
        Assert.Equal(["scsi0:1", "scsi0:0"], appliance.Machine.Disks.Select(d => d.Address));
    }

    [Theory]
    [InlineData("encryption.keySafe = \"vmware:key/list\"", ErrorIds.UnsupportedAppliance)]
    [InlineData("memSize = \"lots\"", ErrorIds.BadAppliance)]
    [InlineData("numvcpus = \"99999999\"", ErrorIds.BadAppliance)]
    [InlineData("this is no setting", ErrorIds.BadAppliance)]
    public void What_cannot_be_used_is_named(string line, string errorId)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("a.vmx"), Sample + line + "\n");
        Assert.Equal(errorId, Assert.ThrowsAny<OsMigrateException>(() => Appliance.Open(folder.File("a.vmx"))).ErrorId);
    }

    [SkippableFact]
    public void Real_machines_are_understood_or_refused_with_a_reason()
    {
        var files = SharedData.Files("vmx", ".vmx").ToList();
        Skip.If(files.Count == 0, "the shared test data is not beside this checkout");
        var understood = 0;
        foreach (var file in files)
        {
            try
            {
                using var appliance = Appliance.Open(file);
                Assert.NotEmpty(appliance.Machine.Disks);
                understood++;
            }
            catch (OsMigrateException e)
            {
                Assert.Equal(ErrorIds.UnsupportedAppliance, e.ErrorId);
                Assert.Contains("encrypted", e.Message);
            }
        }

        Assert.Equal(files.Count - 1, understood);
    }

    [Fact]
    public void Damaged_files_give_only_our_errors()
    {
        using var folder = new TempFolder();
        var good = System.Text.Encoding.UTF8.GetBytes(Sample);
        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = good.ToArray();
            for (var n = random.Next(1, 10); n > 0; n--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(folder.File("b.vmx"), bytes);
            try
            {
                if (Appliance.Looks(folder.File("b.vmx")))
                    Appliance.Open(folder.File("b.vmx")).Dispose();
            }
            catch (OsMigrateException)
            {
                // Anything else fails the test.
            }
        }
    }
}
