using OsMigrate.Bytes;
using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.VSphere.Inventory;

/// <summary>The machines of a vCenter or ESXi host. What is read once about folders, hosts and clusters serves for the life of this object.</summary>
public sealed class VSphereInventory(VSphereSession session, CancellationToken cancel)
{
    private Places? _places;
    private MachineReader? _reader;

    /// <summary>Reference and name of every machine and template, by name.</summary>
    public IReadOnlyList<(MoRef Reference, string Name)> Names()
        => [.. new PropertyQuery(session).Below(session.Content.RootFolder, ["VirtualMachine"], ["name"], cancel)
            .Select(static f => (f.Reference, Name: Places.Unescape(f.Text("name") ?? ""))).OrderBy(static m => m.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Machines with everything that is known of them; those that are gone meanwhile are left out.</summary>
    public IEnumerable<VSphereMachine> Read(IEnumerable<MoRef> machines)
        => new PropertyQuery(session).Of(machines, "VirtualMachine", MachineReader.Paths(session.ApiVersion), cancel).Select(Reader().Read);

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereNotFound"/>.</exception>
    public VSphereMachine Read(MoRef machine)
        => Reader().Read(new PropertyQuery(session).Of(machine, MachineReader.Paths(session.ApiVersion), cancel));

    /// <summary>Clusters with HA, DRS and rules; none on an ESXi host.</summary>
    public IReadOnlyList<VSphereCluster> Clusters() => session.IsVCenter ? ClusterReader.All(session, static _ => "", cancel) : [];

    /// <summary>The same with the names of machines and hosts, resource pools and vApps.</summary>
    public IReadOnlyList<VSphereCluster> ClustersInFull()
    {
        if (!session.IsVCenter)
            return [];
        var names = Names().ToDictionary(static m => m.Reference, static m => m.Name);
        _places ??= Places.Read(session, cancel);
        var pools = ResourcePoolReader.All(session, cancel);
        return [.. ClusterReader.All(session, r => names.TryGetValue(r, out var name) ? name : _places.NameOf(r), cancel)
            .Select(c => c with { ResourcePools = [.. pools.Where(p => p.Owner == c.Reference && !p.IsRoot)] })];
    }

    /// <summary>References of the machines of a cluster; templates are none of them.</summary>
    public IReadOnlyList<MoRef> MachinesOf(MoRef cluster)
        => [.. new PropertyQuery(session).Below(session.Content.RootFolder, ["VirtualMachine"], ["runtime.host", "config.template"], cancel)
            .Where(m => m.Bool("config.template") != true && (_places ??= Places.Read(session, cancel)).Above(m.Ref("runtime.host"), "ClusterComputeResource") == cluster).Select(static m => m.Reference)];

    private MachineReader Reader()
    {
        if (_reader is not null)
            return _reader;
        _places ??= Places.Read(session, cancel);
        return _reader = new MachineReader(session.Name, _places, Clusters(), AttributeNames(), VApps());
    }

    private Dictionary<string, string> AttributeNames()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (session.Content.CustomFields is not { } fields)
            return names;
        foreach (var field in new PropertyQuery(session).Of(fields, ["field"], cancel).Data("field")?.List("CustomFieldDef") ?? [])
        {
            if (field.Text("key") is { } key && field.Text("name") is { } name)
                names[key] = name;
        }

        return names;
    }

    private Dictionary<MoRef, VAppPlace> VApps()
    {
        var places = new Dictionary<MoRef, VAppPlace>();
        var vApps = _places!.OfType("VirtualApp").Select(static v => v.Reference).ToList();
        if (vApps.Count == 0)
            return places;
        foreach (var vApp in new PropertyQuery(session).Of(vApps, "VirtualApp", ["name", "vAppConfig"], cancel))
        {
            foreach (var entity in vApp.Data("vAppConfig")?.List("entityConfig") ?? [])
            {
                if (entity.Ref("key") is { } machine)
                    places[machine] = new VAppPlace(Places.Unescape(vApp.Text("name") ?? ""), entity.Int("startOrder"), entity.Int("startDelay") ?? 0);
            }
        }

        return places;
    }
}
