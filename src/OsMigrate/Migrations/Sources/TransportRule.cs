using OsMigrate.Bytes;
using OsMigrate.VSphere.Datastores;
using OsMigrate.VSphere.Inventory;
using OsMigrate.VSphere.Sessions;

namespace OsMigrate.Migrations.Sources;

/// <summary>Decides how a machine's disks are read. The only place that does.</summary>
internal static class TransportRule
{
    /// <summary>A lease carries only what is allocated, ranges carry everything: below this share in use a lease is quicker, although it comes as one stream.</summary>
    private const double LeastShare = 0.5;

    public static (DiskTransport Transport, string Reason) Choose(VSphereSession session, VSphereMachine machine, VSphereSourceOptions options, CancellationToken cancel)
    {
        if (options.Mode == MigrationMode.Warm)
        {
            return options.Transport == DiskTransport.Lease
                ? throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "A lease cannot carry changes: -Mode Warm reads ranges.") { Advice = "Leave -Transport out." }
                : (DiskTransport.Range, "changes are read as ranges");
        }

        if (options.Transport != DiskTransport.Auto)
            return (options.Transport, "as asked");
        if (Unreadable(session, machine, cancel) is { } reason)
            return (DiskTransport.Lease, reason);
        if (machine.ChangeTrackingEnabled && options.Mode == MigrationMode.Snapshot)
            return (DiskTransport.Range, "change tracking tells what is in use");
        var capacity = machine.Disks.Sum(static d => d.CapacityBytes);
        return machine.Disks.All(static d => d.IsThin) && machine.UsedBytes < capacity * LeastShare
            ? (DiskTransport.Lease, "the disks are thin, and ranges would carry their empty parts too")
            : (DiskTransport.Range, "the datastore hands out its files, and most of the disks is in use");
    }

    private static string? Unreadable(VSphereSession session, VSphereMachine machine, CancellationToken cancel)
    {
        try
        {
            foreach (var disk in machine.Disks)
                _ = new DatastoreReader(session, machine.DatacenterPath, DatastorePath.Parse(disk.FileName), cancel);
            return null;
        }
        catch (OsMigrateException e) when (e.ErrorId is not (ErrorIds.NetUnreachable or ErrorIds.NetCertificate))
        {
            return $"the datastore does not hand out its files: {e.Message.TrimEnd('.')}";
        }
    }
}
