using OsMigrate.Bytes;
using OsMigrate.Machines;
using OsMigrate.VSphere.Inventory;
using static OsMigrate.VSphere.Inventory.InventoryFacts;

namespace OsMigrate.Migrations.Assessment.Rules;

/// <summary>Disks: what cannot be copied, what is lost, what meets a limit.</summary>
internal static class DiskRules
{
    /// <summary>A virtio-blk disk takes a PCI slot, and devices beyond vdz get names of two letters that old tools do not know.</summary>
    private const int ManyDisks = 26;

    /// <summary>Glance, [DEFAULT] image_size_cap: 1 TiB unless the operator sets it.</summary>
    private const long ImageSizeCap = 1L << 40;

    private const long LargeDisk = 2L << 40;

    public static IReadOnlyList<AssessmentRule> All { get; } =
    [
        new("openstack.disk.none", ConcernCategory.Critical, "No disk",
            "There is nothing to start a server from.", "Attach its disk, or leave the machine behind: it may start from the network.",
            HardDisks, static s => Finding.When(s.Machine.Disks.Count == 0, "it has no hard disk")),
        new("vmware.disk.capacity.invalid", ConcernCategory.Critical, "Disk without a size",
            "A disk of no size cannot be copied.", "Remove or repair the disk.",
            DiskSizes, static s => Finding.Of(s.Machine.Disks.Where(static d => d.CapacityBytes <= 0).Select(RuleSubject.Name))),
        new("vmware.datastore.missing", ConcernCategory.Critical, "Disk that is on no datastore",
            "The content is on a device of a client or in persistent memory and cannot be read.", "Move the disk to a datastore.",
            DiskBackings, static s => Finding.Of(s.Machine.Disks.Where(static d => d.Backing == DiskBacking.Other).Select(RuleSubject.Name))),
        new("openstack.disk.rdm_physical", ConcernCategory.Critical, "Raw device in physical mode",
            "No export of vSphere can read it.", "Detach it and copy it from inside the guest or on the array (Cinder can manage the LUN), or change it to virtual mode.",
            DiskBackings, static s => Finding.Of(s.Machine.Disks.Where(static d => d.Backing == DiskBacking.RawPhysical).Select(RuleSubject.Name))),
        new("vmware.disk.rdm.detected", ConcernCategory.Warning, "Raw device in virtual mode",
            "It is copied as a disk like any other; the LUN itself stays where it is.", "Make sure that nothing else uses the LUN.",
            DiskBackings, static s => Finding.Of(s.Machine.Disks.Where(static d => d.Backing == DiskBacking.RawVirtual).Select(RuleSubject.Name))),
        new("vmware.disk_mode.independent", ConcernCategory.Warning, "Independent disk",
            "Snapshots leave it out, so it can only be copied while the machine is off.", "Move the machine with -Mode Cold, or make the disk dependent.",
            DiskBackings, static s => Finding.Of(s.Machine.Disks.Where(static d => d.IsIndependent).Select(static d => $"{RuleSubject.Name(d)}: {d.Mode}"))),
        new("openstack.disk.nonpersistent", ConcernCategory.Warning, "Disk that forgets what is written",
            "In OpenStack the disk keeps what is written to it.", "Reset the server from an image or snapshot where forgetting is wanted.",
            DiskBackings, static s => Finding.Of(s.Machine.Disks.Where(static d => d.Mode.IndexOf("nonpersistent", StringComparison.OrdinalIgnoreCase) >= 0 || d.Mode == "undoable").Select(static d => $"{RuleSubject.Name(d)}: {d.Mode}"))),
        new("vmware.disk.shared.detected", ConcernCategory.Warning, "Disk that several machines write to",
            "Each machine would get a copy of its own, and they would grow apart.", "Move the cluster together: copy the disk once, to a volume type with multiattach, and attach it to all.",
            DiskSharing, static s => Finding.Of(s.Machine.Disks.Where(static d => d.IsShared).Select(RuleSubject.Name))),
        new("openstack.disk.shared_bus", ConcernCategory.Warning, "Disk on a shared SCSI bus",
            "A cluster in the guest (Windows failover cluster) reserves it by SCSI-3, which needs a multiattach volume type and virtio-scsi.", "Plan the cluster as one move; consider storage inside the guests (S2D, iSCSI).",
            DiskSharing, static s => s.Traits.SharedBusDisks is { } shared ? Finding.Of(shared) : Finding.Unknown),
        new("openstack.disk.linked_clone", ConcernCategory.Information, "Linked clone",
            "The copy holds everything of its own: it needs more room than the clone does.", "Count the whole size when you plan room.",
            DiskChains | Snapshots, static s => Finding.Of(s.Machine.Snapshots.Count > 0 ? [] : s.Machine.Disks.Where(static d => d.ParentFiles.Count > 0).Select(static d => $"{RuleSubject.Name(d)}: {d.ParentFiles.Count} parents"))),
        new("openstack.disk.count", ConcernCategory.Warning, "More than 26 disks",
            "As virtio-blk each disk takes a PCI slot, and names go beyond vdz.", "Give the image hw_disk_bus=scsi and hw_scsi_model=virtio-scsi, or join volumes.",
            HardDisks, static s => Finding.When(s.Machine.Disks.Count > ManyDisks, $"{s.Machine.Disks.Count} disks")),
        new("vmware.disk.nvme.detected", ConcernCategory.Information, "NVMe disk",
            "OpenStack has no NVMe bus; the disk becomes virtio, and its name in the guest changes.", "Linux: mount by UUID, not by /dev/nvme0n1.",
            HardDisks, static s => Finding.Of(s.Machine.Disks.Where(static d => d.Bus == DiskBus.Nvme).Select(RuleSubject.Name))),
        new("openstack.image.size_cap", ConcernCategory.Warning, "Disk above Glance's size limit",
            "Glance refuses images above image_size_cap, 1 TiB unless the operator changed it. What counts is the compressed image.", "Ask the operator for the limit; free space inside the guest that is zeroed does not count.",
            DiskSizes, static s => Finding.Of(s.Machine.Disks.Where(static d => d.CapacityBytes > ImageSizeCap).Select(RuleSubject.Name))),
        new("openstack.disk.large", ConcernCategory.Advisory, "Disk above 2 TiB",
            "Long copies meet more faults; a volume of this size may be beyond a backend's limit.", "Move it warm, so that the time does not count, and ask for the largest volume size.",
            DiskSizes, static s => Finding.Of(s.Machine.Disks.Where(static d => d.CapacityBytes > LargeDisk).Select(RuleSubject.Name))),
        new("openstack.image.preflight", ConcernCategory.Advisory, "Disk that Glance may refuse as raw",
            "There are more disks than mounted file systems. Glance refuses raw images of disks that were initialised but are empty, or hold a file system without partitions.", "Send disks as QCOW2, as OsMigrate does unless told otherwise.",
            GuestFileSystems | HardDisks, static s => Finding.When(s.Traits.FileSystems!.Count < s.Machine.Disks.Count, $"{s.Machine.Disks.Count} disks, {s.Traits.FileSystems!.Count} file systems")),
        new("openstack.disk.serial_changes", ConcernCategory.Information, "Guest sees serial numbers of disks",
            "In OpenStack a disk's serial number is its volume's id.", "Look for software that finds disks by serial number (Oracle ASM, licences).",
            None, static s => Finding.When(s.Traits.DiskUuidEnabled, "disk.EnableUUID is on")),
        new("openstack.datastore.lease_only", ConcernCategory.Information, "Datastore without files",
            "vSAN and vVols do not hand out parts of disks: a warm move and a look before the copy are not possible there.", "Use -Transport Lease with -Mode Cold or Snapshot.",
            Datastores | DiskBackings, static s => Stores(s, static d => d.HasNoFiles, static d => $"{d.Name} ({d.Type})")),
        new("openstack.datastore.inaccessible", ConcernCategory.Critical, "Datastore that cannot be reached",
            "Its disks cannot be read.", "Bring the datastore back.",
            Datastores | DiskBackings, static s => Stores(s, static d => d.IsAccessible == false, static d => d.Name)),
        new("openstack.disk.thin_ratio", ConcernCategory.Information, "Mostly empty disks",
            "Less than a tenth of the disks is used; volumes in OpenStack count with their full size.", "Consider smaller disks, or a thin backend.",
            DiskSizes, static s => s.Machine.UsedBytes <= 0 || s.Machine.Disks.Sum(static d => d.CapacityBytes) < 100L << 30 ? Finding.Clear
                : Finding.When(s.Machine.UsedBytes < s.Machine.Disks.Sum(static d => d.CapacityBytes) / 10, $"{ByteSize.Text(s.Machine.UsedBytes)} of {ByteSize.Text(s.Machine.Disks.Sum(static d => d.CapacityBytes))} used")),
    ];

    private static Finding Stores(RuleSubject subject, Func<VSphereDatastore, bool> fits, Func<VSphereDatastore, string> show)
    {
        var stores = subject.DatastoreNames.Select(subject.Site.Datastore).ToList();
        var found = stores.OfType<VSphereDatastore>().Where(fits).Select(show).ToList();
        // One that the inventory does not have could be anything, and so could one that is not named.
        return found.Count == 0 && (stores.Contains(null) || subject.Machine.Disks.Any(static d => d.FileName.Length == 0)) ? Finding.Unknown : Finding.Of(found);
    }
}
