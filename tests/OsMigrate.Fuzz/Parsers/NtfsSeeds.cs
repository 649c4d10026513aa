using System.Buffers.Binary;
using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.FileSystems.Ntfs.Checking;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>Small NTFS volumes with all that the reader, the writer and the checker look at.</summary>
internal static class NtfsSeeds
{
    public static void Make(string folder)
    {
        foreach (var (cluster, sector, megabytes) in new[] { (512, 512, 2), (4096, 512, 4), (65536, 512, 12), (4096, 4096, 8) })
        {
            var path = Path.Combine(folder, $"ntfs-{cluster}-{sector}.img");
            using (var file = File.Create(path))
                file.SetLength((long)megabytes << 20);
            if (!VolumeSeeds.Run("mkntfs", "-F", "-q", "-Q", "-s", Text(sector), "-c", Text(cluster), "-L", "FUZZ", path))
            {
                File.Delete(path);
                continue;
            }

            using var store = FileStore.OpenWrite(path);
            var volume = NtfsVolume.Open(store);
            volume.CreateFolder(@"Windows\System32\config");
            volume.CreateFile(@"Windows\System32\config\SYSTEM", new byte[20_000]);
            volume.CreateFile(@"Windows\small.txt", new byte[100]);
            for (var i = 0; i < 60; i++)
                volume.CreateFile($@"Windows\System32\A driver with a long name {i}.sys", new byte[i * 20]);
        }

        // Compressed and sparse files, attribute lists: as other tools wrote them.
        RealFiles.Copy(RealFiles.All(12 << 20, ".raw").Where(static f => Path.GetDirectoryName(f)!.EndsWith("ntfs", StringComparison.Ordinal)), folder, 2);
    }

    /// <summary>Puts the last two bytes of each sector right, else every damage there would be all that is seen.</summary>
    /// <remarks>Update sequence: offset at 4, count at 6, in words; the first word is what every sector must end with.</remarks>
    public static void Repair(MutableInput input)
    {
        for (var at = 0; at + 1024 <= input.Length; at += 512)
        {
            var record = input.Bytes.AsSpan(at);
            if (!record.StartsWith("FILE"u8) && !record.StartsWith("INDX"u8))
                continue;
            int offset = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]), count = BinaryPrimitives.ReadUInt16LittleEndian(record[6..]);
            if (offset is < 8 or > 500 || count is < 2 or > 129 || at + ((count - 1) * 512) > input.Length)
                continue;
            for (var sector = 1; sector < count; sector++)
            {
                var end = at + (sector * 512) - 2;
                if (input.Bytes[end] != input.Bytes[at + offset] || input.Bytes[end + 1] != input.Bytes[at + offset + 1])
                    record.Slice(offset, 2).CopyTo(input.Change(end, 2));
            }
        }
    }

    /// <summary>Changes the volume, and looks at it as a whole.</summary>
    public static void Edit(FileVolume opened, Random random)
    {
        var volume = (NtfsVolume)opened;
        volume.WriteUnclean = random.Next(2) == 0;
        switch (random.Next(6))
        {
            case 0:
                volume.CreateFile($@"Windows\System32\new{random.Next(100)}.sys", new byte[random.Next(20_000)]);
                break;
            case 1:
                volume.CreateFolder(@"Windows\System32\DriverStore\FileRepository");
                break;
            case 2:
                volume.Replace(@"Windows\System32\config\SYSTEM", new byte[random.Next(60_000)]);
                break;
            case 3:
                volume.Delete(@"Windows\small.txt");
                break;
            case 4:
                volume.SetAttributes(@"Windows\System32\config\SYSTEM", FileAttributes.Hidden);
                break;
            default:
                NtfsCheck.Run(volume);
                break;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
