using System.Globalization;
using System.Xml.Linq;
using OsMigrate.Bytes;
using OsMigrate.Machines;

namespace OsMigrate.Appliances.Ovf;

/// <summary>Turns one &lt;VirtualSystem&gt; into a neutral machine.</summary>
internal sealed class OvfSystem(OvfDescriptor descriptor, XElement system, HashSet<string> networks)
{
    private const long MaxMemoryMiB = 64L << 20;
    private const int MaxCpus = 4096;

    private readonly List<string> _warnings = [];

    public Machine Build()
    {
        var hardware = Hardware();
        var items = hardware is null ? [] : OvfItem.ReadAll(hardware, descriptor.Configuration);
        var settings = new OvfSettings(hardware);
        var virtualBox = VirtualBoxMachine.Read(system);
        var storage = new OvfStorage(descriptor, items, virtualBox, _warnings);
        var devices = OvfDevices.Read(items, _warnings);
        var (cpus, cores) = Cpus(items);
        var version = settings.SystemType;
        var id = system.OvfAttribute("id") ?? "";
        var name = system.Ovf("Name").Select(e => e.Value.Trim()).FirstOrDefault(n => n.Length > 0) ?? settings.SystemIdentifier ?? id;
        return new Machine
        {
            Id = id,
            Name = name,
            CpuCount = cpus,
            CoresPerSocket = cores,
            MemoryMiB = Memory(items),
            Firmware = settings.IsEfi || virtualBox.IsEfi || IsOvirtEfi() ? FirmwareType.Efi : FirmwareType.Bios,
            SecureBoot = settings.SecureBoot || virtualBox.SecureBoot,
            HasTpm = virtualBox.HasTpm || devices.Any(d => d.Kind == "tpm"),
            Os = OvfOperatingSystem.Read(system, virtualBox),
            Disks = storage.DisksInBootOrder(BootOrder(), version?.IndexOf("virtualbox", StringComparison.OrdinalIgnoreCase) >= 0 || virtualBox.Present),
            Nics = OvfNetwork.Read(items, virtualBox, networks, _warnings),
            Drives = storage.Drives,
            OtherDevices = devices,
            Annotation = Annotation(),
            HardwareVersion = version,
            Properties = Properties(settings),
            Warnings = _warnings,
        };
    }

    private XElement? Hardware()
    {
        var sections = system.Sections("VirtualHardwareSection").ToList();
        if (sections.Count == 0)
            _warnings.Add("The descriptor has no hardware section for this machine.");
        if (sections.Count > 1)
            _warnings.Add($"The descriptor offers {sections.Count} alternative hardware sections; the first one is taken.");
        return sections.FirstOrDefault();
    }

    private (int Count, int? CoresPerSocket) Cpus(List<OvfItem> items)
    {
        long count = 0;
        int? cores = null;
        foreach (var item in items.Where(i => i.ResourceType == 3))
        {
            count += Quantity(item, 1, "processors") ?? 1;
            var text = item.Element.ChildText("CoresPerSocket") ?? item.Element.ChildText("cpu_per_socket");
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= MaxCpus)
                cores = n;
            if (count is < 1 or > MaxCpus)
                throw Bad(item, $"{count} processors are asked for; 1 to {MaxCpus} are possible");
        }

        if (count == 0)
            _warnings.Add("The descriptor does not say how many processors the machine has; 1 is assumed.");
        return ((int)Math.Max(1, count), cores);
    }

    private long Memory(List<OvfItem> items)
    {
        long bytes = 0;
        foreach (var item in items.Where(i => i.ResourceType == 4))
        {
            var factor = OvfUnits.Factor(item.AllocationUnits, 1 << 20)
                ?? throw Bad(item, $"the memory is given in '{Shown.Text(item.AllocationUnits!)}', which is no unit of bytes");
            var quantity = Quantity(item, long.MaxValue, "memory") ?? 0;
            if (quantity > (MaxMemoryMiB << 20) / factor)
                throw Bad(item, $"the memory is {quantity} times {factor} bytes, more than any machine has");
            bytes += quantity * factor;
        }

        if (bytes == 0)
            _warnings.Add("The descriptor does not say how much memory the machine has.");
        return (bytes + (1 << 20) - 1) >> 20;
    }

    private long? Quantity(OvfItem item, long byDefault, string what)
    {
        var text = item.VirtualQuantity;
        if (text is null)
            return byDefault == 1 ? 1 : null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue >> 8)
            return number;
        throw Bad(item, $"the quantity of {what} is '{Shown.Text(text)}', not a number");
    }

    /// <summary>VMware's vmw:BootOrderSection lists the instances of its type in order.</summary>
    private IReadOnlyList<string> BootOrder()
    {
        var section = system.Elements().FirstOrDefault(e => e.Name.LocalName == "BootOrderSection" && e.VendorAttribute("type") == "disk");
        return section?.VendorAttribute("instanceId")?.Split(' ', '\t', '\n', '\r') ?? [];
    }

    /// <summary>oVirt's BiosType: 3 is Q35 with UEFI, 4 the same with secure boot.</summary>
    private bool IsOvirtEfi() => system.ChildText("BiosType") is "3" or "4";

    private string? Annotation()
    {
        var text = string.Join("\n", system.Sections("AnnotationSection").SelectMany(s => s.Ovf("Annotation")).Select(e => e.Value.Trim()));
        return text.Length == 0 ? null : text;
    }

    private Dictionary<string, string> Properties(OvfSettings settings)
    {
        var scopes = system.Ancestors().Reverse().Concat([system]);
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in OvfProperties.Read(scopes, descriptor.Configuration).Shown)
            all[pair.Key] = pair.Value;
        foreach (var pair in settings.Extra)
            all["vmw:" + pair.Key] = pair.Value;
        return all;
    }

    private InvalidImageException Bad(OvfItem item, string reason)
        => new(ErrorIds.BadAppliance, descriptor.FileName, -1, $"{item.Element.Where()}: {reason}");
}
