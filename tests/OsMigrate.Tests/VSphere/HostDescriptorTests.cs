using System.Text;
using OsMigrate.Appliances;
using OsMigrate.Appliances.Ovf;
using OsMigrate.Bytes;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Machines;
using OsMigrate.Migrations.Sources;
using OsMigrate.Tests.Support;
using OsMigrate.VSphere;
using OsMigrate.VSphere.Datastores;
using OsMigrate.VSphere.Export;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Machines;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;
using static OsMigrate.Tests.VSphere.VSpherePeer;

namespace OsMigrate.Tests.VSphere;

/// <summary>The descriptor that vCenter writes of a machine, beside the one that we write of it.</summary>
public sealed class HostDescriptorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("")]
    [InlineData("firmware=efi,secureboot=on,guest=windows2019srv_64Guest,mem=4096,cpu=4,cores=2")]
    [InlineData("guest=rhel8_64Guest,cpu=2,controller=lsilogic,nic=e1000,note=the <web> & its \"shop\"")]
    [InlineData("guest=ubuntu64Guest,firmware=efi,controller=lsilogic-sas,nic=e1000e@VM Network,nic=vmxnet3,nic=vmxnet3@VM Network", 2)]
    [InlineData("guest=otherGuest,controller=buslogic,controller=pvscsi,nic=pcnet32,cdrom=off", 2)]
    [InlineData("controller=pvscsi,controller=pvscsi,cores=2,cpu=2", 3)]
    [InlineData("guest=windows2019srv_64Guest,firmware=efi,controller=sata,nic=vmxnet2", 2)]
    [InlineData("guest=sles15_64Guest,firmware=efi,controller=nvme,controller=sata,controller=lsilogic", 3)]
    [InlineData("guest=centos7_64Guest,controller=ide,nic=e1000,power=on", 2)]
    public void Both_descriptors_tell_the_same_of_a_machine(string options, int disks = 1)
    {
        using var peer = VCenterPeer.Start(["-machines", "0"], $"name=web 01,mac=00:50:56:00:20:01,{string.Concat(Enumerable.Range(1, disks).Select(i => $"disk={Disk(i)},"))}{options}".TrimEnd(','));
        using var session = Connect(peer);
        var machine = Machine(session, "web 01");
        var neutral = machine.ToMachine();
        List<OvfWrittenDisk> written = [.. neutral.Disks.Select((d, i) => new OvfWrittenDisk(d, $"web 01-disk{i + 1}.vmdk", 70_000 + i))];
        var answer = HostDescriptor.Ask(session, machine.Reference, machine.Name, Files(machine, written), None);
        Assert.Empty(answer.Warnings);
        HostDescriptorCheck.Require(answer.Utf8, session.Name, machine.Name, written);
        var host = Read(answer.Utf8);
        var ours = Read(OvfWriter.Write(neutral, written));

        Assert.Equal(Facts(neutral with { Disks = [.. written.Select(w => w.Disk with { FileName = w.FileName, FileSizeBytes = w.FileSizeBytes })] }), Facts(ours));
        Assert.Equal(Facts(ours), Facts(host));

        // What differs is meant to. OVF has no field for a hardware address: we use the item's Address, vCenter leaves it out unless it is asked for it.
        Assert.Equal(neutral.Nics.Select(n => n.MacAddress), ours.Nics.Select(n => n.MacAddress));
        Assert.All(host.Nics, n => Assert.Null(n.MacAddress));
        // Names of devices are the writer's choice; we keep the labels of the inventory.
        Assert.Equal(neutral.Disks.Select(d => d.Label), ours.Disks.Select(d => d.Label));
        Assert.All(host.Disks, d => Assert.StartsWith("Hard Disk ", d.Label, StringComparison.Ordinal));
        // A neutral machine has no drives and no video card: a cloud gives it its own.
        Assert.Empty(ours.Drives);
        Assert.Equal(options.Contains("cdrom=off", StringComparison.Ordinal) ? [] : ["cdrom"], host.Drives.Select(d => d.Kind));
        Assert.Equal(["video", "vmci"], host.OtherDevices.Select(d => d.Kind));
        // CIM knows fewer systems than VMware: the id of VMware, which both have, is the one that counts.
        Assert.NotNull(host.Os.CimId);
        Assert.Empty(host.Warnings.Concat(ours.Warnings));
    }

    [SkippableFact]
    public void A_disc_that_stays_behind_is_told_as_a_warning()
    {
        using var peer = VCenterPeer.Start(["-machines", "0"], $"name=a,disk={Disk(1)}");
        using var session = Connect(peer);
        var machine = Machine(session, "a");
        Directory.CreateDirectory(Path.Combine(peer.Datastore, "iso"));
        File.WriteAllText(Path.Combine(peer.Datastore, "iso", "disc.iso"), "the disc");
        CdDrive.Find(session, machine.Reference, "a", None)!.Insert(DatastorePath.Parse("[LocalDS_0] iso/disc.iso"));
        var answer = HostDescriptor.Ask(session, machine.Reference, "a", Files(machine, Written(machine)), None);
        Assert.Contains("disc.iso", Assert.Single(answer.Warnings), StringComparison.Ordinal);
        HostDescriptorCheck.Require(answer.Utf8, session.Name, "a", Written(machine));
    }

    [SkippableFact]
    public void What_the_server_does_not_know_is_an_error()
    {
        using var peer = VCenterPeer.Start($"name=a,disk={Disk(1)}");
        using var session = Connect(peer);
        var machine = Machine(session, "a");
        HostDescriptorFile file = new($"/{machine.Id}/ParaVirtualSCSIController0:9", "a.vmdk", 1, 1);
        var unknown = Assert.Throws<VimException>(() => HostDescriptor.Ask(session, machine.Reference, "a", [file], None));
        Assert.Equal((ErrorIds.VSphereRefused, "OvfUnknownDevice"), (unknown.ErrorId, unknown.FaultType));
        Assert.Contains("ParaVirtualSCSIController0:9", unknown.Message, StringComparison.Ordinal);
        var noMachine = Assert.Throws<VimException>(() => HostDescriptor.Ask(session, session.Content.RootFolder, "a", [], None));
        Assert.Equal((ErrorIds.VSphereRefused, "InvalidArgument"), (noMachine.ErrorId, noMachine.FaultType));
        Assert.Equal(ErrorIds.VSphereNotFound, Assert.Throws<VimException>(() => HostDescriptor.Ask(session, new MoRef("VirtualMachine", "vm-none"), "a", [], None)).ErrorId);
    }

    [SkippableTheory]
    [InlineData(MigrationMode.Cold, DiskTransport.Lease, "power=off")]
    [InlineData(MigrationMode.Cold, DiskTransport.Range, "power=off")]
    [InlineData(MigrationMode.Snapshot, DiskTransport.Lease, "power=on")]
    public void An_OVA_with_it_has_the_source_s_content(MigrationMode mode, DiskTransport transport, string power)
    {
        using var peer = VCenterPeer.Start($"name=web 01,disk={Disk(1)},disk={Disk(2)},firmware=efi,controller=sata,controller=lsilogic,{power}");
        using var session = Connect(peer);
        var exported = Assert.Single(Export(session, mode, transport));
        Assert.Contains("Generated by the vCenter peer", Head(exported.Path), StringComparison.Ordinal);
        using var ova = Appliance.Open(exported.Path);
        Assert.True(ova.HasManifest);
        ova.VerifyFiles(null, null, None);
        Assert.Equal((FirmwareType.Efi, "web 01", "vmx-13"), (ova.Machine.Firmware, ova.Machine.Name, ova.Machine.HardwareVersion));
        // The machine starts from the disk on SCSI before that on SATA.
        Assert.Equal([DiskBus.Scsi, DiskBus.Sata], ova.Machine.Disks.Select(d => d.Bus));
        for (var i = 0; i < 2; i++)
        {
            using var image = ova.OpenDisk(ova.Machine.Disks[i]);
            Assert.Equal(Sha256(Disk(2 - i)), Sha256(image));
        }

        Assert.Equal([exported.Path], Directory.GetFileSystemEntries(_folder.File("out")));
        Assert.Equal(0, peer.OpenLeases);
    }

    [SkippableFact]
    public void Of_a_host_without_a_vCenter_it_is_had_too()
    {
        using var peer = VCenterPeer.Start(["-esx", "-nfc-star"], $"name=web 01,disk={Disk(1)}");
        using var session = Connect(peer);
        using var ova = Appliance.Open(Assert.Single(Export(session, MigrationMode.Cold, DiskTransport.Lease)).Path);
        ova.VerifyFiles(null, null, None);
        Assert.Equal("VM Network", ova.Machine.Nics.Single().NetworkName);
    }

    [SkippableFact]
    public void Without_it_nothing_is_left_behind()
    {
        using var peer = VCenterPeer.Start($"name=web 01,disk={Disk(1)}");
        using var session = Connect(peer);
        peer.Fault("kind=fault&method=CreateDescriptor&name=NoPermission");
        Assert.Equal(ErrorIds.VSphereForbidden, Assert.Throws<VimException>(() => Export(session, MigrationMode.Cold, DiskTransport.Lease)).ErrorId);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("out")));
        Assert.Equal(0, peer.OpenLeases);
        peer.ForgetCalls();
        var disks = Assert.Throws<OsMigrateException>(() => Export(session, MigrationMode.Cold, DiskTransport.Lease, new MachineExportOptions(_folder.File("disks"), Qcow2Format.Instance, false) { UseHostDescriptor = true }));
        Assert.Equal(ErrorIds.BadRequest, disks.ErrorId);
        // The machine was looked up, no more.
        Assert.DoesNotContain(peer.Calls, c => !c.Contains("View", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ovf:capacity=\"1048576\"", "ovf:capacity=\"1048577\"", "1048577 bytes; it has 1048576")]
    [InlineData("ovf:href=\"a-disk1.vmdk\"", "ovf:href=\"../a-disk1.vmdk\"", "does not list 'a-disk1.vmdk'")]
    [InlineData("ovf:href=\"a-disk2.vmdk\"", "ovf:href=\"a-disk1.vmdk\"", "does not list 'a-disk2.vmdk'")]
    [InlineData("ovf:fileRef=\"file2\"", "ovf:fileRef=\"file1\"", "does not give the machine the disk 'a-disk2.vmdk'")]
    [InlineData("ovf:fileRef=\"file2\"", "", "does not give the machine the disk 'a-disk2.vmdk'")]
    [InlineData("ovf:fileRef=\"file2\"", "ovf:fileRef=\"file2\" ovf:parentRef=\"vmdisk1\"", "does not give the machine the disk 'a-disk2.vmdk'")]
    [InlineData("ovf:size=\"500\"", "ovf:size=\"501\"", "it has 500 bytes")]
    [InlineData("ovf:size=\"500\"", "ovf:size=\"500\" ovf:compression=\"gzip\"", "comes compressed")]
    [InlineData("ovf:size=\"500\"", "ovf:size=\"500\" ovf:chunkSize=\"100\"", "in chunks")]
    [InlineData("vmdk.html#streamOptimized\" />\n    <ovf:Disk ", "x#raw\" />\n    <ovf:Disk ", "is a VMDK")]
    [InlineData("</ovf:References>", "<ovf:File ovf:href=\"/etc/passwd\" ovf:id=\"more\" /></ovf:References>", "in 3 files, where 2 were exported")]
    [InlineData("</ovf:DiskSection>", "<ovf:Disk ovf:capacity=\"1\" ovf:diskId=\"more\" /></ovf:DiskSection>", "lists 3 disks")]
    [InlineData("ovf:/disk/vmdisk2", "ovf:/disk/vmdisk3", "not among the disks and files")]
    [InlineData("</ovf:Envelope>", "<ovf:VirtualSystem ovf:id=\"b\" /></ovf:Envelope>", "2 machines")]
    [InlineData("<ovf:Envelope", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><ovf:Envelope", "DOCTYPE")]
    [InlineData("</ovf:Envelope>", "", "no well-formed XML")]
    [InlineData("ovf:Envelope", "ovf:Package", "not an OVF Envelope")]
    public void One_that_is_not_of_the_exported_disks_is_refused(string find, string replacement, string reason)
    {
        List<OvfWrittenDisk> written = [.. Enumerable.Range(0, 2).Select(i => new OvfWrittenDisk(new MachineDisk { Bus = DiskBus.Scsi, UnitNumber = i, CapacityBytes = (i + 1) << 20 }, $"a-disk{i + 1}.vmdk", 500 + (i * 500)))];
        var good = Encoding.UTF8.GetString(OvfWriter.Write(new Machine { Name = "a", MemoryMiB = 64 }, written)).ReplaceLineEndings("\n");
        HostDescriptorCheck.Require(Encoding.UTF8.GetBytes(good), "vc", "a", written);
        var bad = good.Replace(find, replacement, StringComparison.Ordinal);
        Assert.NotEqual(good, bad);
        var fault = Assert.Throws<OsMigrateException>(() => HostDescriptorCheck.Require(Encoding.UTF8.GetBytes(bad), "vc", "a", written));
        Assert.Equal(ErrorIds.NetBadAnswer, fault.ErrorId);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("The descriptor that vc wrote of 'a' cannot be used: ", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>What both descriptors have to say of a machine, a line for each fact.</summary>
    private static List<string> Facts(Machine m) =>
    [
        // vCenter writes cores per socket only where there are several; one is what their absence means.
        $"{m.Name}: {m.CpuCount} CPUs, {m.CoresPerSocket ?? 1} per socket, {m.MemoryMiB} MiB, {m.Firmware}, secure boot {m.SecureBoot}, {m.HardwareVersion}, notes '{m.Annotation}'",
        $"guest {m.Os.VendorId}: {m.Os.Family} {m.Os.Name} {m.Os.Distro} {m.Os.Version} {m.Os.Architecture}",
        // IDE has but one kind of controller.
        .. m.Disks.Select(d => $"disk {d.FileName} {d.FileSizeBytes}: {d.CapacityBytes} bytes at {d.Address}, {(d.Bus == DiskBus.Ide ? "ide" : d.ControllerModel)}, independent {d.Independent}"),
        .. m.Nics.Select(n => $"adapter {n.Model} on {n.NetworkName}, connected {n.Connected}"),
    ];

    private static Machine Read(byte[] descriptor) => OvfDescriptor.Read(new MemoryStore(descriptor)).Machines.Single();

    private static IReadOnlyList<HostDescriptorFile> Files(VSphereMachine machine, IReadOnlyList<OvfWrittenDisk> written)
        => [.. written.Select((w, i) => new HostDescriptorFile(LeaseDisks.KeyOf(machine.Reference, machine.Disks[i]), w.FileName, w.FileSizeBytes, w.Disk.CapacityBytes))];

    private static List<OvfWrittenDisk> Written(VSphereMachine machine) => [.. machine.ToMachine().Disks.Select((d, i) => new OvfWrittenDisk(d, $"disk{i}.vmdk", 500))];

    private IReadOnlyList<ExportedFile> Export(VSphereSession session, MigrationMode mode, DiskTransport transport, MachineExportOptions? options = null)
        => new MachineExport(
            session,
            Machine(session, "web 01"),
            new VSphereSourceOptions { Mode = mode, Transport = transport },
            options ?? new MachineExportOptions(_folder.File("out"), null, false) { UseHostDescriptor = true },
            new Silent(),
            _ => { },
            None).Run();

    /// <summary>The descriptor is an OVA's first file.</summary>
    private static string Head(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[4096];
        return Encoding.UTF8.GetString(bytes, 0, file.Read(bytes));
    }

    /// <summary>Of sizes that are stated in units of GiB down to bytes.</summary>
    private string Disk(int number)
    {
        var path = _folder.File($"d{number}.raw");
        return File.Exists(path) ? path : VCenterPeer.MakeDisk(path, number switch { 1 => 8 << 20, 2 => (5 << 20) + 512, _ => 1L << 30 }, number);
    }
}
