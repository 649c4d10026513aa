using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Ext;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.FileSystems.Xfs;
using OsMigrate.Partitions.Lvm;

namespace OsMigrate.Guests;

/// <summary>What is known of one volume's free space.</summary>
/// <param name="Volume">"partition 2 of disk 0: NTFS"</param>
/// <param name="FreeBytes">What a copy may leave out of it.</param>
/// <param name="Doubt">Why nothing may be left out, as the end of a sentence that begins with "it"; null where it may.</param>
public sealed record VolumeFreeSpace(string Volume, long FreeBytes, string? Doubt);

/// <summary>What of a machine's disks belongs to no file, no structure and no gap: a copy may leave it out.</summary>
/// <remarks>
/// Only file systems that were unmounted in order are asked, and only what they themselves call free is left out: gaps between partitions, boot
/// sectors, swap space, encrypted and unknown volumes count as used.
/// </remarks>
public sealed class FreeSpaceMap
{
    /// <summary>Shorter runs are copied: asking for the pieces between them costs more than they do.</summary>
    private const long ShortestRun = 256 << 10;

    /// <summary>Runs are cut to multiples of this, so that what is left out is whole clusters of the copy.</summary>
    private const long Grid = 64 << 10;

    /// <summary>A disk with more runs than this is as good as full.</summary>
    private const int MaxRuns = 4_000_000;

    private readonly List<Extent>[] _free;
    private readonly GuestDisks _guest;
    private readonly List<(GuestVolume Place, List<(int Disk, Extent Free)> Runs)> _toProve = [];
    private readonly List<VolumeFreeSpace> _volumes = [];
    private bool? _unread;

    private FreeSpaceMap(IReadOnlyList<ByteStore> disks)
    {
        _guest = new GuestDisks(disks);
        _free = [.. disks.Select(static _ => new List<Extent>())];
    }

    /// <summary>Every volume that could say something.</summary>
    public IReadOnlyList<VolumeFreeSpace> Volumes => _volumes;

    /// <summary>Reads the maps of all volumes; writes nothing.</summary>
    /// <param name="disks">Content of all disks of the machine, in order; they stay with their owner.</param>
    /// <exception cref="OsMigrateException">A disk cannot be read. Damage of a volume is a doubt.</exception>
    public static FreeSpaceMap Read(IReadOnlyList<ByteStore> disks, CancellationToken cancel)
    {
        var map = new FreeSpaceMap(disks);
        foreach (var volume in map._guest.Volumes)
            map.Add(volume, cancel);
        for (var i = 0; i < map._free.Length; i++)
            map._free[i] = Merged(map._free[i]);
        return map;
    }

    /// <summary>What may be left out of a disk: ascending, without overlaps.</summary>
    public IReadOnlyList<Extent> Of(int disk) => _free[disk];

    /// <summary>Looks into copies without this free space whether a file uses some of it after all.</summary>
    /// <param name="copies">The disks' copies, in the same order.</param>
    /// <returns>What must be copied nevertheless, by disk, with the volume and the reason; empty when all is well.</returns>
    /// <exception cref="OsMigrateException">A copy cannot be read. Damage of a volume is a contradiction.</exception>
    public IReadOnlyList<(int Disk, IReadOnlyList<Extent> Areas, string Volume, string Reason)> ContradictionsIn(IReadOnlyList<ByteStore> copies, CancellationToken cancel)
    {
        var found = new List<(int, IReadOnlyList<Extent>, string, string)>();
        var guest = new GuestDisks(copies);
        foreach (var (place, runs) in _toProve)
        {
            if (Contradiction(guest.Volumes.FirstOrDefault(v => v.Where == place.Where && v.Kind == place.Kind), cancel) is not { } reason)
                continue;
            foreach (var disk in runs.GroupBy(static r => r.Disk))
                found.Add((disk.Key, [.. disk.Select(static r => r.Free)], place.ToString(), reason));
        }

        return found;
    }

    /// <summary>A disk without what is free on it, proved. Owns the disk, also on an error.</summary>
    /// <param name="tell">Told of every volume that could say something.</param>
    /// <exception cref="OsMigrateException">The disk cannot be read. Damage of a volume is a doubt.</exception>
    public static DiskImage Trim(DiskImage disk, Action<VolumeFreeSpace> tell, CancellationToken cancel)
    {
        try
        {
            var map = Read([disk], cancel);
            var wrong = map.ContradictionsIn([disk], cancel);
            foreach (var volume in map.Volumes)
            {
                // A file system that contradicts itself is damage: then nothing of its disk is risked.
                tell(wrong.Count == 0 || volume.Doubt is not null
                    ? volume
                    : volume with { FreeBytes = 0, Doubt = wrong.FirstOrDefault(w => w.Volume == volume.Volume).Reason is { } reason ? $"contradicts itself ({reason})" : "shares its disk with one that contradicts itself" });
            }

            return wrong.Count == 0 ? new TrimmedImage(disk, map.Of(0)) : disk;
        }
        catch
        {
            disk.Dispose();
            throw;
        }
    }

    private static List<Extent> Merged(List<Extent> free)
    {
        var merged = new List<Extent>(free.Count);
        foreach (var run in free.OrderBy(static f => f.Start))
        {
            if (merged.Count > 0 && merged[merged.Count - 1] is var last && run.Start <= last.End)
                merged[merged.Count - 1] = last with { Length = Math.Max(last.End, run.End) - last.Start };
            else
                merged.Add(run);
        }

        return merged;
    }

    private static string? Contradiction(GuestVolume? copy, CancellationToken cancel)
    {
        if (copy is null)
            return "it is not in the copy";
        try
        {
            return Open(copy) is IFreeSpaceProof files ? files.FreeSpaceContradiction(cancel) : "it is another file system in the copy";
        }
        catch (InvalidImageException e)
        {
            return e.Message;
        }
    }

    private void Add(GuestVolume volume, CancellationToken cancel)
    {
        try
        {
            if (Open(volume) is not { } files)
                return;
            if ((files.FreeSpaceDoubt ?? DoubtOf(volume)) is { } doubt)
            {
                _volumes.Add(new VolumeFreeSpace(volume.ToString(), 0, doubt));
                return;
            }

            Add(volume, files, cancel);
        }
        catch (InvalidImageException e)
        {
            _volumes.Add(new VolumeFreeSpace(volume.ToString(), 0, $"is damaged ({e.Message.TrimEnd('.')})"));
        }
    }

    private void Add(GuestVolume volume, IFreeSpace files, CancellationToken cancel)
    {
        var runs = new List<(int Disk, Extent Free)>();
        foreach (var free in files.FreeExtents(cancel).Where(static f => f.Length >= ShortestRun))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var (disk, start, length) in Places(volume.Store, free.Start, free.Length))
            {
                var from = (start + Grid - 1) / Grid * Grid;
                var to = (start + length) / Grid * Grid;
                if (to - from >= ShortestRun)
                    runs.Add((disk, new Extent(from, to - from, ExtentKind.Zero)));
            }

            if (runs.Count > MaxRuns)
            {
                _volumes.Add(new VolumeFreeSpace(volume.ToString(), 0, "has its free space in too many pieces"));
                return;
            }
        }

        foreach (var (disk, free) in runs)
            _free[disk].Add(free);
        _volumes.Add(new VolumeFreeSpace(volume.ToString(), runs.Sum(static r => r.Free.Length), null));
        if (files is IFreeSpaceProof && runs.Count > 0)
            _toProve.Add((volume, runs));
    }

    /// <summary>The places of a volume's bytes on the disks.</summary>
    private IEnumerable<(int Disk, long Start, long Length)> Places(ByteStore store, long start, long length)
    {
        for (var i = 0; i < _guest.Stores.Count; i++)
        {
            if (!ReferenceEquals(_guest.Stores[i], store))
                continue;
            yield return (i, start, length);
            yield break;
        }

        if (store is not IPlacedStore placed)
            yield break;
        foreach (var (below, at, count) in placed.Places(start, length))
        {
            foreach (var place in Places(below, at, count))
                yield return place;
        }
    }

    /// <summary>Why a volume's own word is not enough.</summary>
    private string? DoubtOf(GuestVolume volume)
    {
        if (volume.LogicalVolume is not null)
            return HasUnreadVolumes() ? "shares its physical volumes with snapshots or others that are not read here" : null;
        if (volume.Partition is null)
            return null;
        var (start, end) = (volume.Partition.StartBytes, volume.Partition.StartBytes + volume.Partition.SizeBytes);
        return _guest.Volumes.Any(v => v.Disk == volume.Disk && v.Partition is { IsExtended: false } other && other != volume.Partition && other.StartBytes < end && other.StartBytes + other.SizeBytes > start)
            ? "overlaps another partition"
            : null;
    }

    /// <summary>Snapshots of LVM keep using blocks of their origin that are free in it by now.</summary>
    private bool HasUnreadVolumes()
        => _unread ??= LvmVolumes.Read(_guest.Volumes.Where(static v => v.Kind == VolumeKind.Lvm).Select(static v => v.Store)).Any(static v => v.Store is null);

    private static IFreeSpace? Open(GuestVolume volume) => volume.Kind switch
    {
        VolumeKind.Ntfs => NtfsVolume.Open(volume.Store),
        VolumeKind.Ext => ExtVolume.Open(volume.Store),
        VolumeKind.Xfs => XfsVolume.Open(volume.Store),
        _ => null,
    };
}
