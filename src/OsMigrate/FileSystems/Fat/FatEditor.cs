using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Fat;

/// <summary>Changes a FAT volume. Content and chain are written before the slot that leads to them, old clusters are given back last.</summary>
internal sealed class FatEditor(FatVolume volume)
{
    private const int CopySize = 1 << 20;
    private const int MaxDepth = 64;

    private FatGeometry Geometry => volume.Geometry;

    public void CreateFolder(string[] path, DateTime made)
    {
        uint folder = 0;
        foreach (var name in path)
        {
            var found = Child(folder, name);
            if (found is { IsFolder: false })
                throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{name}' is a file; a folder cannot have its place.", name);
            folder = found?.FirstCluster ?? NewFolder(folder, name, made);
        }

        Finish();
    }

    public void WriteFile(string[] path, ByteStore content, DateTime modified)
    {
        var (folder, name) = Parent(path);
        FatNames.RequireValid(name);
        if (content.Length > uint.MaxValue)
            throw new OsMigrateException(ErrorIds.TooLarge, ErrorKind.InvalidArgument, $"'{name}' has {ByteSize.Text(content.Length)}; a file on a FAT volume is smaller than 4 GiB.", name);
        var old = Child(folder, name);
        if (old is { IsFolder: true })
            throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"'{name}' is a folder; a file cannot have its place.", name);
        var first = Store(content);
        var slot = old is null ? NewSlot(0x20, modified) : (byte[])old.Slot.Clone();
        Describe(slot, first, (uint)content.Length, modified);
        if (old is null)
        {
            Insert(folder, name, slot, first);
        }
        else
        {
            volume.Store.Write(old.Places[old.Places.Count - 1], slot);
            if (old.FirstCluster != 0)
                volume.Table.Release(old.FirstCluster);
        }

        Finish();
    }

    public void Delete(string[] path, bool recurse)
    {
        var (folder, name) = Parent(path);
        var found = Child(folder, name) ?? throw Missing(name);
        Delete(found, recurse, MaxDepth);
        Finish();
    }

    private void Delete(FatNamed entry, bool recurse, int depth)
    {
        if (entry.IsFolder)
        {
            volume.Claim(entry);
            foreach (var child in volume.Slots.Named(entry.FirstCluster).ToList())
            {
                if (!recurse || depth == 0)
                    throw new OsMigrateException(ErrorIds.FileExists, ErrorKind.AlreadyExists, $"The folder '{entry.Name}' is not empty.", entry.Name);
                Delete(child, recurse, depth - 1);
            }
        }

        foreach (var place in entry.Places)
            volume.Store.Write(place, [FatSlots.DeletedMark]);
        if (entry.FirstCluster != 0)
            volume.Table.Release(entry.FirstCluster);
    }

    private (uint Folder, string Name) Parent(string[] path)
    {
        if (path.Length == 0)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, "The root folder itself cannot be written or deleted.");
        uint folder = 0;
        for (var i = 0; i < path.Length - 1; i++)
            folder = Child(folder, path[i]) is { IsFolder: true } found ? found.FirstCluster : throw Missing(path[i]);
        return (folder, path[path.Length - 1]);
    }

    private FatNamed? Child(uint folder, string name) => volume.Slots.Named(folder).FirstOrDefault(n => n.Has(name));

    private uint NewFolder(uint parent, string name, DateTime now)
    {
        FatNames.RequireValid(name);
        var cluster = volume.Table.Allocate(1)[0];
        var bytes = new byte[Geometry.ClusterSize];
        Dot(bytes.AsSpan(0, 32), ".", cluster, now);
        Dot(bytes.AsSpan(32, 32), "..", parent, now);
        volume.Store.Write(Geometry.OffsetOf(cluster), bytes);
        var slot = NewSlot(FatNamed.FolderAttribute, now);
        Describe(slot, cluster, 0, now);
        Insert(parent, name, slot, cluster);
        return cluster;
    }

    private static void Dot(Span<byte> target, string name, uint cluster, DateTime now)
    {
        var slot = NewSlot(FatNamed.FolderAttribute, now);
        Describe(slot, cluster, 0, now);
        slot.AsSpan(0, 11).Fill((byte)' ');
        slot.AsSpan(0, name.Length).Fill((byte)'.');
        slot.CopyTo(target);
    }

    private static byte[] NewSlot(byte attributes, DateTime created)
    {
        var slot = new byte[FatGeometry.SlotSize];
        slot[11] = attributes;
        var (date, time) = FatTimes.Write(created);
        BinaryPrimitives.WriteUInt16LittleEndian(slot.AsSpan(14), time);
        BinaryPrimitives.WriteUInt16LittleEndian(slot.AsSpan(16), date);
        return slot;
    }

    private static void Describe(byte[] slot, uint first, uint size, DateTime modified)
    {
        var (date, time) = FatTimes.Write(modified);
        BinaryPrimitives.WriteUInt16LittleEndian(slot.AsSpan(18), date);
        BinaryPrimitives.WriteUInt16LittleEndian(slot.AsSpan(20), (ushort)(first >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(slot.AsSpan(22), time);
        BinaryPrimitives.WriteUInt16LittleEndian(slot.AsSpan(24), date);
        BinaryPrimitives.WriteUInt16LittleEndian(slot.AsSpan(26), (ushort)first);
        BinaryPrimitives.WriteUInt32LittleEndian(slot.AsSpan(28), size);
    }

    /// <summary>Writes content into new clusters; 0 for no content.</summary>
    private uint Store(ByteStore content)
    {
        if (content.Length == 0)
            return 0;
        var clusters = volume.Table.Allocate((content.Length + Geometry.ClusterSize - 1) / Geometry.ClusterSize);
        var perRun = Math.Max(1, CopySize / Geometry.ClusterSize);
        for (var i = 0; i < clusters.Count;)
        {
            var run = 1;
            while (run < perRun && i + run < clusters.Count && clusters[i + run] == clusters[i] + run)
                run++;
            var bytes = new byte[run * Geometry.ClusterSize];
            var at = (long)i * Geometry.ClusterSize;
            content.Read(at, bytes.AsSpan(0, (int)Math.Min(bytes.Length, content.Length - at)));
            volume.Store.Write(Geometry.OffsetOf(clusters[i]), bytes);
            i += run;
        }

        return clusters[0];
    }

    /// <summary>Gives an entry its names and its place in the folder.</summary>
    /// <param name="first">Its clusters, given back when the folder has no room.</param>
    private void Insert(uint folder, string name, byte[] slot, uint first)
    {
        var shortName = FatNames.Exact(name);
        var slots = new List<byte[]>();
        if (shortName is null || IsTaken(folder, shortName))
        {
            shortName = FatNames.Alias(name, s => IsTaken(folder, s));
            slots.AddRange(FatSlots.LongSlots(name, shortName));
        }

        shortName.CopyTo(slot, 0);
        slots.Add(slot);
        try
        {
            var places = Room(folder, slots.Count, out var nextPlace);
            for (var i = 0; i < slots.Count; i++)
                volume.Store.Write(places[i], slots[i]);
            if (nextPlace is { } end)
                volume.Store.Write(end, [0]);
        }
        catch (OsMigrateException) when (first != 0)
        {
            volume.Table.Release(first);
            throw;
        }
    }

    private bool IsTaken(uint folder, byte[] shortName)
        => volume.Slots.Used(folder).Any(u => u.Slot[0] != FatSlots.DeletedMark && (u.Slot[11] & FatNamed.LabelAttribute) == 0 && u.Slot.AsSpan(0, 11).SequenceEqual(shortName));

    /// <summary>Finds so many free slots in a row; the folder grows when it must.</summary>
    /// <param name="nextPlace">The slot behind them when it lies beyond the old end of the list: it must become the new end.</param>
    private List<long> Room(uint folder, int count, out long? nextPlace)
    {
        nextPlace = null;
        var used = volume.Slots.Used(folder).ToList();
        var all = volume.Slots.Places(folder).ToList();
        var start = 0;
        for (var i = 0; i < all.Count; i++)
        {
            if (i < used.Count && used[i].Slot[0] != FatSlots.DeletedMark)
                start = i + 1;
            else if (i + 1 - start == count)
            {
                if (i + 1 >= used.Count && i + 1 < all.Count)
                    nextPlace = all[i + 1];
                return all.GetRange(start, count);
            }
        }

        Grow(folder, all.Count);
        return Room(folder, count, out nextPlace);
    }

    private void Grow(uint folder, int slots)
    {
        if (folder == 0 && Geometry.Bits != 32)
            throw new OsMigrateException(ErrorIds.DiskFull, ErrorKind.ResourceUnavailable, $"The root folder of '{volume.Store.Name}' is full; on {Geometry.Kind} it cannot grow.", volume.Store.Name);
        if (slots + (Geometry.ClusterSize / FatGeometry.SlotSize) > 65536)
            throw new OsMigrateException(ErrorIds.DiskFull, ErrorKind.ResourceUnavailable, "The folder is full: 65,536 slots are the most it may have.", volume.Store.Name);
        var added = volume.Table.Allocate(1)[0];
        volume.Store.Write(Geometry.OffsetOf(added), new byte[Geometry.ClusterSize]);
        volume.Table.Link(volume.Table.Chain(folder == 0 ? Geometry.RootCluster : folder).Last(), added);
    }

    /// <summary>FSInfo of FAT32: free clusters and where to look for the next. FAT specification, "FAT32 FSInfo Sector Structure".</summary>
    private void Finish()
    {
        volume.ForgetClaims();
        if (Geometry.InfoStart == 0)
            return;
        var info = volume.Store.ReadBytes(Geometry.InfoStart, 512);
        if (BinaryPrimitives.ReadUInt32LittleEndian(info) != 0x41615252 || BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(484)) != 0x61417272)
            return;
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(488), volume.Table.FreeClusters);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(492), volume.Table.SearchFrom);
        volume.Store.Write(Geometry.InfoStart, info);
    }

    private static OsMigrateException Missing(string name)
        => new(ErrorIds.FileNotFound, ErrorKind.NotFound, $"There is no '{name}' on the volume.", name);
}
