using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.Partitions;
using OsMigrate.Partitions.Lvm;

namespace OsMigrate.Guests;

/// <summary>One partition of a guest, or a disk without any.</summary>
/// <param name="Disk">Position of the disk, from 0.</param>
/// <param name="DiskId">The disk's GUID, or the signature of an MBR as 8 hex digits; null without a table.</param>
/// <param name="Partition">Null for a file system over the whole disk.</param>
/// <param name="Store">Its bytes.</param>
public sealed record GuestVolume(int Disk, PartitionScheme Scheme, string? DiskId, Partition? Partition, VolumeKind Kind, ByteStore Store)
{
    /// <summary>"group/name" of a logical volume of Linux's LVM; null for anything else.</summary>
    public string? LogicalVolume { get; init; }

    /// <summary>"partition 2 of disk 0".</summary>
    public string Where => LogicalVolume is not null ? $"logical volume {LogicalVolume}" : Partition is null ? $"disk {Disk}" : $"partition {Partition.Number} of disk {Disk}";

    public override string ToString() => $"{Where}: {Kind}";
}

/// <summary>The disks of one machine as its guest sees them, in their order. Disks that can be written are edited in place; others behind an overlay, so the source is never touched.</summary>
public sealed class GuestDisks
{
    private const string EfiType = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";

    /// <summary>Types of partitions whose content is spread over disks by Windows itself: dynamic disks and storage spaces.</summary>
    private static readonly Dictionary<string, VolumeKind> SpreadTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["0x42"] = VolumeKind.Ldm, ["5808c8aa-7e8f-42e0-85d2-e1e90434cfb3"] = VolumeKind.Ldm, ["af9b60a0-1431-4f62-bc68-3311714a69ad"] = VolumeKind.Ldm,
        ["e75caf8f-f680-4cee-afa3-b001e56efc2d"] = VolumeKind.StorageSpaces,
    };

    /// <param name="disks">Content of the disks; they stay with their owner.</param>
    public GuestDisks(IReadOnlyList<ByteStore> disks)
    {
        Stores = disks.Select(static d => d.CanWrite ? d : new OverlayStore(d)).ToList();
        var volumes = new List<GuestVolume>();
        var notices = new List<string>();
        for (var i = 0; i < Stores.Count; i++)
        {
            var table = PartitionTable.Read(Stores[i]);
            notices.AddRange(table.Notices.Select(n => $"Disk {i}: {n}"));
            volumes.AddRange(table.Partitions.Count == 0 ? [new GuestVolume(i, table.Scheme, table.DiskId, null, VolumeProbe.Detect(Stores[i]), Stores[i])] : table.Partitions.Select(p => Volume(i, table, p)).OfType<GuestVolume>());
        }

        volumes.AddRange(Logical(volumes, notices));
        (Volumes, Notices) = (volumes, notices);
    }

    /// <summary>The disks, writable.</summary>
    public IReadOnlyList<ByteStore> Stores { get; }

    public IReadOnlyList<GuestVolume> Volumes { get; }

    /// <summary>What is wrong with the partition tables.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>EFI system partitions.</summary>
    public IEnumerable<GuestVolume> EfiPartitions
        => Volumes.Where(static v => v.Kind is VolumeKind.Fat12 or VolumeKind.Fat16 or VolumeKind.Fat32 && v.Partition?.TypeId is EfiType or "0xef");

    private static List<GuestVolume> Logical(List<GuestVolume> volumes, List<string> notices)
    {
        var physical = volumes.Where(static v => v.Kind == VolumeKind.Lvm).ToList();
        try
        {
            var found = new List<GuestVolume>();
            foreach (var logical in LvmVolumes.Read(physical.Select(static v => v.Store)))
            {
                if (logical.Store is null)
                    notices.Add($"The logical volume {logical} cannot be read: {logical.Reason}.");
                else
                    found.Add(new GuestVolume(physical[0].Disk, physical[0].Scheme, null, null, VolumeProbe.Detect(logical.Store), logical.Store) { LogicalVolume = logical.ToString() });
            }

            return found;
        }
        catch (InvalidImageException e)
        {
            notices.Add($"The logical volumes (LVM) cannot be read: {e.Message}");
            return [];
        }
    }

    private GuestVolume? Volume(int disk, PartitionTable table, Partition partition)
    {
        var size = Math.Min(partition.SizeBytes, Stores[disk].Length - partition.StartBytes);
        if (partition.StartBytes < 0 || size <= 0)
            return null;
        var store = new SliceStore(Stores[disk], partition.StartBytes, size, $"partition {partition.Number} of {Stores[disk].Name}");
        return new GuestVolume(disk, table.Scheme, table.DiskId, partition, SpreadTypes.TryGetValue(partition.TypeId, out var spread) ? spread : VolumeProbe.Detect(store), store);
    }
}
