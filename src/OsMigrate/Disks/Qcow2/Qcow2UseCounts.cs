using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>What uses a cluster.</summary>
internal enum Qcow2Use
{
    Data,
    L2Table,

    /// <summary>A structure that nothing else may share: header, L1 table, reference counts, snapshot table, bitmaps' tables.</summary>
    Structure,
}

/// <summary>Counts how often each cluster of the file is used. Two bytes per cluster, in pages that exist only where something is used.</summary>
internal sealed class Qcow2UseCounts(long fileLength, int clusterBits, Qcow2Findings findings)
{
    /// <summary>Counts stop here: more is not told apart.</summary>
    public const int Saturated = 0x3FFF;

    private const ushort StructureFlag = 0x8000;
    private const ushort L2Flag = 0x4000;
    private const int PageBits = 15;
    private const long MaxBytes = 64 << 20;

    private readonly Dictionary<long, ushort[]> _pages = [];
    private (long Number, ushort[]? Page) _last = (-1, null);

    /// <summary>Clusters that the file has, the last one perhaps cut short.</summary>
    public long ClusterCount { get; } = (fileLength + (1L << clusterBits) - 1) >> clusterBits;

    /// <summary>The pages would take too much memory: counting was given up and the counts mean nothing.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>Counts the clusters that a range of the file touches.</summary>
    /// <param name="times">How many references the range stands for.</param>
    public void Add(long offset, long length, Qcow2Use use, int times, string what)
    {
        if (length <= 0)
            return;
        // One cluster more than there is: the last may have been cut off, as some programs do.
        if (offset < 0 || offset > fileLength + (1L << clusterBits) - length)
        {
            findings.Corruption(ErrorIds.Truncated, offset, $"{what} of {length} bytes reaches past the end of the file at {fileLength}");
            return;
        }

        var last = (offset + length - 1) >> clusterBits;
        for (var cluster = offset >> clusterBits; cluster <= last && !GaveUp; cluster++)
            AddCluster(cluster, use, times, what);
    }

    /// <summary>How often a cluster is used, at most <see cref="Saturated"/>.</summary>
    public int this[long cluster] => Page(cluster >> PageBits) is { } page ? page[cluster & ((1 << PageBits) - 1)] & Saturated : 0;

    private void AddCluster(long cluster, Qcow2Use use, int times, string what)
    {
        var page = Page(cluster >> PageBits) ?? NewPage(cluster >> PageBits);
        if (page is null)
            return;
        ref var entry = ref page[cluster & ((1 << PageBits) - 1)];
        var flags = entry & (StructureFlag | L2Flag);
        var flag = use switch { Qcow2Use.Structure => StructureFlag, Qcow2Use.L2Table => L2Flag, _ => 0 };
        var isShared = (entry & Saturated) > 0 && (use == Qcow2Use.Structure || flags != flag);
        if (isShared)
            findings.Corruption(ErrorIds.Overlap, cluster << clusterBits, $"{what} and another part of the image share this cluster");
        entry = (ushort)(flags | flag | Math.Min(Saturated, (entry & Saturated) + times));
    }

    private ushort[]? Page(long number)
    {
        if (_last.Number != number)
            _last = (number, _pages.TryGetValue(number, out var page) ? page : null);
        return _last.Page;
    }

    private ushort[]? NewPage(long number)
    {
        GaveUp = _pages.Count * (2L << PageBits) >= MaxBytes;
        if (GaveUp)
            return null;
        var page = new ushort[1 << PageBits];
        _pages[number] = page;
        _last = (number, page);
        return page;
    }
}
