using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.ExFat;

/// <summary>The main boot sector. Microsoft, "exFAT file system specification", section 3.1.</summary>
internal readonly record struct ExFatGeometry
{
    public int SectorSize { get; private init; }

    public int ClusterSize { get; private init; }

    /// <summary>Byte offset of the table that counts.</summary>
    public long TableStart { get; private init; }

    public long DataStart { get; private init; }

    public uint ClusterCount { get; private init; }

    public uint RootCluster { get; private init; }

    public uint LastCluster => ClusterCount + 1;

    public static bool Matches(ReadOnlySpan<byte> sector)
        => sector.Length >= 512 && sector.Slice(3, 8).SequenceEqual("EXFAT   "u8) && sector[510] == 0x55 && sector[511] == 0xAA;

    public long OffsetOf(uint cluster) => DataStart + ((cluster - 2L) * ClusterSize);

    /// <exception cref="InvalidImageException">It is no exFAT volume, or its numbers contradict each other.</exception>
    public static ExFatGeometry Parse(ByteStore store)
    {
        var sector = store.Length < 512 ? [] : store.ReadBytes(0, 512);
        if (!Matches(sector))
            throw new InvalidImageException(ErrorIds.UnknownFormat, store.Name, 0, "no boot sector of an exFAT volume is here");
        int sectorShift = sector[108], clusterShift = sector[109], tables = sector[110];
        if (sectorShift is < 9 or > 12 || clusterShift > 25 - sectorShift || tables is not (1 or 2) || sector[105] != 1)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, 104, $"an exFAT volume of version {sector[105]} with sectors of 2^{sectorShift} bytes, clusters of 2^{clusterShift} sectors and {tables} tables is not possible");
        long tableSectors = U32(sector, 84);
        var active = tables == 2 && (BinaryPrimitives.ReadUInt16LittleEndian(sector.AsSpan(106)) & 1) != 0 ? 1 : 0;
        var geometry = new ExFatGeometry
        {
            SectorSize = 1 << sectorShift,
            ClusterSize = 1 << (sectorShift + clusterShift),
            TableStart = (U32(sector, 80) + (active * tableSectors)) << sectorShift,
            DataStart = (long)U32(sector, 88) << sectorShift,
            ClusterCount = U32(sector, 92),
            RootCluster = U32(sector, 96),
        };
        var isPossible = geometry.ClusterCount < 0xFFFF_FFF5 && geometry.RootCluster >= 2 && geometry.RootCluster <= geometry.LastCluster
            && (tableSectors << sectorShift) / 4 >= geometry.ClusterCount + 2L
            && geometry.TableStart + (tableSectors << sectorShift) <= store.Length
            && geometry.DataStart + ((long)geometry.ClusterCount * geometry.ClusterSize) <= store.Length;
        return isPossible ? geometry : throw new InvalidImageException(ErrorIds.BadStructure, store.Name, 80, "the boot sector of the exFAT volume contradicts itself or the size of the volume");
    }

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
