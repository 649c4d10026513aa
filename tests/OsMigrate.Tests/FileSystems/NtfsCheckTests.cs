using OsMigrate.Bytes;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.FileSystems.Ntfs.Checking;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FileSystems;

public sealed class NtfsCheckTests
{
    [SkippableTheory]
    [InlineData(512)]
    [InlineData(4096)]
    [InlineData(65536)]
    public void A_volume_that_was_edited_at_random_agrees_with_itself_and_with_ntfs_3g(int cluster)
    {
        using var folder = new TempFolder();
        var path = Make(folder, cluster);
        var random = new Random(cluster);
        var model = new Dictionary<string, byte[]>(StringComparer.OrdinalIgnoreCase);
        using (var file = FileStore.OpenRead(path))
        {
            var overlay = new OverlayStore(file);
            var volume = NtfsVolume.Open(overlay);
            volume.CreateFolder("many");
            for (var i = 0; i < 300; i++)
            {
                var name = $@"many\a rather long name {random.Next(150)}.bin";
                var data = new byte[random.Next(3) == 0 ? random.Next(200_000) : random.Next(500)];
                random.NextBytes(data);
                if (!model.ContainsKey(name))
                    volume.CreateFile(name, data);
                else if (random.Next(3) == 0)
                    volume.Delete(name);
                else
                    volume.Replace(name, data);
                if (volume.Find(name) is null)
                    model.Remove(name);
                else
                    model[name] = data;
            }

            var result = NtfsCheck.Run(NtfsVolume.Open(overlay));
            Assert.True(!result.HasErrors, string.Join('\n', result.Findings));
            Save(overlay, folder.File("after.ntfs"));
        }

        using var after = FileStore.OpenRead(folder.File("after.ntfs"));
        var read = NtfsVolume.Open(after);
        foreach (var entry in model)
        {
            using var content = read.Find(entry.Key)!.OpenContent();
            Assert.Equal(entry.Value, content.ReadBytes(0, (int)content.Length));
        }

        Assert.Equal(model.Count, read.Find("many")!.Children().Count());
        Tool.Check("ntfsresize", "--info", "--force", folder.File("after.ntfs"));
        Tool.Check("ntfsfix", "-n", folder.File("after.ntfs"));
    }

    [SkippableFact]
    public void A_used_cluster_that_is_marked_free_is_seen()
    {
        using var folder = new TempFolder();
        using var file = FileStore.OpenRead(Make(folder, 4096));
        var overlay = new OverlayStore(file);
        NtfsVolume.Open(overlay).CreateFile("used.bin", Enumerable.Repeat((byte)1, 100_000).ToArray());
        Assert.False(NtfsCheck.Run(NtfsVolume.Open(overlay)).HasErrors);
        Clear(overlay);
        Assert.Contains(NtfsCheck.Run(NtfsVolume.Open(overlay)).Findings, f => f.Area == "Clusters" && f.Severity == VolumeFindingSeverity.Error);
    }

    /// <summary>Clears the first byte of $Bitmap (the first clusters hold the boot sector), record 6, whose $DATA is not resident.</summary>
    private static void Clear(ByteStore volume)
    {
        var boot = volume.ReadBytes(0, 512);
        var cluster = BitConverter.ToUInt16(boot, 11) * boot[13];
        var record = volume.ReadBytes((BitConverter.ToInt64(boot, 0x30) * cluster) + (6 * 1024), 1024);
        for (int at = BitConverter.ToUInt16(record, 0x14); BitConverter.ToInt32(record, at) != -1; at += BitConverter.ToInt32(record, at + 4))
        {
            if (BitConverter.ToInt32(record, at) != 0x80)
                continue;
            var run = at + BitConverter.ToUInt16(record, at + 0x20);
            long first = 0;
            for (var i = record[run] >> 4; i > 0; i--)
                first = (first << 8) | record[run + (record[run] & 15) + i];
            volume.Write(first * cluster, [0]);
        }
    }

    private static string Make(TempFolder folder, int cluster)
    {
        Tool.Require("mkntfs");
        var path = folder.File("before.ntfs");
        using (var file = File.Create(path))
            file.SetLength(64 << 20);
        Tool.Check("mkntfs", "-F", "-Q", "-q", "-c", cluster.ToString(System.Globalization.CultureInfo.InvariantCulture), path);
        return path;
    }

    private static void Save(ByteStore store, string path)
    {
        using var file = File.Create(path);
        var buffer = new byte[1 << 20];
        for (long at = 0; at < store.Length; at += buffer.Length)
        {
            var n = (int)Math.Min(buffer.Length, store.Length - at);
            store.Read(at, buffer.AsSpan(0, n));
            file.Write(buffer, 0, n);
        }
    }
}
