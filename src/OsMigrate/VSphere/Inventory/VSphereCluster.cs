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
}

/// <summary>A rule of DRS.</summary>
/// <param name="Machines">The machines it is about, those of a group included.</param>
/// <param name="MachineGroup">Name of the group of machines; null where it names machines themselves.</param>
/// <param name="HostGroup">Name of the group of hosts, or null.</param>
/// <param name="IsMandatory">Must, not should.</param>
public sealed record VSphereClusterRule(string Name, ClusterRuleKind Kind, bool IsEnabled, bool IsMandatory, IReadOnlyList<MoRef> Machines, string? MachineGroup, string? HostGroup);

/// <summary>HA and DRS of a cluster.</summary>
public sealed record VSphereCluster
{
    public MoRef Reference { get; init; }

    public string Name { get; init; } = "";

    public bool IsHAEnabled { get; init; }

    public bool IsDrsEnabled { get; init; }

    /// <summary>medium, high ...; what applies to machines without a setting of their own.</summary>
    public string HARestartPriority { get; init; } = "";

    public string DrsAutomationLevel { get; init; } = "";

    public IReadOnlyDictionary<MoRef, string> HAOverrides { get; init; } = new Dictionary<MoRef, string>();

    public IReadOnlyDictionary<MoRef, string> DrsOverrides { get; init; } = new Dictionary<MoRef, string>();

    public IReadOnlyList<VSphereClusterRule> Rules { get; init; } = [];

    /// <summary>Hosts by group.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MoRef>> HostGroups { get; init; } = new Dictionary<string, IReadOnlyList<MoRef>>(StringComparer.Ordinal);
}
