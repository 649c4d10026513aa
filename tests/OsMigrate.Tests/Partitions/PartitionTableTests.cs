using System.Buffers.Binary;
using CsCheck;
using OsMigrate.Bytes;
using OsMigrate.Partitions;

namespace OsMigrate.Tests.Partitions;

public class PartitionTableTests
{
    private const string LinuxType = "0fc63daf-8483-4772-8e79-3d69d8477de4";

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void A_gpt_is_read_for_both_sector_sizes(int sectorSize)
    {
        var table = PartitionTable.Read(new MemoryStore(Gpt(sectorSize)));
        Assert.Equal((PartitionScheme.Gpt, sectorSize, 2), (table.Scheme, table.SectorSizeBytes, table.Partitions.Count));
        Assert.Equal(
            new Partition { Number = 1, StartBytes = 40L * sectorSize, SizeBytes = 10L * sectorSize, TypeId = LinuxType, TypeName = "Linux", IsBootable = true, Name = "boot", Id = "00000000-0000-0000-0000-000000000001" },
            table.Partitions[0]);
        Assert.Equal(3, table.Partitions[1].Number);
        Assert.Empty(table.Notices);
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 5)]
    public void A_damaged_front_is_replaced_by_the_copy_at_the_end_with_a_notice(int sector, int at)
    {
        var disk = Gpt(512);
        disk[(sector * 512) + at] ^= 1;
        var table = PartitionTable.Read(new MemoryStore(disk));
        Assert.Equal(2, table.Partitions.Count);
        Assert.Contains(table.Notices, n => n.Contains("front", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_copy_and_an_enlarged_disk_are_noticed()
    {
        var disk = Gpt(512);
        disk.AsSpan(disk.Length - 512).Clear();
        Assert.Contains("missing", Assert.Single(PartitionTable.Read(new MemoryStore(disk)).Notices));
        Assert.Contains("enlarged", Assert.Single(PartitionTable.Read(new MemoryStore([.. Gpt(512), .. new byte[4096]])).Notices));
        Assert.Contains(PartitionTable.Read(new MemoryStore(Gpt(512)[..^65536])).Notices, n => n.Contains("missing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_protective_record_without_a_gpt_is_shown_as_it_is_with_a_notice()
    {
        var disk = Gpt(512);
        disk.AsSpan(512).Clear();
        var table = PartitionTable.Read(new MemoryStore(disk));
        Assert.Equal((PartitionScheme.Mbr, "GPT protective"), (table.Scheme, Assert.Single(table.Partitions).TypeName));
        Assert.Contains(table.Notices, n => n.Contains("no whole one", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gpt_without_a_protective_record_is_read_unless_the_record_lists_partitions()
    {
        var disk = Gpt(512);
        disk.AsSpan(0, 512).Clear();
        var table = PartitionTable.Read(new MemoryStore(disk));
        Assert.Equal(PartitionScheme.Gpt, table.Scheme);
        Assert.Contains("protective", Assert.Single(table.Notices));
        Entry(disk, 0, 0, 0x83, 2048, 100);
        Assert.Equal(PartitionScheme.Mbr, PartitionTable.Read(new MemoryStore(disk)).Scheme);
    }

    [Fact]
    public void Logical_partitions_are_followed_and_a_circle_ends_them()
    {
        var disk = new byte[1000 * 512];
        Entry(disk, 0, 1, 0x05, 100, 800);
        Entry(disk, 100, 0, 0x83, 10, 20);
        Entry(disk, 100, 1, 0x05, 200, 50);
        Entry(disk, 300, 0, 0x82, 5, 6);
        var table = PartitionTable.Read(new MemoryStore(disk));
        Assert.Equal([(2, 100L), (5, 110L), (6, 305L)], table.Partitions.Select(p => (p.Number, p.StartBytes / 512)));
        Assert.Empty(table.Notices);
        Entry(disk, 300, 1, 0x05, 0, 50);
        Assert.Contains("leads back", Assert.Single(PartitionTable.Read(new MemoryStore(disk)).Notices));
        Entry(disk, 300, 1, 0x05, 9000, 50);
        Assert.Contains("past the end", Assert.Single(PartitionTable.Read(new MemoryStore(disk)).Notices));
    }

    [Fact]
    public void Partitions_past_the_end_or_over_each_other_are_noticed()
    {
        var disk = new byte[1000 * 512];
        Entry(disk, 0, 0, 0x83, 10, 500);
        Entry(disk, 0, 1, 0x07, 400, 700);
        var notices = PartitionTable.Read(new MemoryStore(disk)).Notices;
        Assert.Contains("Partitions 1 and 2 overlap.", notices);
        Assert.Contains(notices, n => n.StartsWith("Partition 2 ends", StringComparison.Ordinal));
    }

    [Fact]
    public void The_boot_sector_of_a_file_system_and_an_empty_disk_are_no_table()
    {
        var disk = new byte[4096];
        Assert.Equal(PartitionScheme.None, PartitionTable.Read(new MemoryStore(disk)).Scheme);
        (disk[510], disk[511], disk[0]) = (0x55, 0xaa, 0xeb);
        "NTFS    "u8.CopyTo(disk.AsSpan(3));
        Assert.Equal(PartitionScheme.None, PartitionTable.Read(new MemoryStore(disk)).Scheme);
        Assert.Equal(PartitionScheme.None, PartitionTable.Read(new MemoryStore([])).Scheme);
    }

    [Fact]
    public void Every_gpt_partition_written_is_read_back()
        => Gen.Select(Gen.Int[34, 900], Gen.Int[1, 60], Gen.String[Gen.Char['a', 'z'], 0, 36]).Array[0, 20].Sample(parts =>
        {
            var disk = Gpt(512, parts.Select(p => ((ulong)p.Item1, (ulong)(p.Item1 + p.Item2 - 1), p.Item3)).ToArray());
            var table = PartitionTable.Read(new MemoryStore(disk));
            Assert.Equal(parts.Select(p => (p.Item1 * 512L, p.Item2 * 512L, p.Item3)), table.Partitions.Select(p => (p.StartBytes, p.SizeBytes, p.Name)));
        });

    [Fact]
    public void Damaged_tables_never_throw()
    {
        var random = new Random(44);
        var logical = new byte[1000 * 512];
        Entry(logical, 0, 1, 0x05, 100, 800);
        Entry(logical, 100, 0, 0x83, 10, 20);
        Entry(logical, 100, 1, 0x05, 200, 50);
        Entry(logical, 300, 0, 0x82, 5, 6);
        byte[][] wholes = [Gpt(512), Gpt(4096), logical];
        int[][] spots = [[446, 512, 560, 1024, 1100], [446, 4096, 4150, 8192], [446, 460, 100 * 512 + 446, 300 * 512 + 446]];
        var changed = 0;
        for (var i = 0; i < 2000; i++)
        {
            var disk = (byte[])wholes[i % 3].Clone();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
                disk[spots[i % 3][random.Next(spots[i % 3].Length)] + random.Next(64)] ^= (byte)(1 << random.Next(8));
            if (i % 2 == 0)
                SumGpt(disk, i % 3 == 1 ? 4096 : 512, 1);
            if (i % 7 == 0)
                disk = disk[..random.Next(disk.Length)];
            var table = PartitionTable.Read(new MemoryStore(disk));
            Assert.InRange(table.Partitions.Count, 0, 1000);
            changed += table.Notices.Count > 0 ? 1 : 0;
        }

        Assert.InRange(changed, 500, 2000);
    }

    private static void Entry(byte[] disk, int sector, int slot, byte type, uint first, uint count)
    {
        var at = (sector * 512) + 446 + (slot * 16);
        disk[at + 4] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(disk.AsSpan(at + 8), first);
        BinaryPrimitives.WriteUInt32LittleEndian(disk.AsSpan(at + 12), count);
        (disk[(sector * 512) + 510], disk[(sector * 512) + 511]) = (0x55, 0xaa);
    }

    private static byte[] Gpt(int sectorSize) => Gpt(sectorSize, (40, 49, "boot"), (0, 0, ""), (60, 99, "root"));

    /// <summary>A disk of 1,000 sectors with a table of 128 entries and its copy; entries that start at 0 are left out.</summary>
    private static byte[] Gpt(int sectorSize, params (ulong First, ulong Last, string Name)[] parts)
    {
        var disk = new byte[1000 * sectorSize];
        Entry(disk, 0, 0, 0xee, 1, 999);
        var entrySectors = 128 * 128 / sectorSize;
        foreach (var (own, other, table) in new[] { (1, 999, 2), (999, 1, 999 - entrySectors) })
        {
            for (var i = 0; i < parts.Length; i++)
            {
                if (parts[i].First == 0)
                    continue;
                var e = disk.AsSpan((table * sectorSize) + (i * 128), 128);
                new Guid(LinuxType).ToByteArray().CopyTo(e);
                e[31] = (byte)(i + 1);
                BinaryPrimitives.WriteUInt64LittleEndian(e[32..], parts[i].First);
                BinaryPrimitives.WriteUInt64LittleEndian(e[40..], parts[i].Last);
                e[48] = (byte)(i == 0 ? 4 : 0);
                System.Text.Encoding.Unicode.GetBytes(parts[i].Name).CopyTo(e[56..]);
            }

            var h = disk.AsSpan(own * sectorSize, 92);
            "EFI PART"u8.CopyTo(h);
            h[10] = 1;
            h[12] = 92;
            BinaryPrimitives.WriteInt64LittleEndian(h[24..], own);
            BinaryPrimitives.WriteInt64LittleEndian(h[32..], other);
            h[56] = 7;
            BinaryPrimitives.WriteInt64LittleEndian(h[72..], table);
            h[80] = 128;
            h[84] = 128;
            SumGpt(disk, sectorSize, own);
        }

        return disk;
    }

    /// <summary>Puts right both checksums where the numbers still make sense.</summary>
    private static void SumGpt(byte[] disk, int sectorSize, int own)
    {
        var h = disk.AsSpan(own * sectorSize, 92);
        var table = BinaryPrimitives.ReadUInt64LittleEndian(h[72..]);
        var size = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(h[80..]) * BinaryPrimitives.ReadUInt32LittleEndian(h[84..]);
        if (table < 1000 && (table * (ulong)sectorSize) + size <= (ulong)disk.Length)
            BinaryPrimitives.WriteUInt32LittleEndian(h[88..], Crc32.Compute(disk.AsSpan((int)table * sectorSize, (int)size)));
        h.Slice(16, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(h[16..], Crc32.Compute(h));
    }
}
