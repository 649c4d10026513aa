using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace OsMigrate.Module.Tests.Support;

/// <summary>Packs small OVAs: a descriptor, streamOptimized disks and a manifest.</summary>
public static class Ova
{
    /// <summary>Makes an OVA with one disk for each raw file given; needs qemu-img.</summary>
    public static string Pack(TempFolder folder, string name, params string[] rawDisks)
    {
        Tool.Require("qemu-img");
        var disks = rawDisks.Select((raw, i) =>
        {
            var vmdk = folder.File($"{name}-{i}.vmdk");
            Tool.Check("qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", raw, vmdk);
            return (File: vmdk, Capacity: new FileInfo(raw).Length);
        }).ToList();
        var members = new List<(string Name, byte[] Content)> { ($"{name}.ovf", Encoding.UTF8.GetBytes(Descriptor(name, disks))) };
        members.AddRange(disks.Select(d => (Path.GetFileName(d.File), File.ReadAllBytes(d.File))));
        var manifest = string.Concat(members.Select(m => $"SHA256({m.Name})= {Convert.ToHexStringLower(SHA256.HashData(m.Content))}\n"));
        members.Insert(1, ($"{name}.mf", Encoding.UTF8.GetBytes(manifest)));
        var path = folder.File($"{name}.ova");
        using (var tar = new TarWriter(File.Create(path), TarEntryFormat.Ustar))
        {
            foreach (var (member, content) in members)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, member) { DataStream = new MemoryStream(content) });
        }

        disks.ForEach(d => File.Delete(d.File));
        return path;
    }

    /// <summary>Changes one byte in the middle, where the disk is.</summary>
    public static void Damage(string path)
    {
        using var file = File.Open(path, FileMode.Open);
        file.Position = file.Length / 2;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 0x55));
    }

    private static string Descriptor(string name, IReadOnlyList<(string File, long Capacity)> disks)
    {
        var files = string.Concat(disks.Select((d, i) => $"<File ovf:id=\"file{i}\" ovf:href=\"{Path.GetFileName(d.File)}\" ovf:size=\"{new FileInfo(d.File).Length}\"/>"));
        var list = string.Concat(disks.Select((d, i) => $"<Disk ovf:diskId=\"disk{i}\" ovf:fileRef=\"file{i}\" ovf:capacity=\"{d.Capacity}\" ovf:format=\"http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized\"/>"));
        var items = string.Concat(disks.Select((_, i) => Item(20 + i, 17, $"Hard disk {i + 1}", $"<rasd:AddressOnParent>{i}</rasd:AddressOnParent>", $"<rasd:HostResource>ovf:/disk/disk{i}</rasd:HostResource><rasd:Parent>3</rasd:Parent>")));
        return $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
              xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData"
              xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData">
              <References>{files}</References>
              <DiskSection><Info>Disks</Info>{list}</DiskSection>
              <NetworkSection><Info>Networks</Info><Network ovf:name="VM Network"><Description>VM Network</Description></Network></NetworkSection>
              <VirtualSystem ovf:id="{name}">
                <Info>A machine</Info><Name>{name}</Name>
                <OperatingSystemSection ovf:id="94"><Info>Ubuntu</Info></OperatingSystemSection>
                <VirtualHardwareSection>
                  <Info>Hardware</Info>
                  <System><vssd:ElementName>Hardware</vssd:ElementName><vssd:InstanceID>0</vssd:InstanceID><vssd:VirtualSystemType>vmx-13</vssd:VirtualSystemType></System>
                  {Item(1, 3, "2 CPUs", "", "<rasd:VirtualQuantity>2</rasd:VirtualQuantity>")}
                  {Item(2, 4, "1024 MB", "", "<rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:VirtualQuantity>1024</rasd:VirtualQuantity>")}
                  {Item(3, 6, "SCSI controller 0", "<rasd:Address>0</rasd:Address>", "<rasd:ResourceSubType>lsilogic</rasd:ResourceSubType>")}
                  {items}
                  {Item(40, 10, "Network adapter 1", "<rasd:Address>00:50:56:aa:bb:cc</rasd:Address>", "<rasd:Connection>VM Network</rasd:Connection><rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType>")}
                </VirtualHardwareSection>
              </VirtualSystem>
            </Envelope>
            """;
    }

    private static string Item(int id, int type, string name, string first, string rest)
        => $"<Item>{first}<rasd:ElementName>{name}</rasd:ElementName><rasd:InstanceID>{id}</rasd:InstanceID><rasd:ResourceType>{type}</rasd:ResourceType>{rest}</Item>";
}
