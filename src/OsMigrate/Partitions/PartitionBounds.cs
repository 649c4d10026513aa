using OsMigrate.Bytes;

namespace OsMigrate.Partitions;

/// <summary>Looks for partitions that reach past the disk or into each other.</summary>
internal static class PartitionBounds
{
    public static void Check(long diskLength, IReadOnlyList<Partition> partitions, List<string> notices)
    {
        CheckEnds(diskLength, partitions, notices);
        Partition? before = null;
        foreach (var partition in partitions.OrderBy(static p => p.StartBytes))
        {
            if (before is not null && partition.StartBytes < before.EndBytes)
                notices.Add($"Partitions {before.Number} and {partition.Number} overlap.");
            if (before is null || partition.EndBytes > before.EndBytes)
                before = partition;
        }
    }

    public static void CheckEnds(long diskLength, IEnumerable<Partition> partitions, List<string> notices)
    {
        foreach (var partition in partitions)
        {
            if (partition.EndBytes > diskLength)
                notices.Add($"Partition {partition.Number} ends {ByteSize.Text(partition.EndBytes - diskLength)} past the end of the disk.");
        }
    }
}
