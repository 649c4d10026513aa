using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Where the fixed parts of a QCOW2 that we write lie. All positions follow from the virtual size and the cluster size alone.</summary>
/// <remarks>
/// Layout: header cluster, L1 table, refcount table, then per 'group' (the guest range of one L2 table) its data followed by the L2 table,
/// finished refcount blocks in between, the last refcount blocks at the end. So everything but the front can be written strictly in order,
/// and the front is a function of the sizes. Source: QEMU docs/interop/qcow2.txt, sections "Header", "Host cluster management".
/// </remarks>
internal sealed class Qcow2Geometry
{
    public const int MinClusterSize = 512;
    public const int MaxClusterSize = 2 * 1024 * 1024;
    public const int DefaultClusterSize = 65536;

    // QEMU refuses larger tables (block/qcow2.h, QCOW_MAX_L1_SIZE and QCOW_MAX_REFTABLE_SIZE).
    private const long MaxL1Bytes = 32 << 20;
    private const long MaxRefcountTableBytes = 8 << 20;

    public Qcow2Geometry(long virtualSize, int clusterSize)
    {
        if (clusterSize is < MinClusterSize or > MaxClusterSize || (clusterSize & (clusterSize - 1)) != 0)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"A QCOW2 cluster size must be a power of two from 512 bytes to 2 MiB, not {clusterSize}.");
        // QEMU counts a QCOW2 disk in whole 512-byte sectors and would cut the rest off.
        VirtualSize = virtualSize = Ceiling(virtualSize, 512) * 512;
        ClusterSize = clusterSize;
        ClusterBits = Log2(clusterSize);
        L2Entries = clusterSize / 8;
        RefcountsPerBlock = clusterSize / 2;
        GroupSize = (long)L2Entries * clusterSize;
        L1Entries = Ceiling(virtualSize, GroupSize);
        if (L1Entries * 8 > MaxL1Bytes)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"A disk of {virtualSize} bytes needs larger QCOW2 clusters than {clusterSize} bytes.");
        L1Offset = clusterSize;
        L1Clusters = Ceiling(L1Entries * 8, clusterSize);
        RefcountTableOffset = L1Offset + (L1Clusters * clusterSize);
        RefcountTableClusters = BoundRefcountTable();
        if (RefcountTableClusters * clusterSize > MaxRefcountTableBytes)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"A disk of {virtualSize} bytes needs larger QCOW2 clusters than {clusterSize} bytes.");
        DataOffset = RefcountTableOffset + (RefcountTableClusters * clusterSize);
    }

    /// <summary>True for blocks that clusters may be as large as.</summary>
    public static bool SuitsBlocks(int blockSize) => blockSize is >= 4096 and <= MaxClusterSize;

    public long VirtualSize { get; }

    public int ClusterSize { get; }

    public int ClusterBits { get; }

    /// <summary>Entries of one L2 table, which fills one cluster.</summary>
    public int L2Entries { get; }

    /// <summary>16-bit reference counts in one refcount block.</summary>
    public int RefcountsPerBlock { get; }

    /// <summary>Guest bytes that one L2 table maps.</summary>
    public long GroupSize { get; }

    public long L1Entries { get; }

    public long L1Offset { get; }

    public long L1Clusters { get; }

    public long RefcountTableOffset { get; }

    /// <summary>Reserved for the largest file this disk can become, so that it does not depend on the content.</summary>
    public long RefcountTableClusters { get; }

    /// <summary>First byte after the front; everything from here on is written in order.</summary>
    public long DataOffset { get; }

    public static long Ceiling(long value, long unit) => checked(value + unit - 1) / unit;

    private static int Log2(int value)
    {
        var bits = 0;
        while (value > 1)
        {
            value >>= 1;
            bits++;
        }

        return bits;
    }

    private long BoundRefcountTable()
    {
        // Worst case: every cluster stored plain, and of the file's clusters one in RefcountsPerBlock is a refcount block.
        // Room lost to alignment is bounded by one cluster for each batch of plain ones: counted as one more per L2 table and 1/32.
        var data = Ceiling(VirtualSize, ClusterSize);
        var clusters = data + (data / 32) + (2 * L1Entries) + L1Clusters + 16;
        var blocks = Ceiling(clusters, RefcountsPerBlock - 2) + 2;
        return Ceiling(blocks * 8, ClusterSize - 8) + 1;
    }
}
