using System.Text;
using OsMigrate.Partitions;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows;

/// <summary>Finds the volumes behind the drive letters.</summary>
/// <remarks>SYSTEM\MountedDevices: for GPT "DMIO:ID:" and the partition's GUID; for MBR the disk signature and the partition's first byte.</remarks>
internal static class DriveLetters
{
    private const string Prefix = @"\DosDevices\";

    public static IReadOnlyDictionary<string, string> Read(Hive system, GuestDisks disks)
    {
        var letters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var value in system.Find("MountedDevices")?.Values ?? [])
        {
            if (value.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && value.Name.Length == Prefix.Length + 2 && Place(value.Bytes.ToArray(), disks) is { } place)
                letters[value.Name.Substring(Prefix.Length).ToUpperInvariant()] = place;
        }

        return letters;
    }

    private static string? Place(byte[] data, GuestDisks disks)
    {
        if (data.Length == 24 && Encoding.ASCII.GetString(data, 0, 8) == "DMIO:ID:")
        {
            var id = new Guid(data.AsSpan(8, 16).ToArray()).ToString("D");
            return disks.Volumes.FirstOrDefault(v => string.Equals(v.Partition?.Id, id, StringComparison.OrdinalIgnoreCase))?.Where;
        }

        if (data.Length != 12)
            return null;
        var signature = BitConverter.ToUInt32(data, 0).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
        var start = BitConverter.ToInt64(data, 4);
        return disks.Volumes.FirstOrDefault(v => v.Scheme == PartitionScheme.Mbr && string.Equals(v.DiskId, signature, StringComparison.OrdinalIgnoreCase) && v.Partition?.StartBytes == start)?.Where;
    }
}
