using OsMigrate.Machines;
using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Inventory;

/// <summary>Makes records of machines from their properties.</summary>
internal sealed class MachineReader(string server, Places places, IReadOnlyList<VSphereCluster> clusters, IReadOnlyDictionary<string, string> attributeNames, IReadOnlyDictionary<MoRef, VAppPlace> vApps)
{
    private static readonly string[] Always =
    [
        "name", "parent", "parentVApp", "resourcePool", "config.template", "config.instanceUuid", "config.uuid", "config.guestId", "config.guestFullName", "config.firmware",
        "config.bootOptions", "config.version", "config.annotation", "config.hardware.numCPU", "config.hardware.numCoresPerSocket", "config.hardware.memoryMB",
        "config.hardware.device", "config.changeTrackingEnabled", "config.changeVersion", "capability.changeTrackingSupported", "runtime.powerState", "runtime.connectionState", "runtime.host",
        "runtime.consolidationNeeded", "runtime.faultToleranceState", "guest.toolsStatus", "guest.toolsRunningStatus", "guest.toolsVersion", "guest.guestOperationsReady",
        "guest.hostName", "guest.ipAddress", "guest.net", "snapshot", "summary.storage", "customValue",
    ];

    /// <summary>What to ask for; a path that an old server does not know would make it refuse all of them.</summary>
    public static IReadOnlyList<string> Paths(string apiVersion)
        => Version.TryParse(apiVersion.IndexOf('.') < 0 ? apiVersion + ".0" : apiVersion, out var version) && version >= new Version(6, 5) ? [.. Always, "config.keyId"] : Always;

    public VSphereMachine Read(VimObject found)
    {
        var boot = found.Data("config.bootOptions");
        var devices = new DeviceReader(found.Data("config.hardware.device")?.List("VirtualDevice") ?? [], BootKeys(boot));
        var guestNics = found.Data("guest.net")?.List("GuestNicInfo").ToList() ?? [];
        var host = found.Ref("runtime.host");
        var cluster = places.Above(host, "ClusterComputeResource") is { } c ? clusters.FirstOrDefault(k => k.Reference == c) : null;
        var disks = devices.Disks();
        var datacenter = places.Above(found.Ref("parent") ?? host, "Datacenter");
        return new VSphereMachine
        {
            Server = server,
            Reference = found.Reference,
            Name = Places.Unescape(found.Text("name") ?? ""),
            InstanceUuid = found.Text("config.instanceUuid") ?? "",
            BiosUuid = found.Text("config.uuid") ?? "",
            PowerState = found.Text("runtime.powerState") ?? "",
            ConnectionState = found.Text("runtime.connectionState") ?? "",
            IsTemplate = found.Bool("config.template") ?? false,
            Datacenter = places.NameOf(datacenter),
            DatacenterPath = places.DatacenterPath(datacenter),
            Folder = places.FolderPath(found.Ref("parent")),
            HostName = places.NameOf(host),
            Cluster = cluster?.Name ?? "",
            ResourcePool = places.NameOf(found.Ref("resourcePool")),
            VApp = vApps.TryGetValue(found.Reference, out var vApp) ? vApp : null,
            GuestId = found.Text("config.guestId") ?? "",
            GuestFullName = found.Text("config.guestFullName") ?? "",
            ToolsStatus = found.Text("guest.toolsStatus") ?? "",
            ToolsVersion = found.Text("guest.toolsVersion") ?? "",
            ToolsRunning = found.Text("guest.toolsRunningStatus") == "guestToolsRunning",
            GuestOperationsReady = found.Bool("guest.guestOperationsReady") ?? false,
            GuestHostName = found.Text("guest.hostName") ?? "",
            IPAddresses = Addresses(guestNics, found.Text("guest.ipAddress")),
            CpuCount = (int)Math.Min(int.MaxValue, Math.Max(1, found.Long("config.hardware.numCPU") ?? 1)),
            CoresPerSocket = found.Long("config.hardware.numCoresPerSocket") is > 0 and <= int.MaxValue and var cores ? (int)cores : null,
            MemoryMiB = found.Long("config.hardware.memoryMB") ?? 0,
            Firmware = found.Text("config.firmware") == "efi" ? FirmwareType.Efi : FirmwareType.Bios,
            SecureBoot = boot?.Bool("efiSecureBootEnabled") ?? false,
            HasTpm = devices.HasTpm,
            IsEncrypted = found.Data("config.keyId") is not null || disks.Any(static d => d.IsEncrypted),
            HardwareVersion = found.Text("config.version") ?? "",
            Disks = disks,
            Nics = devices.Nics(NetworkOf, key => Addresses(guestNics.Where(n => n.Int("deviceConfigId") == key), null)),
            Drives = devices.Drives(),
            OtherDevices = devices.OtherDevices(),
            Snapshots = SnapshotReader.Read(found.Data("snapshot"), found.Reference, Places.Unescape(found.Text("name") ?? "")),
            ChangeTrackingEnabled = found.Bool("config.changeTrackingEnabled") ?? false,
            ChangeTrackingSupported = found.Bool("capability.changeTrackingSupported") ?? false,
            ConsolidationNeeded = found.Bool("runtime.consolidationNeeded") ?? false,
            ChangeVersion = found.Text("config.changeVersion") ?? "",
            FaultToleranceState = found.Text("runtime.faultToleranceState") ?? "",
            HARestartPriority = cluster is { IsHAEnabled: true } ? cluster.HAOverrides.TryGetValue(found.Reference, out var ha) ? ha : cluster.HARestartPriority : "",
            DrsAutomationLevel = cluster is { IsDrsEnabled: true } ? cluster.DrsOverrides.TryGetValue(found.Reference, out var drs) ? drs : cluster.DrsAutomationLevel : "",
            UsedBytes = found.Data("summary.storage")?.Long("committed") ?? 0,
            ProvisionedBytes = (found.Data("summary.storage")?.Long("committed") ?? 0) + (found.Data("summary.storage")?.Long("uncommitted") ?? 0),
            Notes = found.Text("config.annotation") ?? "",
            CustomAttributes = Attributes(found.Data("customValue")),
        };
    }

    private static IReadOnlyList<int> BootKeys(VimData? boot)
        => [.. boot?.List("bootOrder").Where(static b => b.TypeName == "VirtualMachineBootOptionsBootableDiskDevice").Select(static b => b.Int("deviceKey") ?? -1) ?? []];

    private string? NetworkOf(VimData backing) => backing.TypeName switch
    {
        "VirtualEthernetCardDistributedVirtualPortBackingInfo" => places.NetworkOfKey(backing.At("port", "portgroupKey")?.Value),
        "VirtualEthernetCardOpaqueNetworkBackingInfo" => backing.Text("opaqueNetworkId"),
        _ => backing.Text("deviceName"),
    };

    /// <summary>Addresses of the guest, without those of the link and of the machine itself.</summary>
    private static IReadOnlyList<string> Addresses(IEnumerable<VimData> nics, string? primary)
    {
        var all = nics.SelectMany(static n => n.List("ipAddress")).Select(static a => a.Value.Trim()).Where(static a => System.Net.IPAddress.TryParse(a, out var ip) && !ip.IsIPv6LinkLocal && !System.Net.IPAddress.IsLoopback(ip));
        return [.. (primary is { Length: > 0 } && System.Net.IPAddress.TryParse(primary, out _) ? all.Prepend(primary) : all).Distinct(StringComparer.Ordinal)];
    }

    private Dictionary<string, string> Attributes(VimData? values)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var value in values?.List("CustomFieldValue") ?? [])
        {
            if (value.Text("key") is { } key && attributeNames.TryGetValue(key, out var name) && value.Text("value") is { Length: > 0 } text)
                all[name] = text;
        }

        return all;
    }
}
