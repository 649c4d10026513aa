using System.Globalization;
using System.Text.RegularExpressions;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.FileSystems.Ntfs.Checking;
using OsMigrate.Guests;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FileSystems;

/// <summary>What NTFS calls free may be overwritten without anybody missing it; and where its word cannot be relied on, that is said.</summary>
public sealed partial class NtfsFreeSpaceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(512)]
    [InlineData(4096)]
    [InlineData(65536)]
    public void Nothing_is_missed_when_all_that_is_free_is_overwritten(int cluster)
    {
        var image = Filled(cluster);
        var (_, info) = Tool.Run("ntfsinfo", "-m", image);
        var theirs = long.Parse(FreeClusters().Match(info).Groups[1].Value, CultureInfo.InvariantCulture);
        IReadOnlyList<string> before;
        using (var store = FileStore.OpenWrite(image))
        {
            var volume = NtfsVolume.Open(store);
            Assert.Null(volume.FreeSpaceDoubt);
            before = FileTree.Of(volume);
            var free = volume.FreeExtents(CancellationToken.None).ToList();
            Assert.Equal(theirs * cluster, free.Sum(f => f.Length));
            Assert.Equal(volume.FreeBytes, free.Sum(f => f.Length));
            Assert.True(free.Count > 3);
            var junk = new byte[1 << 20];
            junk.AsSpan().Fill(0xA5);
            for (var i = 0; i < free.Count; i++)
            {
                Assert.True(i == 0 || free[i].Start > free[i - 1].End);
                for (var at = free[i].Start; at < free[i].End; at += junk.Length)
                    store.Write(at, junk.AsSpan(0, (int)Math.Min(junk.Length, free[i].End - at)));
            }
        }

        using (var store = FileStore.OpenRead(image))
        {
            var volume = NtfsVolume.Open(store);
            Assert.Equal(before, FileTree.Of(volume));
            Assert.False(NtfsCheck.Run(volume).HasErrors);
            Assert.Null(volume.FreeSpaceContradiction(CancellationToken.None));
        }

        Assert.Equal(0, Tool.Run("ntfsfix", "-n", image).ExitCode);
        Assert.Equal(0, Tool.Run("ntfsresize", "--info", "--force", image).ExitCode);
        NtfsMount.With(image, _folder.File("mnt"), mount => Assert.All(FileTree.OfFolder(mount), line => Assert.Contains(line, before)), "ro");
    }

    [SkippableFact]
    public void Real_volumes_do_not_contradict_themselves()
    {
        var volumes = 0;
        foreach (var path in new[] { "ntfs", "oracle/in", "vhd", "vhdx", "qcow2", "vmdk" }.SelectMany(s => SharedData.Files(s)))
        {
            DiskImage image;
            try
            {
                image = DiskFormats.OpenFile(path);
            }
            catch (OsMigrateException)
            {
                continue;
            }

            using (image)
            {
                foreach (var place in new GuestDisks([image]).Volumes.Where(v => v.Kind == VolumeKind.Ntfs))
                {
                    NtfsVolume volume;
                    try
                    {
                        volume = NtfsVolume.Open(place.Store);
                    }
                    catch (InvalidImageException)
                    {
                        continue;
                    }

                    if (volume.LogFile == LogFileState.Unclean)
                        Assert.NotNull(volume.FreeSpaceDoubt);
                    // What an error of the whole check is about, this scan may or may not see; the other way round it must agree.
                    if (volume.FreeSpaceDoubt is not null || NtfsCheck.Run(volume).Findings.Any(f => f.Area is "Clusters" or "Mft" or "Attributes"))
                        continue;
                    volumes++;
                    Assert.Null(volume.FreeSpaceContradiction(CancellationToken.None));
                    Assert.Equal(volume.FreeBytes, volume.FreeExtents(CancellationToken.None).Sum(f => f.Length));
                }
            }
        }

        Skip.If(volumes == 0, "the shared test data is not beside this checkout");
        Assert.True(volumes > 5, $"{volumes} volumes");
    }

    [SkippableFact]
    public void A_used_cluster_that_is_called_free_is_found()
    {
        var image = Filled(4096);
        using var store = new OverlayStore(FileStore.OpenRead(image));
        var volume = NtfsVolume.Open(store);
        var place = volume.Mft.Read(Mft.BitmapNumber).Attributes.Single(static a => a.Type == AttributeType.Data).Runs.Runs[0].Lcn * volume.ClusterSizeBytes;
        var bits = store.ReadBytes(place, (int)(volume.SizeBytes / volume.ClusterSizeBytes / 8));
        // In the middle of what files use.
        var at = Array.FindLastIndex(bits, static b => b == 0xFF);
        store.Write(place + at, [0xF7]);
        var again = NtfsVolume.Open(store);
        Assert.Contains("free", again.FreeSpaceContradiction(CancellationToken.None));
    }

    [SkippableFact]
    public void A_volume_that_was_not_left_in_order_is_doubted()
    {
        var image = Filled(4096);
        string? Doubt(Action<NtfsVolume> change)
        {
            using var store = new OverlayStore(FileStore.OpenRead(image));
            change(NtfsVolume.Open(store));
            return NtfsVolume.Open(store).FreeSpaceDoubt;
        }

        Assert.Null(Doubt(_ => { }));
        Assert.Contains("sleeping", Doubt(v => v.CreateFile("hiberfil.sys", [.. "HIBR"u8, .. new byte[5000]])));
        Assert.Null(Doubt(v => v.CreateFile("hiberfil.sys", [.. "WAKE"u8, .. new byte[5000]])));
        const string provider = "{3808876b-c176-4e48-b7ae-04046e6cc752}";
        Assert.Null(Doubt(v => { v.CreateFolder("System Volume Information"); v.CreateFile("System Volume Information/" + provider, new byte[100]); }));
        Assert.Contains("shadow", Doubt(v => { v.CreateFolder("System Volume Information"); v.CreateFile("System Volume Information/{0f4a1e2c-0000-11ee-8d5a-806e6f6e6963}" + provider, new byte[100]); }));
    }

    /// <summary>A volume with files, of which some were removed again.</summary>
    private string Filled(int cluster)
    {
        foreach (var tool in new[] { "mkntfs", "ntfs-3g", "ntfsinfo", "ntfsfix", "ntfsresize", "fusermount" })
            Tool.Require(tool);
        var image = _folder.File($"v{cluster}.img");
        using (var file = File.Create(image))
            file.SetLength(48 << 20);
        Tool.Check("mkntfs", "-F", "-q", "-Q", "-c", cluster.ToString(CultureInfo.InvariantCulture), image);
        NtfsMount.With(image, _folder.File("mnt"), mount =>
        {
            FileTree.Make(Directory.CreateDirectory(Path.Combine(mount, "kept")).FullName);
            for (var i = 0; i < 60; i++)
                File.WriteAllBytes(Path.Combine(mount, $"file{i}.bin"), Enumerable.Repeat((byte)i, 200_000).ToArray());
            for (var i = 0; i < 60; i += 3)
                File.Delete(Path.Combine(mount, $"file{i}.bin"));
        });
        return image;
    }

    [GeneratedRegex(@"Free Clusters:\s+(\d+)")]
    private static partial Regex FreeClusters();
}
