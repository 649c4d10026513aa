using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using OsMigrate.Machines;

namespace OsMigrate.Appliances.Ovf;

/// <summary>A disk file of a package that is written.</summary>
/// <param name="FileName">Plain name beside the descriptor.</param>
public sealed record OvfWrittenDisk(MachineDisk Disk, string FileName, long FileSizeBytes);

/// <summary>Writes the descriptor of a machine.</summary>
/// <remarks>DMTF DSP0243, OVF 1.1, sections 5 to 9; CIM_ResourceAllocationSettingData; VMware's Config keys for what OVF has no words for.</remarks>
public static class OvfWriter
{
    private static readonly XNamespace Ovf = "http://schemas.dmtf.org/ovf/envelope/1";
    private static readonly XNamespace Rasd = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData";
    private static readonly XNamespace Vssd = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData";
    private static readonly XNamespace VMware = "http://www.vmware.com/schema/ovf";

    /// <returns>The descriptor in UTF-8.</returns>
    public static byte[] Write(Machine machine, IReadOnlyList<OvfWrittenDisk> disks)
    {
        var networks = machine.Nics.Select(static n => n.NetworkName ?? "none").Distinct(StringComparer.Ordinal).ToList();
        var envelope = new XElement(
            Ovf + "Envelope",
            new XAttribute(XNamespace.Xmlns + "ovf", Ovf),
            new XAttribute(XNamespace.Xmlns + "rasd", Rasd),
            new XAttribute(XNamespace.Xmlns + "vssd", Vssd),
            new XAttribute(XNamespace.Xmlns + "vmw", VMware),
            new XElement(Ovf + "References", disks.Select((d, i) => new XElement(Ovf + "File", A("href", d.FileName), A("id", FileId(i)), A("size", d.FileSizeBytes)))),
            new XElement(Ovf + "DiskSection", Info("Virtual disks"), disks.Select((d, i) => new XElement(
                Ovf + "Disk",
                A("capacity", d.Disk.CapacityBytes),
                A("capacityAllocationUnits", "byte"),
                A("diskId", DiskId(i)),
                A("fileRef", FileId(i)),
                A("format", "http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized")))),
            new XElement(Ovf + "NetworkSection", Info("Networks"), networks.Select(static n => new XElement(Ovf + "Network", A("name", n), new XElement(Ovf + "Description", n)))),
            System(machine, disks));
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
            envelope.Save(writer);
        return bytes.ToArray();
    }

    private static XElement System(Machine machine, IReadOnlyList<OvfWrittenDisk> disks) => new(
        Ovf + "VirtualSystem",
        A("id", Clean(machine.Name)),
        Info("A virtual machine"),
        new XElement(Ovf + "Name", Clean(machine.Name)),
        machine.Annotation is { } note ? new XElement(Ovf + "AnnotationSection", Info("Notes"), new XElement(Ovf + "Annotation", Clean(note))) : null,
        new XElement(
            Ovf + "OperatingSystemSection",
            A("id", machine.Os.CimId ?? (machine.Os.Family == GuestFamily.Linux ? 101 : 1)),
            machine.Os.VendorId is { } guest ? new XAttribute(VMware + "osType", guest) : null,
            Info("The guest"),
            machine.Os.Name is { } name ? new XElement(Ovf + "Description", name) : null),
        new XElement(
            Ovf + "VirtualHardwareSection",
            Info("Virtual hardware"),
            new XElement(
                Ovf + "System",
                new XElement(Vssd + "ElementName", "Virtual Hardware Family"),
                new XElement(Vssd + "InstanceID", 0),
                new XElement(Vssd + "VirtualSystemIdentifier", Clean(machine.Name)),
                new XElement(Vssd + "VirtualSystemType", machine.HardwareVersion ?? "vmx-13")),
            Items(machine, disks),
            machine.Firmware == FirmwareType.Efi ? Config("firmware", "efi") : null,
            machine.SecureBoot ? Config("bootOptions.efiSecureBootEnabled", "true") : null));

    private static IEnumerable<XElement> Items(Machine machine, IReadOnlyList<OvfWrittenDisk> disks)
    {
        var id = 1;
        yield return Item(id++, 3, "CPUs", new XElement(Rasd + "VirtualQuantity", machine.CpuCount), new XElement(Rasd + "AllocationUnits", "hertz * 10^6"), machine.CoresPerSocket is { } cores ? new XElement(VMware + "CoresPerSocket", cores) : null);
        yield return Item(id++, 4, "Memory", new XElement(Rasd + "VirtualQuantity", machine.MemoryMiB), new XElement(Rasd + "AllocationUnits", "byte * 2^20"));
        var controllers = new Dictionary<(DiskBus, int), int>();
        foreach (var disk in disks.Select(static d => d.Disk))
        {
            if (controllers.ContainsKey((disk.Bus, disk.ControllerNumber)))
                continue;
            controllers[(disk.Bus, disk.ControllerNumber)] = id;
            var (type, subType) = Controller(disk);
            yield return Item(id++, type, $"{disk.Bus} controller {disk.ControllerNumber}", new XElement(Rasd + "Address", disk.ControllerNumber), subType is null ? null : new XElement(Rasd + "ResourceSubType", subType));
        }

        for (var i = 0; i < disks.Count; i++)
        {
            var disk = disks[i].Disk;
            yield return Item(id++, 17, disk.Label.Length > 0 ? disk.Label : $"Hard disk {i + 1}", new XElement(Rasd + "AddressOnParent", disk.UnitNumber), new XElement(Rasd + "HostResource", "ovf:/disk/" + DiskId(i)), new XElement(Rasd + "Parent", controllers[(disk.Bus, disk.ControllerNumber)]));
        }

        foreach (var nic in machine.Nics)
        {
            yield return Item(
                id++,
                10,
                nic.Label.Length > 0 ? nic.Label : "Network adapter",
                new XElement(Rasd + "Connection", nic.NetworkName ?? "none"),
                nic.MacAddress is { } mac ? new XElement(Rasd + "Address", mac) : null,
                new XElement(Rasd + "AutomaticAllocation", nic.Connected ? "true" : "false"),
                new XElement(Rasd + "ResourceSubType", Card(nic.Model)));
        }
    }

    /// <summary>The schema wants the parts of an item in the order of their names.</summary>
    private static XElement Item(int id, int type, string name, params XElement?[] parts)
        => new(Ovf + "Item", parts.OfType<XElement>().Concat([new XElement(Rasd + "ElementName", Clean(name)), new XElement(Rasd + "InstanceID", id), new XElement(Rasd + "ResourceType", type)])
            .OrderBy(static e => e.Name.Namespace == Rasd ? 0 : 1).ThenBy(static e => e.Name.LocalName, StringComparer.Ordinal));

    private static (int Type, string? SubType) Controller(MachineDisk disk) => disk.Bus switch
    {
        DiskBus.Ide => (5, null),
        DiskBus.Sata => (20, "vmware.sata.ahci"),
        DiskBus.Nvme => (20, "vmware.nvme.controller"),
        DiskBus.Virtio => (20, "virtio"),
        _ => (6, disk.ControllerModel switch
        {
            "pvscsi" => "VirtualSCSI",
            "lsisas1068" => "lsilogicsas",
            "buslogic" => "buslogic",
            _ => "lsilogic",
        }),
    };

    private static string Card(string? model) => model switch
    {
        "e1000" => "E1000",
        "e1000e" => "E1000e",
        "pcnet32" => "PCNet32",
        "vmxnet2" => "VmxNet2",
        _ => "VmxNet3",
    };

    private static XElement Config(string key, string value) => new(VMware + "Config", A("required", "false"), new XAttribute(VMware + "key", key), new XAttribute(VMware + "value", value));

    private static XElement Info(string text) => new(Ovf + "Info", text);

    private static XAttribute A(string name, object value) => new(Ovf + name, value is IFormattable f ? f.ToString(null, CultureInfo.InvariantCulture) : value);

    private static string FileId(int index) => FormattableString.Invariant($"file{index + 1}");

    private static string DiskId(int index) => FormattableString.Invariant($"vmdisk{index + 1}");

    /// <summary>Without the control characters that XML cannot hold.</summary>
    private static string Clean(string text) => new(text.Where(static c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)).ToArray());
}
