using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Fat;

/// <summary>Where the parts of a FAT volume lie. Microsoft, "FAT: General Overview of On-Disk Format" 1.03, "Boot Sector and BPB" and "FAT Type Determination".</summary>
internal sealed record FatGeometry
{
    public const int SlotSize = 32;

    /// <summary>Bits of a table entry: 12, 16 or 32.</summary>
    public int Bits { get; private init; }

    public int SectorSize { get; private init; }

    public int ClusterSize { get; private init; }

    /// <summary>Byte offset of the first table.</summary>
    public long TableStart { get; private init; }

    public long TableBytes { get; private init; }

    public int TableCount { get; private init; }

    /// <summary>The table that counts; all are written alike unless <see cref="IsMirrored"/> is false.</summary>
    public int ActiveTable { get; private init; }

    public bool IsMirrored { get; private init; } = true;

    /// <summary>FAT12 and FAT16: byte offset of the root folder, which has a fixed size there.</summary>
    public long RootStart { get; private init; }

    public long RootBytes { get; private init; }

    /// <summary>FAT32: the first cluster of the root folder.</summary>
    public uint RootCluster { get; private init; }

    /// <summary>Byte offset of cluster 2.</summary>
    public long DataStart { get; private init; }

    /// <summary>Clusters are numbered from 2 to this number plus 1.</summary>
    public uint ClusterCount { get; private init; }

    /// <summary>Byte offset of the FSInfo sector; 0 where there is none.</summary>
    public long InfoStart { get; private init; }

    /// <summary>The label of the boot sector; the root folder may have a newer one.</summary>
    public string Label { get; private init; } = "";

    public string Kind => $"FAT{Bits}";

    public uint LastCluster => ClusterCount + 1;

    public long OffsetOf(uint cluster) => DataStart + ((cluster - 2L) * ClusterSize);

    /// <summary>True when the first sector looks like that of a FAT volume.</summary>
    public static bool Matches(ReadOnlySpan<byte> sector)
    {
        if (sector.Length < 512 || sector[510] != 0x55 || sector[511] != 0xAA || sector[0] is not (0xEB or 0xE9))
            return false;
        var sectorSize = U16(sector, 11);
        return sectorSize is 512 or 1024 or 2048 or 4096 && IsPowerOfTwo(sector[13]) && U16(sector, 14) != 0
            && sector[16] is 1 or 2 && sector[21] is 0xF0 or >= 0xF8 && (U16(sector, 22) != 0 || U32(sector, 36) != 0);
    }

    /// <exception cref="InvalidImageException">It is no FAT volume, or its numbers contradict each other.</exception>
    public static FatGeometry Parse(ByteStore store)
    {
        var sector = store.Length < 512 ? [] : store.ReadBytes(0, 512);
        if (!Matches(sector))
            throw new InvalidImageException(ErrorIds.UnknownFormat, store.Name, 0, "no boot sector of a FAT volume is here");
        int sectorSize = U16(sector, 11);
        long tableSectors = U16(sector, 22) != 0 ? U16(sector, 22) : U32(sector, 36);
        long sectors = U16(sector, 19) != 0 ? U16(sector, 19) : U32(sector, 32);
        long rootSectors = ((U16(sector, 17) * (long)SlotSize) + sectorSize - 1) / sectorSize;
        long dataSector = U16(sector, 14) + (sector[16] * tableSectors) + rootSectors;
        if (sectors <= dataSector || sectors * sectorSize > store.Length)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, 19, $"a FAT volume of {sectors} sectors is not possible here: its data begins at sector {dataSector}, and there are {store.Length / sectorSize}");
        var clusters = (sectors - dataSector) / sector[13];
        // The specification goes by the number of clusters alone. Windows and Linux take a volume without 16-bit table size for FAT32, however small, and
        // small FAT32 volumes are common among EFI system partitions.
        var bits = U16(sector, 22) == 0 ? 32 : clusters < 4085 ? 12 : 16;
        if (clusters > (bits == 32 ? 0x0FFF_FFF4 : 65524) || tableSectors * sectorSize * 8 / bits < clusters + 2)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, 22, $"the table has no room for {clusters} clusters of {bits} bits");
        var geometry = new FatGeometry
        {
            Bits = bits,
            SectorSize = sectorSize,
            ClusterSize = sector[13] * sectorSize,
            TableStart = (long)U16(sector, 14) * sectorSize,
            TableBytes = tableSectors * sectorSize,
            TableCount = sector[16],
            RootStart = (dataSector - rootSectors) * sectorSize,
            RootBytes = U16(sector, 17) * (long)SlotSize,
            DataStart = dataSector * sectorSize,
            ClusterCount = (uint)clusters,
            Label = Encoding.ASCII.GetString(sector, bits == 32 ? 71 : 43, 11).TrimEnd(' ', '\0'),
        };
        return bits == 32 ? geometry.With32(sector, store.Name) : geometry.WithFixedRoot(store.Name);
    }

    private FatGeometry WithFixedRoot(string name)
        => RootBytes > 0 ? this : throw new InvalidImageException(ErrorIds.BadStructure, name, 17, $"a {Kind} volume must have a root folder of fixed size");

    private FatGeometry With32(byte[] sector, string name)
    {
        var flags = U16(sector, 40);
        var root = U32(sector, 44) & 0x0FFF_FFFF;
        if (U16(sector, 42) != 0)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, name, 42, $"FAT32 of version {sector[43]}.{sector[42]} is not known, only 0.0 is");
        if (root < 2 || root > LastCluster)
            throw new InvalidImageException(ErrorIds.BadStructure, name, 44, $"the root folder should begin in cluster {root}; clusters go from 2 to {LastCluster}");
        var info = U16(sector, 48);
        return this with
        {
            RootCluster = root,
            RootBytes = 0,
            IsMirrored = (flags & 0x80) == 0,
            ActiveTable = (flags & 0x80) == 0 ? 0 : Math.Min(flags & 0x0F, TableCount - 1),
            InfoStart = info is 0 or 0xFFFF || (info + 1L) * SectorSize > TableStart ? 0 : (long)info * SectorSize,
        };
    }

    private static bool IsPowerOfTwo(int value) => value != 0 && (value & (value - 1)) == 0;

    private static ushort U16(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt16LittleEndian(b.Slice(at));

    private static uint U32(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt32LittleEndian(b.Slice(at));
}
