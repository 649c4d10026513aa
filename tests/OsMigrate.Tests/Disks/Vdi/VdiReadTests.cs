using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Vdi;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Vdi;

public class VdiReadTests
{
    private const int Block = VdiBuilder.BlockSize;

    [Fact]
    public void Stored_absent_and_zero_blocks_are_read_from_bytes_made_by_hand()
    {
        using var image = Open(new VdiBuilder(6, (5 * Block) + 100).Block(3, 7).Block(1, 9).Map(2, 0xFFFFFFFE).Build());
        Assert.Equal("dynamic", image.Info.Subformat);
        Assert.Equal((5 * Block) + 512, image.Length);
        var all = image.ReadBytes(0, (int)image.Length);
        for (var i = 0; i < all.Length; i++)
            Assert.Equal((i / Block) switch { 1 => 9, 3 => 7, _ => 0 }, all[i]);
        Assert.Equal(new Extent(5, Block - 5, ExtentKind.Zero), image.NextExtent(5));
        Assert.Equal(new Extent(Block, Block, ExtentKind.Data), image.NextExtent(Block));
        Assert.Equal(new Extent(4 * Block, Block + 512, ExtentKind.Zero), image.NextExtent(4 * Block));
    }

    [Theory]
    [InlineData(68, 0x10000u, ErrorIds.UnsupportedFeature)]
    [InlineData(76, 3u, ErrorIds.UnsupportedFeature)]
    [InlineData(76, 4u, ErrorIds.UnsupportedFeature)]
    [InlineData(76, 5u, ErrorIds.BadStructure)]
    [InlineData(424, 1u, ErrorIds.UnsupportedFeature)]
    [InlineData(340, 100u, ErrorIds.BadStructure)]
    [InlineData(340, 1u << 20, ErrorIds.Truncated)]
    [InlineData(344, 100u, ErrorIds.BadStructure)]
    [InlineData(360, 4096u, ErrorIds.BadStructure)]
    [InlineData(372, 1u, ErrorIds.BadStructure)]
    [InlineData(376, 5000u, ErrorIds.BadStructure)]
    [InlineData(376, 0u, ErrorIds.BadStructure)]
    [InlineData(380, 8u, ErrorIds.UnsupportedFeature)]
    [InlineData(384, 0x40000000u, ErrorIds.TooLarge)]
    [InlineData(384, 0x10000u, ErrorIds.Truncated)]
    public void Headers_that_break_the_rules_and_kinds_not_read_are_refused(int at, uint value, string errorId)
        => Assert.Equal(errorId, Assert.Throws<InvalidImageException>(() => Open(new VdiBuilder(6).Block(0, 1).U32(at, value).Build())).ErrorId);

    [Fact]
    public void A_block_past_the_end_of_the_file_is_an_error_when_read()
    {
        using var image = Open(new VdiBuilder(6).Block(0, 1).Map(1, 4).Build());
        Assert.Equal(1, image.ReadBytes(0, 1)[0]);
        Assert.Equal(ErrorIds.Truncated, Assert.Throws<InvalidImageException>(() => image.ReadBytes(Block, 1)).ErrorId);
    }

    [Fact]
    public void The_check_finds_blocks_used_twice_outside_and_miscounted()
    {
        Assert.Empty(Check(new VdiBuilder(6).Block(3, 7).Block(1, 9)));
        Assert.Equal([ErrorIds.Overlap, ErrorIds.BadStructure], Check(new VdiBuilder(6).Block(3, 7).Map(4, 0)));
        Assert.Equal([ErrorIds.Truncated, ErrorIds.BadStructure], Check(new VdiBuilder(6).Block(3, 7).Map(4, 5)));
        Assert.Equal([ErrorIds.Truncated, ErrorIds.BadStructure], Check(new VdiBuilder(6).Block(3, 7).Map(4, 0x7FFFFFFF)));
        Assert.Equal([ErrorIds.BadStructure], Check(new VdiBuilder(6).Block(3, 7).U32(388, 2)));
        var leak = Assert.Single(VdiFormat.Instance.Check(new MemoryStore(new VdiBuilder(6).Block(3, 7).Block(4, 7).Map(3, uint.MaxValue).U32(388, 1).Build()), Siblings.None, default));
        Assert.Equal(FindingSeverity.Leak, leak.Severity);
    }

    [SkippableTheory]
    [InlineData("static=off")]
    [InlineData("static=on")]
    public void Images_made_by_qemu_img_are_read_and_checked_alike(string options)
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        foreach (var size in new[] { 5L << 20, (40L << 20) + 512 })
        {
            var raw = TestDisk.Scattered(size, seed: 12).SaveRaw(folder.File("a.raw"));
            Tool.Check(QemuImg.Program, "convert", "-f", "raw", "-O", "vdi", "-o", options, raw, folder.File("a.vdi"));
            QemuImg.AssertSame(folder.File("a.vdi"), "vdi");
            using var store = FileStore.OpenRead(folder.File("a.vdi"));
            Assert.Empty(VdiFormat.Instance.Check(store, Siblings.None, default));
        }
    }

    [SkippableFact]
    public void A_real_file_is_read_as_qemu_img_reads_it()
    {
        Tool.Require(QemuImg.Program);
        QemuImg.AssertSame(SharedData.File("vdi/dissect-basic.vdi"), "vdi");
    }

    [SkippableFact]
    public void The_check_agrees_with_qemu_img_on_damaged_block_maps()
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(12 << 20, seed: 12, runs: 5).SaveRaw(folder.File("a.raw"));
        Tool.Check(QemuImg.Program, "convert", "-f", "raw", "-O", "vdi", raw, folder.File("a.vdi"));
        var whole = File.ReadAllBytes(folder.File("a.vdi"));
        var random = new Random(5);
        for (var i = 0; i < 40; i++)
        {
            var file = (byte[])whole.Clone();
            var at = 512 + (random.Next(12) * 4);
            BitConverter.TryWriteBytes(file.AsSpan(at), random.Next(2) == 0 ? random.Next(14) : -1);
            File.WriteAllBytes(folder.File("b.vdi"), file);
            var theirs = Tool.Run(QemuImg.Program, "check", "-f", "vdi", folder.File("b.vdi")).ExitCode;
            var ours = VdiFormat.Instance.Check(new MemoryStore(file), Siblings.None, default).Where(f => f.Severity == FindingSeverity.Corruption).ToList();
            // QEMU holds a block that the file is too short for to be sound, and reads zeros.
            if (!ours.Any(f => f.ErrorId == ErrorIds.Truncated))
                Assert.Equal(theirs == 2, ours.Count > 0);
        }
    }

    [Fact]
    public void Cut_and_damaged_images_give_an_image_error_or_an_image_and_nothing_else()
    {
        var whole = new VdiBuilder(20).Block(3, 7).Block(1, 9).Block(19, 1).Build();
        var random = new Random(42);
        var refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            var file = i % 4 == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
            for (var flips = random.Next(1, 4); flips > 0 && file.Length > 0; flips--)
                file[random.Next(64, Math.Max(65, Math.Min(file.Length, 600))) % file.Length] ^= (byte)(1 << random.Next(8));
            try
            {
                using var image = VdiFormat.Instance.Open(new MemoryStore(file), Siblings.None);
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

            Assert.NotNull(VdiFormat.Instance.Check(new MemoryStore(file), Siblings.None, default).ToList());
        }

        Assert.InRange(refused, 300, 1999);
    }

    private static IEnumerable<string> Check(VdiBuilder builder)
        => VdiFormat.Instance.Check(new MemoryStore(builder.Build()), Siblings.None, default).Select(f => f.ErrorId);

    private static DiskImage Open(byte[] file) => DiskFormats.Open(new MemoryStore(file, "test.vdi"), Siblings.None);
}
