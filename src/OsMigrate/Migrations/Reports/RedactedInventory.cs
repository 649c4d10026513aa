using OsMigrate.Machines;
using OsMigrate.Migrations.Assessment;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Reports;

/// <summary>An inventory with pseudonyms in place of names, addresses and notes.</summary>
internal sealed class RedactedInventory(Pseudonyms names)
{
    private static readonly HashSet<string> CommonPaths = new(StringComparer.Ordinal) { "/", "/boot", "/boot/efi", "/home", "/var", "/var/log", "/usr", "/opt", "/tmp", "/srv" };

    public static AssessmentOptions Of(AssessmentOptions options, Pseudonyms names) => options with
    {
        Cloud = options.Cloud is { } cloud ? cloud with { Name = names.Of("cloud", cloud.Name), Networks = cloud.Networks?.Select(n => names.Of("network", n)).ToList(), Notices = [] } : null,
        Groups = Renamed(options.Groups, names),
    };

    public InventorySnapshot Of(InventorySnapshot inventory) => new()
    {
        Machines = [.. inventory.Machines.Select(Machine)],
        Clusters = [.. inventory.Clusters.Select(Cluster)],
        Hosts = [.. inventory.Hosts.Select(h => h with { Name = names.Of("host", h.Name), Cluster = names.Of("cluster", h.Cluster) })],
        Datastores = [.. inventory.Datastores.Select(d => d with { Name = names.Of("datastore", d.Name) })],
        Networks = [.. inventory.Networks.Select(n => new VSphereNetwork(names.Of("network", n.Name), names.Of("switch", n.Switch), ""))],
        Notices = [],
    };

    private static Dictionary<string, string> Renamed(IReadOnlyDictionary<string, string> groups, Pseudonyms names)
    {
        var renamed = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in groups)
            renamed[names.Of("vm", group.Key)] = names.Of("group", group.Value);
        return renamed;
    }

    private InventoryMachine Machine(InventoryMachine item) => item with
    {
        Machine = Machine(item.Machine),
        Source = names.Of("source", item.Source),
        Traits = item.Traits with
        {
            RunningGuest = Guest(item.Traits.RunningGuest),
            SharedBusDisks = item.Traits.SharedBusDisks?.Select(d => names.Of("disk", d)).ToList(),
            UsbControllers = item.Traits.UsbControllers?.Select(static _ => "USB controller").ToList(),
            FileSystems = item.Traits.FileSystems?.Select(f => f with { Path = IsCommon(f.Path) ? f.Path : names.Of("path", f.Path) }).ToList(),
            LatencySensitivity = item.Traits.LatencySensitivity is "high" or "medium" or "low" or "normal" or null ? item.Traits.LatencySensitivity : "other",
        },
    };

    private VSphereMachine Machine(VSphereMachine vm)
    {
        var name = names.Of("vm", vm.Name);
        return vm with
        {
            Server = names.Of("server", vm.Server),
            Reference = vm.Reference with { Value = names.Of("id", vm.Reference.Value) },
            Name = name,
            InstanceUuid = "",
            BiosUuid = "",
            Datacenter = names.Of("datacenter", vm.Datacenter),
            DatacenterPath = names.Of("datacenter", vm.DatacenterPath),
            Folder = names.Of("folder", vm.Folder),
            HostName = names.Of("host", vm.HostName),
            Cluster = names.Of("cluster", vm.Cluster),
            ResourcePool = names.Of("pool", vm.ResourcePool),
            VApp = vm.VApp is { } vApp ? vApp with { Name = names.Of("vapp", vApp.Name) } : null,
            GuestFullName = Guest(vm.GuestFullName) ?? "",
            GuestHostName = vm.GuestHostName.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) ? "localhost" : names.Of("guest", vm.GuestHostName),
            IPAddresses = [.. vm.IPAddresses.Select(names.Address)],
            Disks = [.. vm.Disks.Select((d, i) => Disk(d, i, name))],
            Nics = [.. vm.Nics.Select(Nic)],
            Drives = [.. vm.Drives.Select(d => d with { Label = d.Kind, MediaName = d.MediaName is { Length: > 0 } media ? names.Of("media", media) : d.MediaName })],
            OtherDevices = [.. vm.OtherDevices.Select(static d => d with { Label = d.Kind })],
            Snapshots = [.. vm.Snapshots.Select((s, i) => new VSphereSnapshot { Name = $"snapshot {i + 1}", CreatedAt = s.CreatedAt, PowerState = s.PowerState, IsQuiesced = s.IsQuiesced })],
            ChangeVersion = "",
            Notes = "",
            CustomAttributes = new Dictionary<string, string>(StringComparer.Ordinal),
            Tags = [],
        };
    }

    private VSphereDisk Disk(VSphereDisk disk, int index, string machine) => disk with
    {
        Label = $"Hard disk {index + 1}",
        FileName = AssessmentSite.DatastoreOf(disk.FileName) is { } store ? $"[{names.Of("datastore", store)}] {machine}/disk{index + 1}.vmdk" : disk.FileName.Length == 0 ? "" : $"disk{index + 1}",
        ParentFiles = [.. disk.ParentFiles.Select((_, i) => $"parent {i + 1}")],
        Uuid = null,
        ChangeId = null,
    };

    private VSphereNic Nic(VSphereNic nic, int index) => nic with
    {
        Label = $"Network adapter {index + 1}",
        MacAddress = names.Mac(nic.MacAddress),
        NetworkName = nic.NetworkName is { Length: > 0 } network ? names.Of("network", network) : nic.NetworkName,
        IPAddresses = [.. nic.IPAddresses.Select(names.Address)],
    };

    private VSphereCluster Cluster(VSphereCluster cluster) => cluster with
    {
        Name = names.Of("cluster", cluster.Name),
        Rules = [.. cluster.Rules.Select(r => r with { Name = names.Of("rule", r.Name), Machines = [.. r.Machines.Select(m => m with { Value = names.Of("id", m.Value) })], MachineGroup = null, HostGroup = null })],
        HostGroups = new Dictionary<string, IReadOnlyList<OsMigrate.VSphere.MoRef>>(StringComparer.Ordinal),
    };

    /// <summary>Names of releases tell nothing; what is none of them could be anything.</summary>
    private string? Guest(string? text) => text is null or "" ? text : GuestReleases.Find(text) is { } release ? release.Name : Family(text) + names.Of("system", text);

    private static string Family(string text) => GuestOsIds.FamilyOf(text) switch { GuestFamily.Windows => "Windows ", GuestFamily.Linux => "Linux ", _ => "" };

    private static bool IsCommon(string path) => CommonPaths.Contains(path) || (path.Length is 2 or 3 && char.IsLetter(path[0]) && path[1] == ':');
}
