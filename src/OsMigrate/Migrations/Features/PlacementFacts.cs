using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Features;

/// <summary>What decides where and when machines of one cluster run, in neutral words: what the conversions go by.</summary>
public sealed record PlacementFacts
{
    /// <summary>Server the cluster is of.</summary>
    public string Server { get; init; } = "";

    /// <summary>Empty for machines on a host that is in none.</summary>
    public string Cluster { get; init; } = "";

    public IReadOnlyList<PlacementMachine> Machines { get; init; } = [];

    public IReadOnlyList<PlacementRule> Rules { get; init; } = [];

    /// <param name="cluster">As <see cref="VSphereInventory.ClustersInFull"/> gives it; null for machines in none.</param>
    public static PlacementFacts Of(VSphereCluster? cluster, IReadOnlyList<VSphereMachine> machines)
    {
        var entries = (cluster?.ResourcePools ?? []).SelectMany(static p => p.Entries).GroupBy(static e => e.Part).ToDictionary(static e => e.Key, static e => e.First());
        var overrides = (cluster?.Overrides ?? []).ToDictionary(static o => o.Machine);
        return new PlacementFacts
        {
            Server = cluster?.Server ?? machines.Select(static m => m.Server).FirstOrDefault() ?? "",
            Cluster = cluster?.Name ?? "",
            Machines = [.. machines.Select(m => Machine(m, cluster, entries.TryGetValue(m.Reference, out var entry) ? entry : null, overrides.TryGetValue(m.Reference, out var own) ? own : null))],
            Rules = [.. (cluster?.Rules ?? []).Select(static r => new PlacementRule(r.Name, r.Kind, r.IsEnabled, r.IsMandatory)
            {
                MachineIds = [.. r.Machines.Select(static m => m.ToString())], MachineNames = r.MachineNames, HostGroup = r.HostGroup, HostNames = r.HostNames, DependsOn = [.. r.DependsOn.Select(static m => m.ToString())],
            })],
        };
    }

    private static PlacementMachine Machine(VSphereMachine machine, VSphereCluster? cluster, VAppEntry? entry, VSphereClusterOverride? own)
    {
        var priority = machine.HARestartPriority == "clusterRestartPriority" ? cluster?.HARestartPriority ?? "" : machine.HARestartPriority;
        return new PlacementMachine(machine.Server, machine.Id, machine.Name)
        {
            Cluster = cluster?.Name ?? machine.Cluster,
            Folder = machine.Folder,
            // The pool that every cluster has says nothing.
            ResourcePool = machine.ResourcePool == "Resources" ? "" : machine.ResourcePool,
            IsProtected = cluster is { IsHAEnabled: true } && priority != "disabled",
            RestartPriority = priority,
            IsolationResponse = cluster is { IsHAEnabled: true } ? own?.HAIsolationResponse ?? cluster.HAIsolationResponse : "",
            Monitoring = cluster is { IsHAEnabled: true } ? own?.VMMonitoring ?? cluster.VMMonitoring : "",
            IsFaultTolerant = machine.FaultToleranceState is not ("" or "notConfigured"),
            VApp = machine.VApp?.Name,
            StartOrder = machine.VApp?.StartOrder,
            DelaySeconds = Math.Max(machine.VApp?.StartDelaySeconds ?? 0, own?.StartDelaySeconds ?? 0),
            WaitsForGuest = entry?.WaitsForGuest ?? false,
            StopAction = entry?.StopAction ?? "",
            Tags = machine.Tags,
            Attributes = machine.CustomAttributes,
        };
    }
}

/// <summary>A machine as far as its place and time matter.</summary>
/// <param name="Id">"VirtualMachine-vm-42"</param>
public sealed record PlacementMachine(string Server, string Id, string Name)
{
    public string Cluster { get; init; } = "";

    public string Folder { get; init; } = "";

    public string ResourcePool { get; init; } = "";

    /// <summary>HA starts it again.</summary>
    public bool IsProtected { get; init; }

    /// <summary>highest, high, medium, low, lowest or disabled; empty without HA.</summary>
    public string RestartPriority { get; init; } = "";

    /// <summary>none, shutdown or powerOff; empty without HA.</summary>
    public string IsolationResponse { get; init; } = "";

    /// <summary>vmMonitoringDisabled, vmMonitoringOnly or vmAndAppMonitoring; empty without HA.</summary>
    public string Monitoring { get; init; } = "";

    public bool IsFaultTolerant { get; init; }

    public string? VApp { get; init; }

    public int? StartOrder { get; init; }

    /// <summary>Wait after it was started, before the next ones are.</summary>
    public int DelaySeconds { get; init; }

    /// <summary>The next ones start as soon as its Tools answer.</summary>
    public bool WaitsForGuest { get; init; }

    /// <summary>powerOff, guestShutdown, suspend; empty outside of vApps.</summary>
    public string StopAction { get; init; } = "";

    /// <summary>"category/tag"</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>A rule between machines, or between machines and hosts.</summary>
public sealed record PlacementRule(string Name, ClusterRuleKind Kind, bool IsEnabled, bool IsMandatory)
{
    public IReadOnlyList<string> MachineIds { get; init; } = [];

    public IReadOnlyList<string> MachineNames { get; init; } = [];

    public string? HostGroup { get; init; }

    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Ids of the machines that must run first.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];
}
