namespace OsMigrate.VSphere.Inventory;

/// <summary>What a DRS rule asks for.</summary>
public enum ClusterRuleKind
{
    /// <summary>Machines on one host.</summary>
    Affinity,

    /// <summary>Machines on different hosts.</summary>
    AntiAffinity,

    /// <summary>A group of machines on a group of hosts.</summary>
    MachinesOnHosts,

    /// <summary>A group of machines never on a group of hosts.</summary>
    MachinesNotOnHosts,

    Other,

    /// <summary>HA starts a group of machines only after another group (ClusterDependencyRuleInfo).</summary>
    DependsOn,
}

/// <summary>A rule of DRS.</summary>
/// <param name="Machines">The machines it is about, those of a group included.</param>
/// <param name="IsMandatory">Must, not should.</param>
public sealed record VSphereClusterRule(string Name, ClusterRuleKind Kind, bool IsEnabled, bool IsMandatory, IReadOnlyList<MoRef> Machines, string? MachineGroup, string? HostGroup)
{
    /// <summary>Names of the machines; empty where names were not asked for.</summary>
    public IReadOnlyList<string> MachineNames { get; init; } = [];

    /// <summary>Names of the hosts of the group.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>For a dependency: the machines that must run first.</summary>
    public IReadOnlyList<MoRef> DependsOn { get; init; } = [];

    public override string ToString() => Name;
}

/// <summary>HA and DRS of a cluster.</summary>
public sealed record VSphereCluster
{
    /// <summary>Name of the server it was read from.</summary>
    public string Server { get; init; } = "";

    public MoRef Reference { get; init; }

    /// <summary>"ClusterComputeResource-domain-c7", as PowerCLI writes it.</summary>
    public string Id => Reference.ToString();

    public string Name { get; init; } = "";

    public bool IsHAEnabled { get; init; }

    public bool IsDrsEnabled { get; init; }

    /// <summary>Hosts are switched off when they are not needed.</summary>
    public bool IsDpmEnabled { get; init; }

    /// <summary>medium, high ...; what applies to machines without a setting of their own.</summary>
    public string HARestartPriority { get; init; } = "";

    /// <summary>none, shutdown or powerOff: what becomes of machines on a host that no other host sees.</summary>
    public string HAIsolationResponse { get; init; } = "";

    /// <summary>vmMonitoringDisabled, vmMonitoringOnly or vmAndAppMonitoring.</summary>
    public string VMMonitoring { get; init; } = "";

    /// <summary>Capacity is kept free for failing hosts.</summary>
    public bool IsAdmissionControlled { get; init; }

    public string DrsAutomationLevel { get; init; } = "";

    /// <summary>1 (moves for every gain) to 5 (only when it must); null when the server does not say.</summary>
    public int? DrsThreshold { get; init; }

    /// <summary>"intel-skylake"; null without EVC.</summary>
    public string? EvcMode { get; init; }

    public IReadOnlyDictionary<MoRef, string> HAOverrides { get; init; } = new Dictionary<MoRef, string>();

    public IReadOnlyDictionary<MoRef, string> DrsOverrides { get; init; } = new Dictionary<MoRef, string>();

    /// <summary>What single machines have set otherwise.</summary>
    public IReadOnlyList<VSphereClusterOverride> Overrides { get; init; } = [];

    public IReadOnlyList<VSphereClusterRule> Rules { get; init; } = [];

    /// <summary>Machines by group.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MoRef>> MachineGroups { get; init; } = new Dictionary<string, IReadOnlyList<MoRef>>(StringComparer.Ordinal);

    /// <summary>Hosts by group.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MoRef>> HostGroups { get; init; } = new Dictionary<string, IReadOnlyList<MoRef>>(StringComparer.Ordinal);

    /// <summary>Names of the cluster's hosts.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Resource pools and vApps below the cluster; empty where they were not asked for.</summary>
    public IReadOnlyList<VSphereResourcePool> ResourcePools { get; init; } = [];

    /// <summary>A rule of this name was asked for and the others left out: what Get-DrsRule names.</summary>
    public VSphereCluster WithRule(string name) => this with { Rules = [.. Rules.Where(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase))] };
}

/// <summary>What one machine of a cluster has set otherwise than its cluster; null where it has not.</summary>
/// <param name="Name">Of the machine.</param>
/// <param name="DrsAutomationLevel">manual, partiallyAutomated, fullyAutomated, or disabled.</param>
/// <param name="StartDelaySeconds">HA waits so long after it, before machines that depend on it are started.</param>
public sealed record VSphereClusterOverride(MoRef Machine, string Name, string? HARestartPriority, string? HAIsolationResponse, string? VMMonitoring, string? DrsAutomationLevel, int? StartDelaySeconds)
{
    public override string ToString() => Name;
}
