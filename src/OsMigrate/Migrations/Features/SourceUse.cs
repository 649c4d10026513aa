using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Features;

/// <summary>The machines and clusters whose features are looked for.</summary>
public sealed record SourceUse(IReadOnlyList<VSphereMachine> Machines, IReadOnlyList<VSphereCluster> Clusters)
{
    internal IEnumerable<string> MachinesThat(Func<VSphereMachine, bool> use) => Machines.Where(use).Select(static m => m.Name);

    internal IEnumerable<string> ClustersThat(Func<VSphereCluster, bool> use) => Clusters.Where(use).Select(static c => c.Name);

    /// <summary>"cluster: rule" for rules that are switched on.</summary>
    internal IEnumerable<string> RulesOf(params ClusterRuleKind[] kinds)
        => Clusters.SelectMany(c => c.Rules.Where(r => r.IsEnabled && kinds.Contains(r.Kind)).Select(r => $"{c.Name}: {r.Name}"));

    internal IEnumerable<string> PoolsThat(Func<VSphereResourcePool, bool> use) => Clusters.SelectMany(c => c.ResourcePools.Where(use).Select(p => $"{c.Name}: {p.Name}"));

    /// <summary>"12 machines and 1 cluster"</summary>
    internal string Text => $"{Machines.Count} machine{(Machines.Count == 1 ? "" : "s")} and {Clusters.Count} cluster{(Clusters.Count == 1 ? "" : "s")}";
}
