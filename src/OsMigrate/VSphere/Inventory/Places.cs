using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.VSphere.Inventory;

/// <summary>Names and places of everything that is not a machine: folders, hosts, clusters, networks, datastores.</summary>
internal sealed class Places
{
    private static readonly string[] Types =
    [
        "Folder", "Datacenter", "ComputeResource", "ClusterComputeResource", "HostSystem", "ResourcePool", "VirtualApp", "Network", "DistributedVirtualPortgroup", "Datastore", "StoragePod",
    ];

    private readonly Dictionary<MoRef, (string Name, MoRef? Parent)> _all = [];

    private Places()
    {
    }

    public static Places Read(VSphereSession session, CancellationToken cancel)
    {
        var places = new Places();
        foreach (var found in new PropertyQuery(session).Below(session.Content.RootFolder, Types, ["name", "parent"], cancel))
            places._all[found.Reference] = (Unescape(found.Text("name") ?? ""), found.Ref("parent"));
        return places;
    }

    /// <summary>vSphere writes slash, backslash and percent in names as %2f, %5c and %25.</summary>
    public static string Unescape(string name)
        => name.IndexOf('%') < 0 ? name : Replace(Replace(Replace(name, "%2f", "/"), "%5c", "\\"), "%25", "%");

    /// <summary>A name as vSphere writes it.</summary>
    public static string Escape(string name) => name.Replace("%", "%25").Replace("/", "%2f").Replace("\\", "%5c");

    public IEnumerable<(MoRef Reference, string Name)> OfType(string type)
        => _all.Where(p => p.Key.Type == type).Select(static p => (p.Key, p.Value.Name));

    public string NameOf(MoRef? reference) => reference is { } r && _all.TryGetValue(r, out var place) ? place.Name : "";

    /// <summary>The network of a port group's key, which is the value of its reference.</summary>
    public string? NetworkOfKey(string? key) => key is not null && _all.TryGetValue(new MoRef("DistributedVirtualPortgroup", key), out var place) ? place.Name : null;

    /// <summary>The nearest place of a type at or above another.</summary>
    public MoRef? Above(MoRef? from, params string[] types) => Path(from).Where(r => types.Contains(r.Type, StringComparer.Ordinal)).Select(static r => (MoRef?)r).FirstOrDefault();

    /// <summary>Names of the folders from the datacenter's folder of machines down.</summary>
    public string FolderPath(MoRef? folder)
    {
        var folders = Path(folder).TakeWhile(static r => r.Type == "Folder").Reverse().Skip(1);
        return string.Join("/", folders.Select(r => NameOf(r)));
    }

    /// <summary>Names from the root folder down to a datacenter, itself included: what web addresses of datastores want.</summary>
    public string DatacenterPath(MoRef? datacenter) => string.Join("/", Path(datacenter).Reverse().Skip(1).Select(r => NameOf(r)));

    private IEnumerable<MoRef> Path(MoRef? from)
    {
        for (var depth = 0; from is { } at && depth < 64; depth++)
        {
            yield return at;
            from = _all.TryGetValue(at, out var place) ? place.Parent : null;
        }
    }

    private static string Replace(string text, string escape, string by)
    {
        for (var at = 0; (at = text.IndexOf(escape, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
            text = text.Substring(0, at) + by + text.Substring(at + escape.Length);
        return text;
    }
}
