using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>The boot sector: where everything begins. Sizes in bytes, places in clusters.</summary>
/// <remarks>Source: flatcap NTFS documentation, "$Boot"; Microsoft, "BPB and extended BPB for NTFS".</remarks>
internal readonly record struct NtfsBoot
{
    public const int Size = 512;

    public int SectorSize { get; init; }

    public int ClusterSize { get; init; }

    public long SectorCount { get; init; }

    public long MftCluster { get; init; }

    public long MirrorCluster { get; init; }

    /// <summary>Bytes of an MFT record.</summary>
    public int RecordSize { get; init; }

    /// <summary>Bytes of a node of a folder's index.</summary>
    public int IndexBlockSize { get; init; }

    public ulong SerialNumber { get; init; }

    public long ClusterCount => SectorCount / (ClusterSize / SectorSize);

    /// <summary>Bytes from the first sector to the end of the last whole cluster.</summary>
    public long UsableBytes => ClusterCount * ClusterSize;

    public static bool Matches(ReadOnlySpan<byte> head)
        => head.Length >= Size && head.Slice(3, 8).SequenceEqual("NTFS    "u8);

    /// <exception cref="InvalidImageException">A field has a value that NTFS does not allow, or the volume is longer than the store.</exception>
    public static NtfsBoot Parse(ReadOnlySpan<byte> head, string name, long storeLength)
    {
        if (!Matches(head))
            throw Bad(name, 3, "no NTFS boot sector");
        var sector = (int)Le.U16(head, 11);
        if (sector is < 256 or > 4096 || !IsPowerOfTwo(sector))
            throw Bad(name, 11, $"a sector of {sector} bytes");
        var perCluster = head[13] > 0x80 ? 256 - head[13] is var shift && shift < 22 ? 1L << shift : 0 : head[13];
        var cluster = perCluster * sector;
        if (perCluster == 0 || cluster > 2 << 20 || !IsPowerOfTwo(cluster))
            throw Bad(name, 13, $"a cluster of {perCluster} sectors");
        var boot = new NtfsBoot
        {
            SectorSize = sector,
            ClusterSize = (int)cluster,
            SectorCount = Le.I64(head, 40),
            MftCluster = Le.I64(head, 48),
            MirrorCluster = Le.I64(head, 56),
            RecordSize = BlockSize(head, 64, cluster, name),
            IndexBlockSize = BlockSize(head, 68, cluster, name),
            SerialNumber = Le.U64(head, 72),
        };
        boot.CheckPlaces(name, storeLength);
        return boot;
    }

    private void CheckPlaces(string name, long storeLength)
    {
        if (SectorCount <= 0 || SectorCount > long.MaxValue / 4096 || ClusterCount == 0)
            throw Bad(name, 40, $"a volume of {SectorCount} sectors");
        if (UsableBytes > storeLength)
            throw new InvalidImageException(ErrorIds.Truncated, name, storeLength, $"the volume needs {UsableBytes} bytes, but there are only {storeLength}");
        if (MftCluster <= 0 || MftCluster >= ClusterCount)
            throw Bad(name, 48, $"the MFT begins at cluster {MftCluster} of {ClusterCount}");
        if (MirrorCluster < 0 || MirrorCluster >= ClusterCount)
            throw Bad(name, 56, $"the copy of the MFT begins at cluster {MirrorCluster} of {ClusterCount}");
    }

    /// <summary>A size that is given in clusters, or as a negative power of two when it is below one cluster.</summary>
    private static int BlockSize(ReadOnlySpan<byte> head, int at, long cluster, string name)
    {
        var code = (sbyte)head[at];
        var size = code > 0 ? code * cluster : code is < -8 and > -20 ? 1L << -code : 0;
        return size is >= 512 and <= 65536 && IsPowerOfTwo(size)
            ? (int)size
            : throw Bad(name, at, $"size code {code} of records does not make a size from 512 to 65536");
    }

    private static bool IsPowerOfTwo(long value) => (value & (value - 1)) == 0;

    private static InvalidImageException Bad(string name, long offset, string reason) => new(ErrorIds.BadStructure, name, offset, reason);
}
