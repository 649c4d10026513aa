using CsCheck;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Qcow2;

public class Qcow2ReadTests
{
    private const int Cluster = Qcow2Builder.ClusterSize;

    [Fact]
    public void Plain_deflated_zero_and_absent_clusters_are_read_from_bytes_made_by_hand()
    {
        using var image = Open(new Qcow2Builder().Plain(1, 7).Deflated(2, 9).Deflated(3, 5, shift: 100).Entry(5, 1).Build());
        Assert.Equal(64 * Cluster, image.Length);
        Assert.Equal("v3 zlib", image.Info.Subformat);
        Assert.Equal(Cluster, image.Info.BlockSizeBytes);
        var all = image.ReadBytes(0, 64 * Cluster);
        byte[] expected = [0, 7, 9, 5, 0, 0];
        for (var i = 0; i < all.Length; i++)
            Assert.Equal(i / Cluster < 6 ? expected[i / Cluster] : 0, all[i]);
        Assert.Equal(new Extent(3, Cluster - 3, ExtentKind.Zero), image.NextExtent(3));
        Assert.Equal(new Extent(Cluster, 3 * Cluster, ExtentKind.Data), image.NextExtent(Cluster));
        Assert.Equal(new Extent(4 * Cluster, 60 * Cluster, ExtentKind.Zero), image.NextExtent(4 * Cluster));
    }

    [Fact]
    public void Deflated_clusters_are_handed_out_with_whole_sectors()
    {
        using var image = Open(new Qcow2Builder().Plain(1, 7).Deflated(3, 5, shift: 100).Build());
        var blocks = image.DeflatedBlocks!;
        Assert.Equal(Cluster, blocks.BlockSize);
        Assert.False(blocks.TryGet(Cluster, out _));
        Assert.False(blocks.TryGet(0, out _));
        Assert.True(blocks.TryGet(3 * Cluster, out var block));
        Assert.Equal((6 * Cluster) + 100, block.Offset);
        Assert.Equal(412, block.Length);
        Assert.Null(block.Adler32);
        var expanded = new byte[Cluster];
        Assert.Equal(Cluster, Inflater.Inflate(block.Store.ReadBytes(block.Offset, block.Length), expanded));
        Assert.All(expanded, b => Assert.Equal(5, b));
    }

    [Fact]
    public void Unknown_features_are_refused_by_the_names_the_image_gives_them()
    {
        var error = Refused(new Qcow2Builder().U64(72, (1UL << 7) | (1UL << 40)).Feature(7, "time travel"), ErrorIds.UnsupportedFeature);
        Assert.Contains("'time travel' (bit 7), bit 40", error.Message);
    }

    [Theory]
    [InlineData(4, 4u, ErrorIds.UnsupportedFeature)]
    [InlineData(20, 8u, ErrorIds.BadStructure)]
    [InlineData(20, 22u, ErrorIds.BadStructure)]
    [InlineData(32, 1u, ErrorIds.UnsupportedFeature)]
    [InlineData(36, 0u, ErrorIds.BadStructure)]
    [InlineData(36, 0xFFFFFFFFu, ErrorIds.TooLarge)]
    [InlineData(24, 0x7FFFFFFFu, ErrorIds.TooLarge)]
    [InlineData(24, 0xFFFFFFFFu, ErrorIds.BadStructure)]
    [InlineData(44, 513u, ErrorIds.BadStructure)]
    [InlineData(44, 1u << 20, ErrorIds.Truncated)]
    [InlineData(56, 0u, ErrorIds.BadStructure)]
    [InlineData(60, 70000u, ErrorIds.BadStructure)]
    [InlineData(76, 4u, ErrorIds.MissingSibling)]
    [InlineData(76, 8u, ErrorIds.BadStructure)]
    [InlineData(76, 16u, ErrorIds.BadStructure)]
    [InlineData(96, 7u, ErrorIds.BadStructure)]
    [InlineData(100, 96u, ErrorIds.BadStructure)]
    [InlineData(100, 1024u, ErrorIds.BadStructure)]
    public void Headers_that_break_the_rules_are_refused(int at, uint value, string errorId)
        => Refused(new Qcow2Builder().U32(at, value), errorId);

    [Theory]
    [InlineData(1UL << 40, ErrorIds.Truncated)]
    [InlineData((1UL << 62) | (1UL << 40), ErrorIds.Truncated)]
    [InlineData((1UL << 62) | 512, ErrorIds.BadCompression)]
    public void Entries_that_lead_nowhere_are_errors_when_read(ulong entry, string errorId)
    {
        using var image = Open(new Qcow2Builder().Plain(0, 1).Entry(1, entry).Build());
        Assert.Equal(1, image.ReadBytes(0, 1)[0]);
        Assert.Equal(errorId, Assert.Throws<InvalidImageException>(() => image.ReadBytes(Cluster, 1)).ErrorId);
    }

    [Fact]
    public void Version_2_knows_no_zero_clusters()
    {
        using var image = Open(new Qcow2Builder(version: 2).Entry(1, 1).Build());
        Assert.Equal("v2 zlib", image.Info.Subformat);
        Assert.Equal(ErrorIds.BadStructure, Assert.Throws<InvalidImageException>(() => image.ReadBytes(Cluster, 1)).ErrorId);
    }

    [Fact]
    public void The_last_cluster_of_a_file_may_be_cut_short_and_is_zero_there()
    {
        var file = new Qcow2Builder().Plain(0, 7).Build();
        using var image = Open(file[..^100]);
        Assert.Equal(7, image.ReadBytes(Cluster - 101, 1)[0]);
        Assert.Equal(0, image.ReadBytes(Cluster - 100, 1)[0]);
    }

    [Fact]
    public void What_we_write_reads_back_in_every_cluster_size_and_compression()
        => Gen.Select(Gen.Int[9, 21], Gen.Enum<Compression>(), Gen.Int[1, 9000], Gen.Int[0, 1000])
            .Sample(
                (bits, compression, sectors, seed) =>
                {
                    using var folder = new TempFolder();
                    var disk = TestDisk.Scattered(sectors * 512L, seed, runs: 8);
                    DiskConversion.Run(disk, folder.File("a.qcow2"), Qcow2Format.Instance, new EncodeOptions { Compression = compression, ClusterSizeBytes = 1 << bits }, overwrite: false);
                    using var image = DiskFormats.OpenFile(folder.File("a.qcow2"));
                    return DiskComparison.Run(disk, image, null, CancellationToken.None).Identical;
                },
                iter: 60,
                threads: 1);

    [Fact]
    public void Several_threads_may_read_at_once()
    {
        using var folder = new TempFolder();
        var disk = TestDisk.Scattered(20 << 20, seed: 4);
        foreach (var compression in new[] { Compression.Zlib, Compression.Zstd })
        {
            DiskConversion.Run(disk, folder.File(compression + ".qcow2"), Qcow2Format.Instance, new EncodeOptions { Compression = compression, ClusterSizeBytes = 4096 }, overwrite: false);
            using var image = DiskFormats.OpenFile(folder.File(compression + ".qcow2"));
            Parallel.For(0, 400, i =>
            {
                var offset = new Random(i).Next(19 << 20);
                Assert.Equal(disk.ReadBytes(offset, 70_000), image.ReadBytes(offset, 70_000));
            });
        }
    }

    [Fact]
    public void Cut_and_damaged_images_give_an_image_error_or_an_image_and_nothing_else()
    {
        var whole = new Qcow2Builder().Plain(1, 7).Deflated(2, 9).Deflated(3, 5, shift: 100).Entry(5, 1).Feature(9, "nine").Build();
        var random = new Random(42);
        var refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            var file = i % 4 == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
            for (var flips = random.Next(1, 4); flips > 0 && file.Length > 0; flips--)
                file[random.Next(Math.Min(file.Length, i % 2 == 0 ? 200 : whole.Length))] ^= (byte)(1 << random.Next(8));
            try
            {
                using var image = Qcow2Format.Instance.Open(new MemoryStore(file), Siblings.None);
                var buffer = new byte[8192];
                for (long at = 0; at < Math.Min(image.Length, 1 << 18); at += buffer.Length)
                {
                    _ = image.NextExtent(at);
                    image.Read(at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, image.Length - at)));
                }
            }
            catch (InvalidImageException)
            {
                refused++;
            }

            Assert.NotNull(Qcow2Format.Instance.Check(new MemoryStore(file), Siblings.None, default).ToList());
        }

        Assert.InRange(refused, 500, 1999);
    }

    private static InvalidImageException Refused(Qcow2Builder builder, string errorId)
    {
        var error = Assert.Throws<InvalidImageException>(() => Open(builder.Build()));
        Assert.Equal(errorId, error.ErrorId);
        return error;
    }

    private static DiskImage Open(byte[] file) => DiskFormats.Open(new MemoryStore(file, "test.qcow2"), Siblings.None);
}
