using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.VSphere.Export;

/// <summary>Tells which file of a lease is which disk of the machine.</summary>
internal static class LeaseDisks
{
    /// <returns>The files in the order of the disks.</returns>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VSphereFailed"/>: the lease does not offer all disks.</exception>
    public static IReadOnlyList<LeaseFile> Match(IReadOnlyList<VSphereDisk> disks, IReadOnlyList<LeaseFile> files, string machine)
    {
        if (files.Count < disks.Count)
            throw new OsMigrateException(ErrorIds.VSphereFailed, ErrorKind.ResourceUnavailable, $"The lease on '{machine}' offers {files.Count} disks of {disks.Count}.", machine) { Advice = "Independent disks are not part of snapshots: use -Mode Cold." };
        var byKey = disks.Select(disk => files.Where(f => Place(f.Key) == Place(disk)).ToList()).ToList();
        if (byKey.TrueForAll(static found => found.Count == 1))
            return [.. byKey.Select(static found => found[0])];
        if (files.Count != disks.Count)
            throw new OsMigrateException(ErrorIds.VSphereFailed, ErrorKind.InvalidData, $"It is not clear which of the lease's {files.Count} files are the {disks.Count} disks of '{machine}'.", machine);
        // Hosts list the files in the order of the device keys.
        var order = disks.Select(static (disk, index) => (disk.Key, index)).OrderBy(static d => d.Key).Select(static (d, rank) => (d.index, rank)).OrderBy(static d => d.index);
        return [.. order.Select(d => files[d.rank])];
    }

    /// <summary>The key that a lease on a machine gives a disk, where no lease was asked.</summary>
    public static string KeyOf(MoRef machine, VSphereDisk disk) => $"/{machine.Value}/{Place(disk)}";

    /// <summary>"/vm-42/ParaVirtualSCSIController0:1" ends in controller, number and unit.</summary>
    private static string Place(string key) => key.Substring(key.LastIndexOf('/') + 1);

    private static string Place(VSphereDisk disk) => string.Format(CultureInfo.InvariantCulture, "{0}{1}:{2}", disk.ControllerType, disk.ControllerNumber, disk.UnitNumber);
}
