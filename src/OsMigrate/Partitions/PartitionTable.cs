using OsMigrate.Bytes;

namespace OsMigrate.Partitions;

/// <summary>How a disk is divided.</summary>
public enum PartitionScheme
{
    /// <summary>No partition table: empty, or one file system over the whole disk.</summary>
    None,

    /// <summary>Master boot record, the table of BIOS machines.</summary>
    Mbr,

    /// <summary>GUID partition table.</summary>
    Gpt,
}

/// <summary>The partitions of a disk, as its own table lists them. Read only.</summary>
/// <remarks>A damaged table is described in <see cref="Notices"/> and read as far as it goes; it is no error.</remarks>
public sealed record PartitionTable
{
    public PartitionScheme Scheme { get; init; }

    /// <summary>Bytes of a logical sector, the unit in which the table counts: 512 or 4096.</summary>
    public int SectorSizeBytes { get; init; } = 512;

    /// <summary>GPT: the disk's GUID. MBR: the disk signature as 8 hex digits. Null without a table.</summary>
    public string? DiskId { get; init; }

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<Partition> Partitions { get; init; } = [];

    /// <summary>What is wrong with the table, one sentence each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Reads the table of a disk.</summary>
    /// <param name="sectorSizeBytes">Size of the logical sectors of an MBR disk, which does not say so itself; a GPT is found for 512 and 4096 alike.</param>
    /// <exception cref="InvalidImageException">The disk itself cannot be read.</exception>
    public static PartitionTable Read(ByteStore disk, int sectorSizeBytes = 512)
    {
        var notices = new List<string>();
        var mbr = MbrReader.ReadSector(disk, 0);
        var hasMbr = mbr is not null && MbrReader.IsTable(mbr);
        var hasProtective = hasMbr && MbrEntry.ParseAll(mbr).Any(static e => e.Type == MbrEntry.ProtectiveType);
        var realMbr = hasMbr && MbrEntry.ParseAll(mbr).Any(static e => e.Type is not (0 or MbrEntry.ProtectiveType));
        if (hasProtective || !realMbr)
        {
            var gpt = GptReader.Read(disk, expected: hasProtective, notices);
            if (gpt is not null)
            {
                if (!hasProtective)
                    notices.Add("The GPT has no protective MBR in front of it; some systems will not see its partitions.");
                else if (realMbr)
                    notices.Add("This is a hybrid of GPT and MBR; the GPT is shown.");
                return gpt with { Notices = notices };
            }
        }

        return hasMbr
            ? MbrReader.Read(disk, mbr!, sectorSizeBytes, notices)
            : new PartitionTable { SectorSizeBytes = sectorSizeBytes, Notices = notices };
    }
}

/// <summary>One partition.</summary>
public sealed record Partition
{
    /// <summary>As Linux counts: MBR primaries 1 to 4 by their place, logical ones from 5; GPT by their place.</summary>
    public int Number { get; init; }

    /// <summary>First byte on the disk.</summary>
    public long StartBytes { get; init; }

    public long SizeBytes { get; init; }

    /// <summary>MBR: the type byte as "0x83". GPT: the type GUID in lower case.</summary>
    public required string TypeId { get; init; }

    /// <summary>The type in words; the id where it has no name here.</summary>
    public required string TypeName { get; init; }

    /// <summary>MBR: it holds the logical partitions and nothing else.</summary>
    public bool IsExtended => TypeId is "0x05" or "0x0f" or "0x85";

    /// <summary>MBR: marked active. GPT: marked for BIOS boot (attribute 2).</summary>
    public bool IsBootable { get; init; }

    /// <summary>The label a GPT gives; empty where there is none.</summary>
    public string Name { get; init; } = "";

    /// <summary>GPT: the partition's own GUID; null for MBR.</summary>
    public string? Id { get; init; }

    /// <summary>First byte after the partition.</summary>
    public long EndBytes => StartBytes + SizeBytes;
}
