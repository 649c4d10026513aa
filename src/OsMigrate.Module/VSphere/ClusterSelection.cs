using System.Management.Automation;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Features;
using OsMigrate.Module.Interop;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Module.VSphere;

/// <summary>Gathers the clusters, rules and machines that a cmdlet is given, and reads them all together.</summary>
internal sealed class ClusterSelection(string? server, SessionState state)
{
    private readonly List<ClusterTarget> _clusters = [];
    private readonly List<MachineTarget> _machines = [];
    private readonly List<VSphereMachine> _known = [];

    public bool IsEmpty => _clusters.Count == 0 && _machines.Count == 0 && _known.Count == 0;

    /// <summary>Pipeline thread: takes one object in. Texts are names or ids of clusters.</summary>
    public void Take(PSObject item)
    {
        if (item.BaseObject is VSphereMachine ours)
            _known.Add(ours);
        else if (item.BaseObject is not string && PowerCliTypes.KindOf(item) != MachineObjectKind.None && !PowerCliClusters.IsCluster(item) && !PowerCliClusters.IsRule(item))
            _machines.Add(MachineTarget.Read(item, server, state));
        else
            _clusters.Add(ClusterTarget.Read(item, server, state));
    }

    /// <summary>All clusters of the server, when nothing was given.</summary>
    public void TakeAll() => _clusters.Add(new ClusterTarget("*", server, null, null));

    /// <summary>In the background: each cluster once, with the machines that are meant: all of a cluster that was named, else those that were given.</summary>
    /// <param name="withMachines">Read all machines of the clusters, not only those that were given.</param>
    public IReadOnlyList<(VSphereCluster? Cluster, IReadOnlyList<VSphereMachine> Machines)> Read(bool withMachines, Action<string> tell, CancellationToken cancel)
    {
        var found = new List<(VSphereCluster? Cluster, IReadOnlyList<VSphereMachine> Machines)>();
        using var machines = new FoundMachines(tell);
        foreach (var machine in _machines)
            machines.Add(machine, cancel);
        foreach (var group in _clusters.GroupBy(t => t.Interop is { } foreign ? VSphereSessions.Of(foreign.Address, foreign.Cookie, tell, cancel) : VSphereSessions.Get(t.Server)))
            Listen(group.Key, tell, () => found.AddRange(Clusters(group.Key, group, withMachines, cancel)));
        // Our own records are read already.
        var all = machines.All.Concat(_known.Select(static m => (Server: VSphereSessions.Get(m.Server), Machine: m)));
        foreach (var group in all.GroupBy(static m => m.Server))
        {
            var clusters = new VSphereInventory(group.Key, cancel).ClustersInFull();
            found.AddRange(group.GroupBy(static m => m.Machine.Cluster).Where(g => !found.Exists(f => f.Cluster is { } c && c.Server == group.Key.Name && c.Name == g.Key))
                .Select(g => (clusters.FirstOrDefault(c => c.Name == g.Key) is { } cluster ? About(cluster, g.Select(static m => m.Machine.Reference)) : null, (IReadOnlyList<VSphereMachine>)[.. g.Select(static m => m.Machine)])));
        }

        return found;
    }

    public IReadOnlyList<PlacementFacts> Facts(Action<string> tell, CancellationToken cancel) => [.. Read(true, tell, cancel).Select(static f => PlacementFacts.Of(f.Cluster, f.Machines))];

    public SourceUse Use(Action<string> tell, CancellationToken cancel)
    {
        var read = Read(true, tell, cancel);
        return new SourceUse([.. read.SelectMany(static r => r.Machines)], [.. read.Select(static r => r.Cluster).OfType<VSphereCluster>()]);
    }

    private static IEnumerable<(VSphereCluster? Cluster, IReadOnlyList<VSphereMachine> Machines)> Clusters(VSphereSession session, IEnumerable<ClusterTarget> targets, bool withMachines, CancellationToken cancel)
    {
        var inventory = new VSphereInventory(session, cancel);
        var all = inventory.ClustersInFull();
        var chosen = new List<(VSphereCluster Cluster, string? Rule)>();
        foreach (var target in targets)
            chosen.AddRange(Choose(all, target, session.Name).Select(c => (c, target.Rule)));
        foreach (var cluster in chosen.GroupBy(static c => c.Cluster.Reference))
        {
            var whole = cluster.First().Cluster;
            var rules = cluster.Select(static c => c.Rule).ToList();
            yield return (rules.Contains(null) ? whole : whole with { Rules = [.. rules.SelectMany(r => whole.WithRule(r!).Rules).Distinct()] }, withMachines ? [.. inventory.Read(inventory.MachinesOf(cluster.Key)).OrderBy(static m => m.Name, StringComparer.OrdinalIgnoreCase)] : []);
        }
    }

    private static IReadOnlyList<VSphereCluster> Choose(IReadOnlyList<VSphereCluster> all, ClusterTarget target, string server)
    {
        var wildcard = WildcardPattern.Get(target.Wanted, WildcardOptions.IgnoreCase);
        var chosen = all.Where(c => c.Id == target.Wanted || string.Equals(c.Name, target.Wanted, StringComparison.OrdinalIgnoreCase) || wildcard.IsMatch(c.Name)).ToList();
        return chosen.Count > 0 || WildcardPattern.ContainsWildcardCharacters(target.Wanted) ? chosen
            : throw new OsMigrateException(ErrorIds.VSphereNotFound, ErrorKind.NotFound, $"{server} has no cluster '{target.Wanted}'.", target.Wanted) { Advice = "Get-VSphereCluster lists all that your user may see." };
    }

    /// <summary>The cluster with the rules that are about some of its machines.</summary>
    private static VSphereCluster About(VSphereCluster cluster, IEnumerable<OsMigrate.VSphere.MoRef> machines)
    {
        var chosen = new HashSet<OsMigrate.VSphere.MoRef>(machines);
        return cluster with { Rules = [.. cluster.Rules.Where(r => r.Machines.Any(chosen.Contains))], Overrides = [.. cluster.Overrides.Where(o => chosen.Contains(o.Machine))] };
    }

    private static void Listen(VSphereSession session, Action<string> tell, Action work)
    {
        session.Noted += tell;
        try
        {
            work();
        }
        finally
        {
            session.Noted -= tell;
        }
    }
}
