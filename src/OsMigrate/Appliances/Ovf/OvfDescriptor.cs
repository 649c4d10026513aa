using System.Xml.Linq;
using OsMigrate.Bytes;
using OsMigrate.Machines;

namespace OsMigrate.Appliances.Ovf;

/// <summary>What an OVF descriptor says (DMTF DSP0243, versions 1.0 to 2.1, and VMware's OVF 0.9).</summary>
internal sealed class OvfDescriptor
{
    private const int MaxSystems = 500;
    private const int MaxProperties = 20_000;

    private readonly Dictionary<string, OvfDisk> _ofFile = new(StringComparer.Ordinal);

    private OvfDescriptor(string fileName) => FileName = fileName;

    /// <summary>How to name the descriptor in messages.</summary>
    public string FileName { get; }

    public IReadOnlyDictionary<string, OvfFile> Files { get; private set; } = null!;

    public IReadOnlyDictionary<string, OvfDisk> Disks { get; private set; } = null!;

    public IReadOnlyList<Machine> Machines { get; private set; } = null!;

    /// <summary>The deployment configuration that was taken, or null when the descriptor has none.</summary>
    public string? Configuration { get; private set; }

    public List<string> Warnings { get; } = [];

    /// <exception cref="InvalidImageException">It is no OVF, or refers to what it does not contain.</exception>
    public static OvfDescriptor Read(ByteStore store)
    {
        var envelope = SafeXml.Load(store);
        if (envelope.Name.LocalName != "Envelope" || !OvfElements.IsEnvelopeNamespace(envelope.Name.NamespaceName))
        {
            throw new InvalidImageException(ErrorIds.UnknownFormat, store.Name, -1,
                $"its root element is '{Shown.Text(envelope.Name.LocalName)}' in the namespace '{Shown.Text(envelope.Name.NamespaceName)}', not an OVF Envelope");
        }

        var descriptor = new OvfDescriptor(store.Name);
        descriptor.ReadContent(envelope);
        return descriptor;
    }

    /// <summary>A disk item may name a file directly; then that file stands for a disk of unknown size.</summary>
    public OvfDisk DiskOfFile(OvfFile file)
    {
        var id = "file/" + file.Id;
        if (!_ofFile.TryGetValue(id, out var disk))
            _ofFile[id] = disk = new OvfDisk(id, file.Id, 0, null, null, null, null, false);
        return disk;
    }

    /// <summary>The disk whose content is this file; a disk of unknown size when none is.</summary>
    public OvfDisk DiskFor(OvfFile file) => Disks.Values.FirstOrDefault(d => d.FileRef == file.Id) ?? new OvfDisk("file/" + file.Id, file.Id, 0, null, null, null, null, false);

    public OvfDisk? FindDisk(string id) => Disks.TryGetValue(id, out var disk) || _ofFile.TryGetValue(id, out disk) ? disk : null;

    private void ReadContent(XElement envelope)
    {
        Configuration = DefaultConfiguration(envelope);
        var systems = envelope.Descendants().Where(e => OvfElements.KindOf(e) == "VirtualSystem").ToList();
        if (systems.Count == 0)
            throw new InvalidImageException(ErrorIds.BadAppliance, FileName, -1, "it contains no virtual system");
        CheckCounts(envelope, systems.Count);
        Files = OvfFile.ReadAll(envelope, FileName);
        var scopes = envelope.Descendants().Where(e => OvfElements.KindOf(e) is "VirtualSystem" or "VirtualSystemCollection");
        Disks = OvfDisk.ReadAll(envelope, Files, OvfProperties.Read([envelope, .. scopes], Configuration), FileName);
        var networks = new HashSet<string>(
            envelope.Sections("NetworkSection").SelectMany(s => s.Ovf("Network")).Select(n => n.OvfAttribute("name") ?? ""), StringComparer.Ordinal);
        Machines = [.. systems.Select(s => new OvfSystem(this, s, networks).Build())];
        if (Configuration is not null)
            Warnings.Add($"The descriptor offers several configurations; '{Shown.Text(Configuration)}' is taken, its default.");
        if (Files.Values.Any(f => f.Href.IndexOf("://", StringComparison.Ordinal) > 0))
            Warnings.Add("Some files are named by a network address; they are not fetched.");
    }

    /// <summary>Properties of the envelope are merged into every machine, so the product of both is bounded.</summary>
    private void CheckCounts(XElement envelope, int systems)
    {
        var properties = envelope.Descendants().Count(e => OvfElements.KindOf(e) == "Property");
        if (systems > MaxSystems || properties > MaxProperties)
            throw new InvalidImageException(ErrorIds.TooLarge, FileName, -1, $"it has {systems} machines and {properties} properties; {MaxSystems} and {MaxProperties} are allowed");
    }

    private static string? DefaultConfiguration(XElement envelope)
    {
        var all = envelope.Sections("DeploymentOptionSection").SelectMany(s => s.Ovf("Configuration")).ToList();
        var chosen = all.FirstOrDefault(c => c.OvfAttribute("default") is "true" or "1") ?? all.FirstOrDefault();
        return chosen?.OvfAttribute("id");
    }
}
