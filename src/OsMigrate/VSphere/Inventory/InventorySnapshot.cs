namespace OsMigrate.VSphere.Inventory;

/// <summary>A machine with where it was read and what is known of it.</summary>
/// <param name="Facts">What this source told of this machine.</param>
/// <param name="Expected">What a source of its kind tells when nothing is missing.</param>
/// <param name="Source">Server or file.</param>
/// <param name="SourceKind">vSphere, RVTools, OVA, OVF or VMX.</param>
public sealed record InventoryMachine(VSphereMachine Machine, VSphereTraits Traits, InventoryFacts Facts, InventoryFacts Expected, string Source, string SourceKind)
{
    public bool Knows(InventoryFacts facts) => (Facts & facts) == facts;
}

/// <summary>An ESXi host.</summary>
/// <param name="CoreCount">Null when not known.</param>
public sealed record VSphereHost(string Name, string Cluster, string Model, string Version, int? CoreCount, long? MemoryMiB)
{
    /// <summary>"VMware ESXi 8.0.2 build-22380479"; empty when the host is not reached, or the source does not say.</summary>
    public string Product { get; init; } = "";
}

/// <summary>A datastore.</summary>
/// <param name="Type">VMFS, NFS, NFS41, vsan, VVOL ...; empty when not known.</param>
public sealed record VSphereDatastore(string Name, string Type, long? CapacityBytes, long? FreeBytes, bool? IsAccessible)
{
    /// <summary>vSAN and vVols keep disks as objects: there is no file that a host could hand out in parts.</summary>
    public bool HasNoFiles => Type.Equals("vsan", StringComparison.OrdinalIgnoreCase) || Type.Equals("vvol", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A network or port group.</summary>
/// <param name="Vlan">As the source writes it; empty when not known.</param>
public sealed record VSphereNetwork(string Name, string Switch, string Vlan);

/// <summary>Everything that one or several sources tell: what an assessment works on.</summary>
public sealed record InventorySnapshot
{
    public IReadOnlyList<InventoryMachine> Machines { get; init; } = [];

    public IReadOnlyList<VSphereCluster> Clusters { get; init; } = [];

    public IReadOnlyList<VSphereHost> Hosts { get; init; } = [];

    public IReadOnlyList<VSphereDatastore> Datastores { get; init; } = [];

    public IReadOnlyList<VSphereNetwork> Networks { get; init; } = [];

    /// <summary>What could not be read or understood, one sentence each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Both together; what two sources tell of one place is kept once.</summary>
    public InventorySnapshot With(InventorySnapshot other) => new()
    {
        Machines = [.. Machines, .. other.Machines],
        Clusters = [.. Clusters, .. other.Clusters],
        Hosts = [.. Hosts.Concat(other.Hosts).Distinct()],
        Datastores = [.. Datastores.Concat(other.Datastores).Distinct()],
        Networks = [.. Networks.Concat(other.Networks).Distinct()],
        Notices = [.. Notices, .. other.Notices],
    };
}
