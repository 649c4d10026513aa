using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Vmdk;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.VSphere.Datastores;

/// <summary>Opens a virtual disk where it lies, in a datastore: its descriptor, its extents and, below a snapshot, its parents.</summary>
internal static class DatastoreDisk
{
    /// <summary>Connections for each extent.</summary>
    public const int Connections = 8;

    /// <param name="datacenter">Path of the datacenter from the root folder.</param>
    /// <param name="path">The descriptor: "[datastore1] web01/web01.vmdk".</param>
    /// <param name="connections">0 to fetch exactly what is asked for, for reading here and there.</param>
    /// <exception cref="OsMigrateException">It cannot be read now, or is damaged.</exception>
    public static DiskImage Open(VSphereSession session, string datacenter, DatastorePath path, CancellationToken cancel, int connections = Connections)
    {
        var descriptor = new DatastoreFile(session, datacenter, path, 1, cancel);
        try
        {
            return VmdkFormat.Instance.Open(descriptor, new DatastoreSiblings(session, datacenter, path, connections, cancel));
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }
}
