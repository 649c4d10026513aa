using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.VSphere.Datastores;

/// <summary>The gate to one folder of a datastore: plain names only.</summary>
internal sealed class DatastoreSiblings : Siblings
{
    private readonly VSphereSession _session;
    private readonly string _datacenter;
    private readonly DatastorePath _child;
    private readonly int _connections;
    private readonly string[] _visited;
    private readonly CancellationToken _cancel;

    /// <param name="child">A file of the folder, which counts as already open.</param>
    public DatastoreSiblings(VSphereSession session, string datacenter, DatastorePath child, int connections, CancellationToken cancel)
        : this(session, datacenter, child, connections, [child.FileName], 0, cancel)
    {
    }

    private DatastoreSiblings(VSphereSession session, string datacenter, DatastorePath child, int connections, string[] visited, int depth, CancellationToken cancel)
    {
        (_session, _datacenter, _child, _connections, _visited, _cancel) = (session, datacenter, child, connections, visited, cancel);
        Depth = depth;
    }

    public override ByteStore Open(string name, string referrer)
    {
        RequirePlainName(name, referrer);
        return new DatastoreFile(_session, _datacenter, _child.Beside(name), _connections, _cancel);
    }

    public override Siblings ForParent(string name, string referrer)
    {
        RequirePlainName(name, referrer);
        CheckChain(name, referrer, _visited, Depth);
        return new DatastoreSiblings(_session, _datacenter, _child, _connections, [.. _visited, name], Depth + 1, _cancel);
    }
}
