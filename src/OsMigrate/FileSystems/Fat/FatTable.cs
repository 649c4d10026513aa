using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Fat;

/// <summary>The file allocation table: for each cluster the next one of its file. Safe for reading from several threads.</summary>
internal sealed class FatTable(ByteStore store, FatGeometry geometry)
{
    // A multiple of 3 and of 4, so that no entry of any width crosses its end.
    private const int PageSize = 12 << 10;

    private readonly object _gate = new();
    private readonly byte[] _page = new byte[PageSize];
    private long _pageStart = -1;
    private uint _searchFrom = 2;
    private uint? _free;

    private uint EndMark => geometry.Bits switch { 12 => 0xFFF, 16 => 0xFFFF, _ => 0x0FFF_FFFF };

    /// <summary>Clusters that no file uses; the first call reads the whole table.</summary>
    public uint FreeClusters
    {
        get
        {
            if (_free is { } known)
                return known;
            uint free = 0;
            for (uint cluster = 2; cluster <= geometry.LastCluster; cluster++)
                free += Get(cluster) == 0 ? 1u : 0u;
            _free = free;
            return free;
        }
    }

    /// <summary>Where the search for a free cluster goes on.</summary>
    public uint SearchFrom => _searchFrom;

    /// <summary>The entry of a cluster: 0 free, otherwise the next cluster or a mark.</summary>
    public uint Get(uint cluster)
    {
        var at = EntryAt(cluster);
        lock (_gate)
        {
            if (_pageStart != at / PageSize * PageSize)
                LoadPage(at / PageSize * PageSize);
            var entry = _page.AsSpan((int)(at - _pageStart));
            return geometry.Bits switch
            {
                12 => (uint)(BinaryPrimitives.ReadUInt16LittleEndian(entry) >> ((cluster & 1) == 0 ? 0 : 4)) & 0xFFF,
                16 => BinaryPrimitives.ReadUInt16LittleEndian(entry),
                _ => BinaryPrimitives.ReadUInt32LittleEndian(entry) & 0x0FFF_FFFF,
            };
        }
    }

    /// <summary>All clusters of a file, from its first.</summary>
    /// <exception cref="InvalidImageException">The chain leaves the volume, meets a free or bad cluster, or runs in a circle.</exception>
    public IEnumerable<uint> Chain(uint first)
    {
        uint passed = 0;
        for (var cluster = first; ;)
        {
            if (cluster < 2 || cluster > geometry.LastCluster)
                throw Broken(first, $"leads to cluster {cluster}; clusters go from 2 to {geometry.LastCluster}");
            if (++passed > geometry.ClusterCount)
                throw Broken(first, "runs in a circle");
            yield return cluster;
            cluster = Get(cluster);
            // The eight highest values all mean the end.
            if (cluster >= EndMark - 7)
                yield break;
        }
    }

    /// <summary>Takes free clusters, chains them and marks the end.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.DiskFull"/>; nothing is taken then.</exception>
    public List<uint> Allocate(long count)
    {
        if (count > FreeClusters)
            throw new OsMigrateException(ErrorIds.DiskFull, ErrorKind.ResourceUnavailable, $"The volume '{store.Name}' has no room: {ByteSize.Text(count * geometry.ClusterSize)} are needed, {ByteSize.Text((long)FreeClusters * geometry.ClusterSize)} are free.", store.Name);
        var taken = new List<uint>();
        var cluster = _searchFrom;
        for (uint passed = 0; taken.Count < count && passed < geometry.ClusterCount; passed++)
        {
            if (Get(cluster) == 0)
                taken.Add(cluster);
            cluster = cluster == geometry.LastCluster ? 2 : cluster + 1;
        }

        _searchFrom = cluster;
        for (var i = 0; i < taken.Count; i++)
            Set(taken[i], i + 1 < taken.Count ? taken[i + 1] : EndMark);
        return taken;
    }

    /// <summary>Makes <paramref name="next"/> follow <paramref name="last"/>, the end of a chain.</summary>
    public void Link(uint last, uint next) => Set(last, next);

    /// <summary>Gives the clusters of a chain back.</summary>
    public void Release(uint first)
    {
        foreach (var cluster in Chain(first).ToList())
            Set(cluster, 0);
    }

    private void Set(uint cluster, uint value)
    {
        var before = Get(cluster);
        if (_free is { } free)
            _free = free + (value == 0 && before != 0 ? 1u : 0u) - (value != 0 && before == 0 ? 1u : 0u);
        var at = EntryAt(cluster);
        lock (_gate)
        {
            for (var table = 0; table < geometry.TableCount; table++)
            {
                if (geometry.IsMirrored || table == geometry.ActiveTable)
                    Patch(geometry.TableStart + (table * geometry.TableBytes) + at, cluster, value);
            }

            _pageStart = -1;
        }
    }

    private void Patch(long place, uint cluster, uint value)
    {
        Span<byte> entry = stackalloc byte[geometry.Bits == 32 ? 4 : 2];
        store.Read(place, entry);
        if (geometry.Bits == 12)
        {
            uint pair = BinaryPrimitives.ReadUInt16LittleEndian(entry);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)((cluster & 1) == 0 ? (pair & 0xF000u) | (value & 0xFFFu) : (pair & 0x000Fu) | ((value & 0xFFFu) << 4)));
        }
        else if (geometry.Bits == 16)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)value);
        }
        else
        {
            // The upper four bits are reserved and stay as they are.
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (BinaryPrimitives.ReadUInt32LittleEndian(entry) & 0xF000_0000) | value);
        }

        store.Write(place, entry);
    }

    private long EntryAt(uint cluster) => (long)cluster * geometry.Bits / 8;

    private void LoadPage(long start)
    {
        var count = (int)Math.Min(PageSize, geometry.TableBytes - start);
        store.Read(geometry.TableStart + (geometry.ActiveTable * geometry.TableBytes) + start, _page.AsSpan(0, count));
        _page.AsSpan(count).Clear();
        _pageStart = start;
    }

    private InvalidImageException Broken(uint first, string how)
        => new(ErrorIds.BadStructure, store.Name, geometry.TableStart + EntryAt(Math.Min(first, geometry.LastCluster)), $"the chain of clusters that begins at {first} {how}");
}
