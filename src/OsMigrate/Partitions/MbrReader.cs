using System.Buffers.Binary;
using System.Globalization;
using OsMigrate.Bytes;

namespace OsMigrate.Partitions;

/// <summary>Reads a master boot record and the chain of extended boot records that holds the logical partitions.</summary>
internal static class MbrReader
{
    private const int RecordSize = 512;

    // Linux stops at 60 logical partitions by default, Windows at 23 letters.
    private const int MaxLogical = 256;

    /// <summary>The first 512 bytes of a sector if they end as a boot record does, else null.</summary>
    public static byte[]? ReadSector(ByteStore disk, long offset)
    {
        if (offset < 0 || offset > disk.Length - RecordSize)
            return null;
        var sector = disk.ReadBytes(offset, RecordSize);
        return sector[510] == 0x55 && sector[511] == 0xaa ? sector : null;
    }

    /// <summary>Is it a table, and not the boot sector of a file system that begins with the disk?</summary>
    public static bool IsTable(byte[] sector)
    {
        var entries = MbrEntry.ParseAll(sector);
        if (entries.Any(static e => (e.Status & 0x7f) != 0))
            return false;
        return entries.Any(static e => !e.IsEmpty) || !IsFileSystem(sector);
    }

    public static PartitionTable Read(ByteStore disk, byte[] mbr, int sectorSize, List<string> notices)
    {
        var partitions = new List<Partition>();
        var logical = new List<Partition>();
        var entries = MbrEntry.ParseAll(mbr);
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].IsEmpty)
                continue;
            partitions.Add(Make(i + 1, entries[i], entries[i].FirstSector, sectorSize));
            if (entries[i].IsExtended)
                ReadLogical(disk, entries[i], sectorSize, 5 + logical.Count, logical, notices);
        }

        PartitionBounds.Check(disk.Length, [.. partitions.Where(static p => !p.IsExtended), .. logical], notices);
        PartitionBounds.CheckEnds(disk.Length, partitions.Where(static p => p.IsExtended), notices);
        return new PartitionTable
        {
            Scheme = PartitionScheme.Mbr,
            SectorSizeBytes = sectorSize,
            DiskId = BinaryPrimitives.ReadUInt32LittleEndian(mbr.AsSpan(440)).ToString("x8", CultureInfo.InvariantCulture),
            Partitions = [.. partitions, .. logical],
            Notices = notices,
        };
    }

    /// <summary>Each record of the chain holds one logical partition, counted from the record, and the next record, counted from the extended partition.</summary>
    private static void ReadLogical(ByteStore disk, MbrEntry extended, int sectorSize, int firstNumber, List<Partition> found, List<string> notices)
    {
        var visited = new HashSet<long>();
        long record = extended.FirstSector;
        var number = firstNumber;
        while (true)
        {
            if (!visited.Add(record))
            {
                notices.Add($"The chain of logical partitions leads back to sector {record} and is read no further.");
                return;
            }

            if (visited.Count > MaxLogical)
            {
                notices.Add($"There are more than {MaxLogical} logical partitions; the rest is not shown.");
                return;
            }

            if (ReadSector(disk, record * sectorSize) is not { } sector)
            {
                notices.Add($"The extended boot record at sector {record} is damaged or lies past the end of the disk; logical partitions from number {number} on are not shown.");
                return;
            }

            long next = -1;
            foreach (var entry in MbrEntry.ParseAll(sector))
            {
                if (entry.IsEmpty)
                    continue;
                if (entry.IsExtended)
                    next = next < 0 ? (long)extended.FirstSector + entry.FirstSector : next;
                else
                    found.Add(Make(number++, entry, record + entry.FirstSector, sectorSize));
            }

            if (next < 0)
                return;
            record = next;
        }
    }

    private static Partition Make(int number, MbrEntry entry, long firstSector, int sectorSize) => new()
    {
        Number = number,
        StartBytes = firstSector * sectorSize,
        SizeBytes = (long)entry.SectorCount * sectorSize,
        TypeId = "0x" + entry.Type.ToString("x2", CultureInfo.InvariantCulture),
        TypeName = PartitionTypes.MbrName(entry.Type),
        IsBootable = (entry.Status & 0x80) != 0,
    };

    private static bool IsFileSystem(byte[] sector)
        => sector[0] is 0xeb or 0xe9
           && (sector.AsSpan(3, 4).SequenceEqual("NTFS"u8) || sector.AsSpan(3, 5).SequenceEqual("EXFAT"u8)
               || sector.AsSpan(54, 3).SequenceEqual("FAT"u8) || sector.AsSpan(82, 3).SequenceEqual("FAT"u8));
}
