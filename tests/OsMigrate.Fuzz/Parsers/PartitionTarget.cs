using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.Partitions;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>Partition tables: MBR with a chain of logical partitions, GPT with its copy.</summary>
internal sealed class PartitionTarget : FuzzTarget
{
    private const int DiskSize = 128 << 10;

    public override string Name => "partitions";

    public override IReadOnlyList<byte[]> Seeds(SeedFolder folder) => folder.Get(Name, path =>
    {
        File.WriteAllBytes(Path.Combine(path, "mbr"), Mbr());
        File.WriteAllBytes(Path.Combine(path, "gpt-512"), Gpt(512));
        File.WriteAllBytes(Path.Combine(path, "gpt-4096"), Gpt(4096));
        RealFiles.Copy(RealFiles.All(256 << 10, ".raw", ".img"), path, 10);
    });

    public override bool Parse(byte[] bytes, int length, Random random)
    {
        var disk = new InputStore(bytes, length, "input");
        var table = PartitionTable.Read(disk, random.Next(4) == 0 ? 4096 : 512);
        if (table.Partitions.Count > 4096)
            throw new BrokenPromiseException($"{table.Partitions.Count} partitions");
        foreach (var partition in table.Partitions)
        {
            if (partition.StartBytes < 0 || partition.SizeBytes < 0 || partition.EndBytes < partition.StartBytes)
                throw new BrokenPromiseException("the partition " + partition);
        }

        return table.Partitions.Count > 0;
    }

    /// <summary>UEFI Specification 2.10, 5.3.2: CRC-32 of the entries, then of the header.</summary>
    public override void Repair(MutableInput input)
    {
        foreach (var size in new[] { 512, 4096 })
        {
            foreach (var at in new[] { size, input.Length - size })
            {
                if (at >= 0 && at + 512 <= input.Length && input.Bytes.AsSpan(at, 8).SequenceEqual("EFI PART"u8))
                    Seal(input.Bytes, input.Change(at, 512), size, input.Length);
            }
        }
    }

    private static byte[] Mbr()
    {
        var disk = new byte[DiskSize];
        Entry(disk, 0, 0, 0x83, 8, 32);
        Entry(disk, 0, 1, 0x07, 40, 32);
        Entry(disk, 0, 2, 0x0F, 80, 160);
        for (var i = 0; i < 4; i++)
        {
            var at = (80 + (i * 30)) * 512;
            Entry(disk, at, 0, 0x83, 2, 20);
            if (i < 3)
                Entry(disk, at, 1, 0x05, (uint)(30 * (i + 1)), 30);
        }

        return disk;
    }

    private static void Entry(byte[] disk, int table, int number, byte type, uint start, uint count)
    {
        var entry = disk.AsSpan(table + 446 + (number * 16), 16);
        entry[4] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], start);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], count);
        (disk[table + 510], disk[table + 511]) = (0x55, 0xAA);
    }

    private static byte[] Gpt(int sectorSize)
    {
        var disk = new byte[DiskSize];
        var last = (DiskSize / sectorSize) - 1;
        var tableSectors = 16384 / sectorSize;
        Entry(disk, 0, 0, 0xEE, 1, (uint)last);
        for (var copy = 0; copy < 2; copy++)
        {
            var tableAt = (copy == 0 ? 2 : last - tableSectors) * sectorSize;
            for (var i = 0; i < 3; i++)
            {
                var entry = disk.AsSpan(tableAt + (i * 128), 128);
                new Guid("0fc63daf-8483-4772-8e79-3d69d8477de4").TryWriteBytes(entry);
                new Guid(i + 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).TryWriteBytes(entry[16..]);
                BinaryPrimitives.WriteInt64LittleEndian(entry[32..], 2 + tableSectors + (i * 2));
                BinaryPrimitives.WriteInt64LittleEndian(entry[40..], 2 + tableSectors + (i * 2) + 1);
                System.Text.Encoding.Unicode.GetBytes("root " + i).CopyTo(entry[56..]);
            }

            var header = disk.AsSpan((copy == 0 ? 1 : last) * sectorSize, 512);
            "EFI PART"u8.CopyTo(header);
            BinaryPrimitives.WriteUInt32LittleEndian(header[8..], 0x10000);
            BinaryPrimitives.WriteUInt32LittleEndian(header[12..], 92);
            BinaryPrimitives.WriteInt64LittleEndian(header[24..], copy == 0 ? 1 : last);
            BinaryPrimitives.WriteInt64LittleEndian(header[32..], copy == 0 ? last : 1);
            BinaryPrimitives.WriteInt64LittleEndian(header[40..], 2 + tableSectors);
            BinaryPrimitives.WriteInt64LittleEndian(header[48..], last - tableSectors - 1);
            BinaryPrimitives.WriteInt64LittleEndian(header[72..], tableAt / sectorSize);
            BinaryPrimitives.WriteUInt32LittleEndian(header[80..], 128);
            BinaryPrimitives.WriteUInt32LittleEndian(header[84..], 128);
            Seal(disk, header, sectorSize, DiskSize);
        }

        return disk;
    }

    private static void Seal(byte[] disk, Span<byte> header, int sectorSize, int length)
    {
        var at = BinaryPrimitives.ReadInt64LittleEndian(header[72..]);
        var size = (long)BinaryPrimitives.ReadUInt32LittleEndian(header[80..]) * BinaryPrimitives.ReadUInt32LittleEndian(header[84..]);
        if (size >= 0 && at >= 0 && at < length / sectorSize && size <= length - (at * sectorSize))
            BinaryPrimitives.WriteUInt32LittleEndian(header[88..], Crc32(disk.AsSpan((int)at * sectorSize, (int)size)));
        header.Slice(16, 4).Clear();
        var headerSize = (int)Math.Min(512, BinaryPrimitives.ReadUInt32LittleEndian(header[12..]));
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], Crc32(header[..headerSize]));
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
        }

        return ~crc;
    }
}
