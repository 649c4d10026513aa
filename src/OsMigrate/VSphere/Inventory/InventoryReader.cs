using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Inventory;

/// <summary>Reads a server for an assessment: machines, and the hosts, datastores and networks around them.</summary>
public static class InventoryReader
{
    /// <summary>Kind of a live source.</summary>
    public const string Kind = "vSphere";

    /// <param name="machines">Which; null for all that the user may see.</param>
    /// <param name="progress">Told the number of machines read so far.</param>
    public static InventorySnapshot Read(VSphereSession session, IReadOnlyList<MoRef>? machines, Action<int, int>? progress, CancellationToken cancel)
    {
        var inventory = new VSphereInventory(session, cancel);
        var wanted = machines ?? [.. inventory.Names().Select(static n => n.Reference)];
        var traits = new Dictionary<MoRef, VSphereTraits>();
        if (wanted.Count > 0)
        {
            foreach (var found in new PropertyQuery(session).Of(wanted, "VirtualMachine", TraitsReader.Paths, cancel))
                traits[found.Reference] = TraitsReader.Read(found);
        }

        var read = new List<InventoryMachine>(wanted.Count);
        foreach (var machine in wanted.Count > 0 ? inventory.Read(wanted) : [])
        {
            read.Add(Item(machine, traits.TryGetValue(machine.Reference, out var known) ? known : new VSphereTraits(), session.Name));
            progress?.Invoke(read.Count, wanted.Count);
        }

        return new InventorySnapshot
        {
            Machines = read,
            Clusters = inventory.Clusters(),
            Hosts = Hosts(session, cancel),
            Datastores = Datastores(session, cancel),
            Networks = [.. Below(session, ["Network", "DistributedVirtualPortgroup"], ["name"], cancel).Select(static n => new VSphereNetwork(Places.Unescape(n.Text("name") ?? ""), "", "")).Distinct()],
        };
    }

    /// <summary>A machine that the server does not reach shows nothing but its name: all of it is unknown then.</summary>
    private static InventoryMachine Item(VSphereMachine machine, VSphereTraits traits, string source)
    {
        var facts = machine.ConnectionState is "connected" or "" && machine.GuestId.Length + machine.Disks.Count > 0 ? InventoryFacts.All : InventoryFacts.Connection | InventoryFacts.Power;
        if (traits.FileSystems is null)
            facts &= ~InventoryFacts.GuestFileSystems;
        return new InventoryMachine(machine, traits, facts, InventoryFacts.All & ~InventoryFacts.GuestFileSystems, source, Kind);
    }

    /// <summary>All ESXi hosts. Source: vSphere Web Services API, HostSystem, AboutInfo.</summary>
    public static IReadOnlyList<VSphereHost> Hosts(VSphereSession session, CancellationToken cancel)
    {
        var clusters = Below(session, ["ClusterComputeResource"], ["name"], cancel).ToDictionary(static c => c.Reference, static c => Places.Unescape(c.Text("name") ?? ""));
        return
        [
            .. Below(session, ["HostSystem"], ["name", "parent", "summary.hardware", "config.product"], cancel).Select(h => new VSphereHost(
                Places.Unescape(h.Text("name") ?? ""),
                h.Ref("parent") is { } parent && clusters.TryGetValue(parent, out var cluster) ? cluster : "",
                $"{h.Data("summary.hardware")?.Text("vendor")} {h.Data("summary.hardware")?.Text("model")}".Trim(),
                h.Data("config.product")?.Text("version") ?? "",
                h.Data("summary.hardware")?.Int("numCpuCores"),
                h.Data("summary.hardware")?.Long("memorySize") / (1 << 20)) { Product = h.Data("config.product")?.Text("fullName") ?? "" }),
        ];
    }

    private static IReadOnlyList<VSphereDatastore> Datastores(VSphereSession session, CancellationToken cancel) =>
    [
        .. Below(session, ["Datastore"], ["name", "summary"], cancel).Select(static d => (Name: Places.Unescape(d.Text("name") ?? ""), Summary: d.Data("summary")))
            .Select(static d => new VSphereDatastore(d.Name, d.Summary?.Text("type") ?? "", d.Summary?.Long("capacity"), d.Summary?.Long("freeSpace"), d.Summary?.Bool("accessible"))),
    ];

    private static IEnumerable<VimObject> Below(VSphereSession session, string[] types, string[] paths, CancellationToken cancel)
        => new PropertyQuery(session).Below(session.Content.RootFolder, types, paths, cancel);
}
