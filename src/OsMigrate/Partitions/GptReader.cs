using System.Globalization;
using OsMigrate.Bytes;

namespace OsMigrate.Partitions;

/// <summary>Reads a GUID partition table: the one at the front, or its copy at the end when the front is damaged.</summary>
internal static class GptReader
{
    private static readonly int[] SectorSizes = [512, 4096];

    /// <param name="expected">A protective MBR says that there is a table: its absence is worth a notice.</param>
    /// <returns>The table without notices, or null when there is none that can be read.</returns>
    public static PartitionTable? Read(ByteStore disk, bool expected, List<string> notices)
    {
        foreach (var sectorSize in SectorSizes)
        {
            var faults = new List<string>();
            var front = ReadCopy(disk, sectorSize, 1, "front", faults);
            var last = (disk.Length / sectorSize) - 1;
            // A disk that was enlarged has its copy where the end used to be; only the front knows where.
            var copyAt = front is { } known && known.Header.OtherSector is > 1 and < long.MaxValue && (long)known.Header.OtherSector < last ? (long)known.Header.OtherSector : last;
            var back = ReadCopy(disk, sectorSize, copyAt, "end", faults);
            if ((front ?? back) is not { } copy)
            {
                notices.AddRange(faults);
                continue;
            }

            Compare(front, back, copyAt, last, faults, notices);
            return Make(disk, copy, sectorSize, notices);
        }

        if (expected)
            notices.Add("The MBR says that the disk has a GPT, but no whole one was found.");
        return null;
    }

    private static void Compare(Copy? front, Copy? back, long copyAt, long last, List<string> faults, List<string> notices)
    {
        notices.AddRange(faults);
        if (front is null)
            notices.Add("The copy of the GPT at the end of the disk is used, since the one at its front is missing or damaged.");
        else if (back is null && faults.Count == 0)
            notices.Add("The copy of the GPT at the end of the disk is missing; the disk may have been cut or enlarged.");
        else if (back is not null && copyAt != last)
            notices.Add("The copy of the GPT does not lie at the end of the disk, which was enlarged.");
        if (front is not null && back is not null && !front.Entries.AsSpan().SequenceEqual(back.Entries))
            notices.Add("The GPT and its copy list different partitions; the one at the front is shown.");
    }

    private static Copy? ReadCopy(ByteStore disk, int sectorSize, long sectorNumber, string place, List<string> faults)
    {
        if (sectorNumber < 1 || sectorNumber > (disk.Length / sectorSize) - 1)
            return null;
        var sector = disk.ReadBytes(sectorNumber * sectorSize, sectorSize);
        if (!GptHeader.HasSignature(sector))
            return null;
        var header = GptHeader.Parse(sector);
        var fault = header.Fault(sector, sectorNumber);
        var size = fault is null ? (int)(header.EntryCount * header.EntrySize) : 0;
        if (fault is null && (header.EntriesSector > (ulong)(disk.Length / sectorSize) || (long)header.EntriesSector * sectorSize > disk.Length - size))
            fault = $"has its entries at sector {header.EntriesSector}, past the end of the disk";
        if (fault is null)
        {
            var entries = disk.ReadBytes((long)header.EntriesSector * sectorSize, size);
            if (Crc32.Compute(entries) == header.EntriesChecksum)
                return new Copy(header, entries);
            fault = "has entries with a wrong checksum";
        }

        faults.Add($"The GPT at the {place} of the disk {fault}.");
        return null;
    }

    private static PartitionTable Make(ByteStore disk, Copy copy, int sectorSize, List<string> notices)
    {
        var partitions = new List<Partition>();
        for (var i = 0; i < copy.Header.EntryCount; i++)
        {
            var entry = GptEntry.Parse(copy.Entries.AsSpan(i * (int)copy.Header.EntrySize));
            if (entry.Type == Guid.Empty)
                continue;
            if (entry.FirstSector > entry.LastSector || entry.LastSector >= (ulong)(long.MaxValue / sectorSize))
            {
                notices.Add($"Partition {i + 1} runs from sector {entry.FirstSector} to {entry.LastSector}, which is impossible; it is not shown.");
                continue;
            }

            partitions.Add(new Partition
            {
                Number = i + 1,
                StartBytes = (long)entry.FirstSector * sectorSize,
                SizeBytes = (long)(entry.LastSector - entry.FirstSector + 1) * sectorSize,
                TypeId = entry.Type.ToString("d", CultureInfo.InvariantCulture),
                TypeName = PartitionTypes.GptName(entry.Type),
                IsBootable = entry.IsBootable,
                Name = entry.Name,
                Id = entry.Id.ToString("d", CultureInfo.InvariantCulture),
            });
        }

        PartitionBounds.Check(disk.Length, partitions, notices);
        return new PartitionTable
        {
            Scheme = PartitionScheme.Gpt,
            SectorSizeBytes = sectorSize,
            DiskId = copy.Header.DiskGuid.ToString("d", CultureInfo.InvariantCulture),
            Partitions = partitions,
        };
    }

    private sealed record Copy(GptHeader Header, byte[] Entries);
}
