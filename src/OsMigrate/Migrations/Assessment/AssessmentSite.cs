using OsMigrate.VSphere;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Assessment;

/// <summary>What is around the machines: clusters, datastores, each other, and the cloud they go to.</summary>
internal sealed class AssessmentSite
{
    private readonly Dictionary<string, VSphereCluster> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VSphereDatastore> _datastores = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _macs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _addresses = new(StringComparer.Ordinal);
    private readonly ILookup<(string, MoRef), VSphereClusterRule> _rules;

    /// <param name="cloud">Null when none was named.</param>
    public AssessmentSite(InventorySnapshot snapshot, CloudOffer? cloud, DateTime now)
    {
        (Cloud, Now) = (cloud, now);
        foreach (var cluster in snapshot.Clusters)
            _clusters[cluster.Name] = cluster;
        foreach (var datastore in snapshot.Datastores)
            _datastores[datastore.Name] = datastore;
        foreach (var machine in snapshot.Machines.Select(static m => m.Machine))
        {
            Count(_names, machine.Name);
            foreach (var mac in machine.Nics.Select(static n => n.MacAddress).OfType<string>())
                Count(_macs, mac);
            foreach (var address in machine.IPAddresses)
                Count(_addresses, address);
        }

        _rules = snapshot.Clusters.SelectMany(static c => c.Rules.Where(static r => r.IsEnabled).SelectMany(r => r.Machines.Select(m => (c.Name, Machine: m, Rule: r))))
            .ToLookup(static r => (r.Name, r.Machine), static r => r.Rule);
    }

    public CloudOffer? Cloud { get; }

    /// <summary>UTC.</summary>
    public DateTime Now { get; }

    public VSphereCluster? ClusterOf(VSphereMachine machine) => _clusters.TryGetValue(machine.Cluster, out var cluster) ? cluster : null;

    public IEnumerable<VSphereClusterRule> RulesOf(VSphereMachine machine) => _rules[(machine.Cluster, machine.Reference)];

    /// <summary>Null for one that the inventory does not have.</summary>
    public VSphereDatastore? Datastore(string name) => _datastores.TryGetValue(name, out var found) ? found : null;

    public int WithName(string name) => Times(_names, name);

    public int WithMac(string mac) => Times(_macs, mac);

    public int WithAddress(string address) => Times(_addresses, address);

    /// <summary>"[ds1] web/web.vmdk" lies on ds1; null for what is no such path.</summary>
    public static string? DatastoreOf(string fileName)
        => fileName.Length > 2 && fileName[0] == '[' && fileName.IndexOf(']') is > 1 and var close ? fileName.Substring(1, close - 1) : null;

    private static void Count(Dictionary<string, int> counts, string key) => counts[key] = Times(counts, key) + 1;

    private static int Times(Dictionary<string, int> counts, string key) => counts.TryGetValue(key, out var times) ? times : 0;
}
