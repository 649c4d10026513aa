using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>A header whose every size and offset was checked against the format's rules and the file's length.</summary>
/// <remarks>Source: QEMU docs/interop/qcow2.rst, sections "Header", "Standard Cluster Descriptor", "Extended L2 Entries".</remarks>
internal sealed class Qcow2Layout
{
    /// <summary>Bits 9 to 55 of a table entry: a byte offset in the file.</summary>
    public const ulong OffsetMask = 0x00FF_FFFF_FFFF_FE00;

    public const ulong CopiedFlag = 1UL << 63;
    public const ulong CompressedFlag = 1UL << 62;
    public const ulong ZeroFlag = 1;

    // Larger tables are refused by QEMU too.
    private const long MaxL1Entries = 4 << 20;
    private const long MaxRefcountTableBytes = 8 << 20;
    private const uint MaxSnapshots = 65536;
    private const int MinSubclusterSize = 512;
    private const int MaxNameLength = 1023;
    private const ulong KnownFeatures = 0x1F;

    private Qcow2Layout(Qcow2Header header, Qcow2HeaderExtensions extensions, string? backingName)
    {
        (Header, Extensions, BackingName) = (header, extensions, backingName);
        ClusterBits = (int)header.ClusterBits;
        HasSubclusters = Has(Qcow2Header.IncompatibleExtendedL2);
        // QEMU counts the disk in whole sectors; so do we, or the two would see different disks.
        VirtualSize = (long)(header.Size & ~511UL);
    }

    public Qcow2Header Header { get; }

    public Qcow2HeaderExtensions Extensions { get; }

    /// <summary>Name of the backing file as written; null when the image stands alone.</summary>
    public string? BackingName { get; }

    public int ClusterBits { get; }

    public int ClusterSize => 1 << ClusterBits;

    public bool HasSubclusters { get; }

    public bool HasDataFile => Has(Qcow2Header.IncompatibleDataFile);

    public bool UsesZstd => Header.CompressionType == 1;

    /// <summary>Bytes of one L2 entry: with subclusters a bitmap follows the descriptor.</summary>
    public int L2EntrySize => HasSubclusters ? 16 : 8;

    /// <summary>Clusters that one L2 table describes, as a power of two.</summary>
    public int L2Bits => ClusterBits - (HasSubclusters ? 4 : 3);

    /// <summary>Bytes of the disk that one L2 table describes, as a power of two.</summary>
    public int L2SpanBits => ClusterBits + L2Bits;

    public long VirtualSize { get; }

    /// <summary>L1 entries that the virtual size needs; the table may hold more, for saved machine states.</summary>
    public int NeededL1Entries => (int)((VirtualSize + (1L << L2SpanBits) - 1) >> L2SpanBits);

    public bool Has(ulong incompatibleFeature) => (Header.IncompatibleFeatures & incompatibleFeature) != 0;

    public static Qcow2Layout Read(ByteStore store)
    {
        if (store.Length < Qcow2Header.SizeV2)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, 0, $"a QCOW2 header takes {Qcow2Header.SizeV2} bytes, the file has {store.Length}");
        var header = Qcow2Header.Parse(store.ReadBytes(0, (int)Math.Min(store.Length, Qcow2Header.SizeV3)));
        Require(header.Magic == Qcow2Header.MagicValue, store, 0, $"the mark is {header.Magic:x8} instead of {Qcow2Header.MagicValue:x8}");
        if (header.Version is not (2 or 3))
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, 4, $"it is QCOW version {header.Version}; versions 2 and 3 are read");
        Require(header.ClusterBits is >= 9 and <= 21, store, 20, $"clusters of 2^{header.ClusterBits} bytes; 2^9 to 2^21 are allowed");
        var clusterSize = 1 << (int)header.ClusterBits;
        Require(header.HeaderLength >= Qcow2Header.SizeV2 && (header.Version == 2 || header.HeaderLength >= 104) && header.HeaderLength <= clusterSize, store, 100, $"the header says it is {header.HeaderLength} bytes long");
        Require(header.BackingFileOffset <= (ulong)clusterSize, store, 8, $"the name of the backing file lies at {header.BackingFileOffset}, outside the first cluster");

        var front = store.ReadBytes(0, (int)Math.Min(clusterSize, store.Length));
        var end = header.BackingFileOffset == 0 ? clusterSize : (int)header.BackingFileOffset;
        var extensions = Qcow2HeaderExtensions.Read(front, (int)header.HeaderLength, end, store.Name);
        CheckFeatures(store, header, extensions);
        var layout = new Qcow2Layout(header, extensions, ReadBackingName(store, header, front, clusterSize));
        layout.CheckTables(store);
        return layout;
    }

    private static void CheckFeatures(ByteStore store, Qcow2Header header, Qcow2HeaderExtensions extensions)
    {
        if ((header.IncompatibleFeatures & ~KnownFeatures) is not 0 and var unknown)
        {
            var names = Enumerable.Range(0, 64).Where(bit => (unknown >> bit & 1) != 0).Select(extensions.FeatureName);
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, 72, $"it needs features that are not known here: {string.Join(", ", names)}");
        }

        if (header.EncryptionMethod != 0)
        {
            var method = header.EncryptionMethod switch { 1 => "AES", 2 => "LUKS", _ => $"method {header.EncryptionMethod}" };
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, 32, $"its content is encrypted ({method}); decrypt it first");
        }

        if (header.CompressionType > 1)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, 104, $"its clusters are compressed by method {header.CompressionType}; 0 (zlib) and 1 (Zstandard) are read");
        Require((header.CompressionType != 0) == ((header.IncompatibleFeatures & Qcow2Header.IncompatibleCompressionType) != 0), store, 72, "the compression method and the feature bit for it contradict each other");
        var subclusterSize = (1 << (int)header.ClusterBits) / 32;
        Require((header.IncompatibleFeatures & Qcow2Header.IncompatibleExtendedL2) == 0 || subclusterSize >= MinSubclusterSize, store, 20, $"subclusters of {subclusterSize} bytes; at least {MinSubclusterSize} are allowed");
    }

    private static string? ReadBackingName(ByteStore store, Qcow2Header header, byte[] front, int clusterSize)
    {
        if (header.BackingFileOffset == 0 || header.BackingFileLength == 0)
            return null;
        var (offset, length) = ((int)header.BackingFileOffset, header.BackingFileLength);
        Require(length <= MaxNameLength && length <= clusterSize - offset, store, 16, $"the name of the backing file has {length} bytes, more than allowed");
        if (length > front.Length - offset)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, offset, $"the name of the backing file of {length} bytes reaches past the end of the file at {store.Length}");
        return Qcow2HeaderExtensions.Text(front.AsSpan(offset, (int)length));
    }

    private void CheckTables(ByteStore store)
    {
        Require(Header.RefcountOrder <= 6, store, 96, $"reference counts of 2^{Header.RefcountOrder} bits; at most 2^6 are allowed");
        Require(Header.Size <= long.MaxValue, store, 24, $"a virtual size of {Header.Size} bytes");
        // Rounded down first, so that the sum below cannot overflow.
        if (VirtualSize >> L2SpanBits >= MaxL1Entries || Header.L1Entries > MaxL1Entries)
            throw new InvalidImageException(ErrorIds.TooLarge, store.Name, 24, $"a disk of {VirtualSize} bytes in clusters of {ClusterSize} bytes and {Header.L1Entries} L1 entries; at most {MaxL1Entries} entries are allowed");
        var needed = Header.Size == 0 ? 0 : ((Header.Size - 1) >> L2SpanBits) + 1;
        Require(Header.L1Entries >= needed, store, 36, $"the L1 table has {Header.L1Entries} entries, a disk of {Header.Size} bytes needs {needed}");
        RequireAligned(store, 40, Header.L1Offset, "the L1 table");
        if (Header.L1Offset > (ulong)(store.Length - Math.Min(store.Length, NeededL1Entries * 8L)) || NeededL1Entries * 8L > store.Length)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, 40, $"the L1 table of {NeededL1Entries} entries at {Header.L1Offset} reaches past the end of the file at {store.Length}");
        Require(Header.RefcountTableClusters > 0, store, 56, "there is no table of reference counts");
        Require(Header.RefcountTableClusters <= MaxRefcountTableBytes >> ClusterBits || Header.RefcountTableClusters == 1, store, 56, $"a table of reference counts of {Header.RefcountTableClusters} clusters is larger than allowed");
        RequireAligned(store, 48, Header.RefcountTableOffset, "the table of reference counts");
        Require(Header.SnapshotCount <= MaxSnapshots, store, 60, $"{Header.SnapshotCount} internal snapshots; at most {MaxSnapshots} are allowed");
        if (Header.SnapshotCount > 0)
            RequireAligned(store, 64, Header.SnapshotsOffset, "the table of snapshots");
    }

    private void RequireAligned(ByteStore store, long at, ulong offset, string what)
        => Require(offset % (ulong)ClusterSize == 0 && offset <= long.MaxValue / 2, store, at, $"{what} lies at {offset}, which is not on a cluster's boundary");

    private static void Require(bool isRight, ByteStore store, long offset, string reason)
    {
        if (!isRight)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, offset, reason);
    }
}
