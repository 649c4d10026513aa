using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Vhd;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Vhd;

public class VhdReadTests
{
    private const int Block = VhdBuilder.BlockSize;

    [Fact]
    public void Stored_blocks_are_read_and_absent_ones_are_zero_and_known_to_be()
    {
        var data = VhdBuilder.Pattern(1);
        using var image = Open(new VhdBuilder().Block(3, data).Block(9, data).Build());
        Assert.Equal("dynamic", image.Info.Subformat);
        Assert.Equal(10 * Block, image.Length);
        var all = image.ReadBytes(0, 10 * Block);
        Assert.Equal(data, all[(3 * Block)..(4 * Block)]);
        Assert.Equal(data, all[(9 * Block)..]);
        Assert.True(Zeros.AreAll(all.AsSpan(0, 3 * Block)));
        Assert.Equal(new Extent(100, (3 * Block) - 100, ExtentKind.Zero), image.NextExtent(100));
        Assert.Equal(new Extent(3 * Block, Block, ExtentKind.Data), image.NextExtent(3 * Block));
        Assert.Equal(data[10..20], image.ReadBytes((3 * Block) + 10, 10));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(511)]
    public void A_fixed_disk_is_known_by_its_footer_of_512_or_511_bytes(int footerSize)
    {
        var content = VhdBuilder.Pattern(2, 10 * Block);
        var file = content.Concat(new VhdBuilder { Type = 2 }.Footer()[..footerSize]).ToArray();
        using var image = Open(file);
        Assert.Equal("fixed", image.Info.Subformat);
        Assert.Equal(content, image.ReadBytes(0, (int)image.Length));
    }

    [Theory]
    [InlineData("win ", 10 * Block)]
    [InlineData("tap\0", 10 * Block)]
    [InlineData("vpc ", 4 * 17 * 512)]
    [InlineData("qemu", 4 * 17 * 512)]
    public void The_creator_decides_between_size_and_geometry(string creator, long size)
    {
        using var image = Open(new VhdBuilder { Creator = creator }.Build());
        Assert.Equal(size, image.Length);
        Assert.Equal(size != 10 * Block, image.Info.Notices.Any(n => n.Contains("geometry")));
    }

    [Fact]
    public void The_largest_geometry_always_means_the_size_field()
    {
        using var image = Open(new VhdBuilder { Creator = "abcd", Geometry = (65535, 16, 255) }.Build());
        Assert.Equal(10 * Block, image.Length);
    }

    [Fact]
    public void A_damaged_copy_of_the_footer_is_replaced_by_the_footer_at_the_end()
    {
        var file = new VhdBuilder().Block(0, VhdBuilder.Pattern(3)).Build();
        file[80] ^= 1;
        using var image = Open(file);
        Assert.Contains(image.Info.Notices, n => n.Contains("damaged"));
        Assert.Equal(VhdBuilder.Pattern(3), image.ReadBytes(0, Block));
        Assert.Contains(VhdFormat.Instance.Check(new MemoryStore(file), Siblings.None, default), f => f.Severity == FindingSeverity.Warning);
    }

    [Fact]
    public void Sectors_of_a_differencing_disk_come_from_the_child_or_the_parent_as_the_bitmap_says()
    {
        using var folder = new TempFolder();
        var old = VhdBuilder.Pattern(4);
        var fresh = VhdBuilder.Pattern(5);
        File.WriteAllBytes(folder.File("base.vhd"), new VhdBuilder { Id = new string('a', 32) }.Block(1, old).Block(2, old).Build());
        File.WriteAllBytes(folder.File("child.vhd"), Child(@".\sub\base.vhd").Block(2, fresh, s => s % 3 == 0).Block(5, fresh, s => s > 2).Build());

        using var image = DiskFormats.OpenFile(folder.File("child.vhd"));

        Assert.Equal(("differencing", "base.vhd", "dynamic"), (image.Info.Subformat, image.Info.ParentName, image.Info.Parent?.Subformat));
        var all = image.ReadBytes(0, 10 * Block);
        var expected = new byte[10 * Block];
        old.CopyTo(expected, Block);
        for (var s = 0; s < 8; s++)
        {
            (s % 3 == 0 ? fresh : old).AsSpan(s * 512, 512).CopyTo(expected.AsSpan((2 * Block) + (s * 512)));
            if (s > 2)
                fresh.AsSpan(s * 512, 512).CopyTo(expected.AsSpan((5 * Block) + (s * 512)));
        }

        Assert.Equal(expected, all);
        Assert.Equal(expected[9000..14001], image.ReadBytes(9000, 5001));
        Assert.Equal(ExtentKind.Zero, image.NextExtent(0).Kind);
        Assert.Equal(new Extent(Block, Block, ExtentKind.Data), image.NextExtent(Block));
    }

    [Theory]
    [InlineData(@"C:\elsewhere\missing.vhd", "base.vhd", null)]
    [InlineData(@".\base.vhd", "", null)]
    [InlineData(@".\missing.vhd", "", ErrorIds.MissingSibling)]
    [InlineData(@".\child.vhd", "", ErrorIds.ParentCycle)]
    [InlineData(@"..\..", "", ErrorIds.OutsideFolder)]
    [InlineData("", "", ErrorIds.BadStructure)]
    public void The_parent_is_looked_for_by_plain_name_in_the_same_folder(string relative, string unicode, string? errorId)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("base.vhd"), new VhdBuilder { Id = new string('a', 32) }.Build());
        File.WriteAllBytes(folder.File("child.vhd"), Child(relative, unicode).Build());
        if (errorId is null)
            DiskFormats.OpenFile(folder.File("child.vhd")).Dispose();
        else
            Assert.Equal(errorId, Assert.Throws<InvalidImageException>(() => DiskFormats.OpenFile(folder.File("child.vhd"))).ErrorId);
    }

    [Fact]
    public void A_parent_with_another_id_is_refused()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("base.vhd"), new VhdBuilder { Id = new string('b', 32) }.Build());
        File.WriteAllBytes(folder.File("child.vhd"), Child(@".\base.vhd").Build());
        var error = Assert.Throws<InvalidImageException>(() => DiskFormats.OpenFile(folder.File("child.vhd")));
        Assert.Equal(ErrorIds.ParentMismatch, error.ErrorId);
        File.Delete(folder.File("base.vhd"));
    }

    [Fact]
    public void Overlapping_blocks_are_found_by_the_check()
    {
        var file = new VhdBuilder().Block(0, VhdBuilder.Pattern(1)).Block(1, VhdBuilder.Pattern(2)).Build();
        Assert.Empty(VhdFormat.Instance.Check(new MemoryStore(file), Siblings.None, default));
        file[2560 + 7] = file[2560 + 3];
        file[2560 + 6] = file[2560 + 2];
        Assert.Contains(VhdFormat.Instance.Check(new MemoryStore(file), Siblings.None, default), f => f.ErrorId == ErrorIds.Overlap);
    }

    [Fact]
    public void Cut_and_damaged_images_give_an_image_error_or_an_image_and_nothing_else()
    {
        var whole = new VhdBuilder { RelativePath = @".\p.vhd" }.Block(0, VhdBuilder.Pattern(1)).Block(7, VhdBuilder.Pattern(2)).Build();
        var random = new Random(42);
        var refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            var file = i % 4 == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
            for (var flips = random.Next(1, 4); flips > 0 && file.Length > 0; flips--)
                file[random.Next(Math.Min(file.Length, 2700))] ^= (byte)(1 << random.Next(8));
            // With checksums put right the damage reaches the code behind them.
            if (i % 2 == 0 && file.Length > 1536)
            {
                VhdBuilder.Sum(file.AsSpan(0, 512), 64);
                VhdBuilder.Sum(file.AsSpan(512, 1024), 36);
            }

            try
            {
                using var image = VhdFormat.Instance.Open(new MemoryStore(file), Siblings.None);
                var buffer = new byte[8192];
                for (long at = 0; at < Math.Min(image.Length, 1 << 20); at += buffer.Length)
                    image.Read(at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, image.Length - at)));
            }
            catch (InvalidImageException)
            {
                refused++;
            }

            Assert.NotNull(VhdFormat.Instance.Check(new MemoryStore(file), Siblings.None, default).ToList());
        }

        Assert.InRange(refused, 500, 1999);
    }

    private static VhdBuilder Child(string relative, string unicode = "")
        => new() { Type = 4, Id = new string('c', 32), ParentId = new string('a', 32), RelativePath = relative, ParentName = unicode };

    private static DiskImage Open(byte[] file) => DiskFormats.Open(new MemoryStore(file, "test.vhd"), Siblings.None);
}
