using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Vmdk;

namespace OsMigrate.Tests.Support;

/// <summary>Makes an OVA: descriptor, streamOptimized disks, manifest, in any order.</summary>
public sealed class OvaBuilder(string name = "web01")
{
    private readonly List<(string Name, byte[] Content)> _disks = [];
    private readonly List<(string Id, long Capacity)> _capacities = [];

    public string GuestId { get; init; } = "ubuntu64Guest";

    public int NicCount { get; init; } = 1;

    public bool Efi { get; init; }

    public string Algorithm { get; init; } = "SHA256";

    public bool WithManifest { get; init; } = true;

    /// <summary>Changes members before they are packed, after the manifest was made.</summary>
    public Func<IReadOnlyList<(string Name, byte[] Content)>, IEnumerable<(string Name, byte[] Content)>> Rearrange { get; init; } = m => m;

    public OvaBuilder Disk(DiskImage content)
    {
        using var folder = new TempFolder();
        DiskConversion.Run(content, folder.File("d.vmdk"), VmdkFormat.Instance, new EncodeOptions(), overwrite: false);
        return Disk(File.ReadAllBytes(folder.File("d.vmdk")), content.Length);
    }

    public OvaBuilder Disk(byte[] file, long capacity)
    {
        _disks.Add(($"{name}-disk{_disks.Count + 1}.vmdk", file));
        _capacities.Add(($"vmdisk{_disks.Count}", capacity));
        return this;
    }

    public string Descriptor()
    {
        var files = new StringBuilder();
        var disks = new StringBuilder();
        var items = new StringBuilder();
        for (var i = 0; i < _disks.Count; i++)
        {
            files.Append($"""<File ovf:href="{_disks[i].Name}" ovf:id="file{i}" ovf:size="{_disks[i].Content.Length}"/>""");
            disks.Append($"""<Disk ovf:capacity="{_capacities[i].Capacity}" ovf:diskId="{_capacities[i].Id}" ovf:fileRef="file{i}" ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>""");
            items.Append($"""<Item><rasd:AddressOnParent>{i}</rasd:AddressOnParent><rasd:ElementName>Hard disk {i + 1}</rasd:ElementName><rasd:HostResource>ovf:/disk/{_capacities[i].Id}</rasd:HostResource><rasd:InstanceID>{20 + i}</rasd:InstanceID><rasd:Parent>3</rasd:Parent><rasd:ResourceType>17</rasd:ResourceType></Item>""");
        }

        for (var i = 0; i < NicCount; i++)
            items.Append($"""<Item><rasd:Address>00:50:56:aa:bb:{i:x2}</rasd:Address><rasd:AddressOnParent>{7 + i}</rasd:AddressOnParent><rasd:Connection>VM Network</rasd:Connection><rasd:ElementName>Network adapter {i + 1}</rasd:ElementName><rasd:InstanceID>{40 + i}</rasd:InstanceID><rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType><rasd:ResourceType>10</rasd:ResourceType></Item>""");
        var firmware = Efi ? """<vmw:Config ovf:required="false" vmw:key="firmware" vmw:value="efi"/>""" : "";
        return $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData" xmlns:vmw="http://www.vmware.com/schema/ovf">
            <References>{files}</References>
            <DiskSection><Info>Disks</Info>{disks}</DiskSection>
            <NetworkSection><Info>Networks</Info><Network ovf:name="VM Network"><Description>n</Description></Network></NetworkSection>
            <VirtualSystem ovf:id="{name}"><Info>A machine</Info><Name>{name}</Name>
            <OperatingSystemSection ovf:id="94" vmw:osType="{GuestId}"><Info>OS</Info></OperatingSystemSection>
            <VirtualHardwareSection><Info>Hardware</Info>
            <System><vssd:ElementName>Virtual Hardware Family</vssd:ElementName><vssd:InstanceID>0</vssd:InstanceID><vssd:VirtualSystemIdentifier>{name}</vssd:VirtualSystemIdentifier><vssd:VirtualSystemType>vmx-19</vssd:VirtualSystemType></System>
            <Item><rasd:AllocationUnits>hertz * 10^6</rasd:AllocationUnits><rasd:ElementName>4 CPUs</rasd:ElementName><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>4</rasd:VirtualQuantity></Item>
            <Item><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:ElementName>2048MB</rasd:ElementName><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>2048</rasd:VirtualQuantity></Item>
            <Item><rasd:Address>0</rasd:Address><rasd:ElementName>SCSI Controller 0</rasd:ElementName><rasd:InstanceID>3</rasd:InstanceID><rasd:ResourceSubType>VirtualSCSI</rasd:ResourceSubType><rasd:ResourceType>6</rasd:ResourceType></Item>
            {items}{firmware}
            </VirtualHardwareSection></VirtualSystem></Envelope>
            """;
    }

    public string Save(string path)
    {
        var members = new List<(string Name, byte[] Content)> { ($"{name}.ovf", Encoding.UTF8.GetBytes(Descriptor())) };
        members.AddRange(_disks);
        if (WithManifest)
            members.Insert(1, ($"{name}.mf", Encoding.ASCII.GetBytes(string.Concat(members.Select(m => $"{Algorithm}({m.Name})= {Sum(m.Content)}\n")))));
        using var file = File.Create(path);
        using var tar = new TarWriter(file, TarEntryFormat.Ustar);
        foreach (var (member, content) in Rearrange(members))
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, member) { DataStream = new MemoryStream(content) });
        return path;
    }

    private string Sum(byte[] content) => Convert.ToHexStringLower(Algorithm switch
    {
        "SHA1" => SHA1.HashData(content),
        "SHA512" => SHA512.HashData(content),
        _ => SHA256.HashData(content),
    });
}
