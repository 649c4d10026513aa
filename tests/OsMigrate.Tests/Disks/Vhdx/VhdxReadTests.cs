using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Vhdx;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Vhdx;

public class VhdxReadTests
{
    private const int MiB = VhdxBuilder.MiB;
    private static readonly byte[] A = VhdxBuilder.Pattern(1);
    private static readonly byte[] B = VhdxBuilder.Pattern(2);

    [Fact]
    public void Blocks_are_read_where_present_and_zero_in_every_other_state()
    {
        using var image = Open(new VhdxBuilder().Block(1, 6, A).Block(2, 6, B).Block(4, 1).Block(5, 2).Block(6, 3).Block(7, 6, A).Build());
        Assert.Equal("dynamic", image.Info.Subformat);
        var expected = new byte[8 * MiB];
        A.CopyTo(expected, MiB);
        B.CopyTo(expected, 2 * MiB);
        A.CopyTo(expected, 7 * MiB);
        Assert.Equal(expected, image.ReadBytes(0, 8 * MiB));
        Assert.Equal(expected[(2 * MiB - 10)..(2 * MiB + 10)], image.ReadBytes((2 * MiB) - 10, 20));
        Assert.Equal(new Extent(MiB, 2 * MiB, ExtentKind.Data), image.NextExtent(MiB));
        Assert.Equal(new Extent(3 * MiB, 4 * MiB, ExtentKind.Zero), image.NextExtent(3 * MiB));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void Sectors_of_a_differencing_disk_come_from_the_child_or_the_parent_as_the_bitmap_says(int sectorSize)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("base.vhdx"), new VhdxBuilder { SectorSize = sectorSize }.Block(0, 6, A).Block(1, 6, A).Block(2, 6, A).Build());
        var bits = new byte[MiB];
        var perBlock = MiB / sectorSize;
        for (var sector = 0; sector < perBlock; sector += 3)
            bits[(perBlock + sector) / 8] |= (byte)(1 << (sector % 8));
        File.WriteAllBytes(folder.File("child.avhdx"), Child(@"..\x\base.vhdx", sectorSize).Block(0, 0).Block(1, 7, B).Block(2, 2).Bitmap(bits).Build());

        using var image = DiskFormats.OpenFile(folder.File("child.avhdx"));

        Assert.Equal(("differencing", "base.vhdx", "dynamic"), (image.Info.Subformat, image.Info.ParentName, image.Info.Parent?.Subformat));
        var expected = new byte[8 * MiB];
        A.CopyTo(expected, 0);
        for (var sector = 0; sector < perBlock; sector++)
            (sector % 3 == 0 ? B : A).AsSpan(sector * sectorSize, sectorSize).CopyTo(expected.AsSpan(MiB + (sector * sectorSize)));
        Assert.True(expected.AsSpan().SequenceEqual(image.ReadBytes(0, 8 * MiB)));
        Assert.Equal(expected[(MiB + 777)..(MiB + 9001)], image.ReadBytes(MiB + 777, 9001 - 777));
        Assert.Equal(ExtentKind.Zero, image.NextExtent(2 * MiB).Kind);
    }

    [Fact]
    public void A_parent_that_was_changed_since_is_refused()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.File("base.vhdx"), new VhdxBuilder { DataWriteGuid = Guid.NewGuid() }.Build());
        File.WriteAllBytes(folder.File("child.vhdx"), Child("base.vhdx").Build());
        Assert.Equal(ErrorIds.ParentMismatch, Refusal(folder.File("child.vhdx")));
        File.Delete(folder.File("base.vhdx"));
        Assert.Equal(ErrorIds.MissingSibling, Refusal(folder.File("child.vhdx")));
        File.WriteAllBytes(folder.File("self.vhdx"), Child("self.vhdx").Build());
        Assert.Equal(ErrorIds.ParentCycle, Refusal(folder.File("self.vhdx")));
    }

    [Theory]
    [InlineData(4u, ErrorIds.UnsupportedFeature)]
    [InlineData(0u, null)]
    public void An_unknown_metadata_item_is_refused_only_when_it_is_required(uint flags, string? errorId)
    {
        var file = new VhdxBuilder().Item(Guid.NewGuid(), [1, 2], flags).Build();
        if (errorId is null)
            Open(file).Dispose();
        else
            Assert.Equal(errorId, Assert.Throws<InvalidImageException>(() => Open(file)).ErrorId);
    }

    [Fact]
    public void The_older_header_serves_when_the_newer_one_is_damaged_and_the_check_says_so()
    {
        var file = new VhdxBuilder().Block(0, 6, A).Build();
        file[(128 << 10) + 9] ^= 1;
        using var image = Open(file);
        Assert.Equal(A, image.ReadBytes(0, MiB));
        Assert.Contains(VhdxFormat.Instance.Check(new MemoryStore(file), Siblings.None, default), f => f is { Severity: FindingSeverity.Warning, Offset: 128 << 10 });
        file[(64 << 10) + 9] ^= 1;
        Assert.Equal(ErrorIds.BadChecksum, Assert.Throws<InvalidImageException>(() => Open(file)).ErrorId);
    }

    [Fact]
    public void Blocks_that_share_bytes_are_found_by_the_check()
    {
        var file = new VhdxBuilder().Block(0, 6, A).Block(1, 6, B).Build();
        Assert.Empty(VhdxFormat.Instance.Check(new MemoryStore(file), Siblings.None, default));
        VhdxBuilder.Entry(file, 1, 6 | (4 * MiB));
        Assert.Contains(VhdxFormat.Instance.Check(new MemoryStore(file), Siblings.None, default), f => f.ErrorId == ErrorIds.Overlap);
    }

    [Theory]
    [InlineData(6 | (2000ul << 20), ErrorIds.Truncated)]
    [InlineData(4, ErrorIds.BadStructure)]
    [InlineData(7 | (4ul << 20), ErrorIds.BadStructure)]
    [InlineData(6, ErrorIds.Truncated)]
    public void Impossible_block_entries_are_refused(ulong entry, string errorId)
    {
        var file = new VhdxBuilder().Block(0, 6, A).Build();
        VhdxBuilder.Entry(file, 1, entry);
        Assert.Equal(errorId, Assert.Throws<InvalidImageException>(() => Open(file)).ErrorId);
    }

    [Fact]
    public void Cut_and_damaged_images_give_an_image_error_or_an_image_and_nothing_else()
    {
        var log = Guid.NewGuid();
        var file = new VhdxBuilder { LogGuid = log, RelativePath = "p.vhdx" }.Block(0, 6, A).Block(3, 6, B).Build();
        var clean = new VhdxBuilder { LogGuid = log }.Block(0, 6, A).Block(3, 6, B).Build();
        VhdxBuilder.LogEntry(log, 5, 0, 6 * MiB, (4 * MiB, A[..4096], 0), (5 * MiB, null, 8192)).CopyTo(clean, MiB);
        VhdxBuilder.LogEntry(log, 5, 0, 6 * MiB, (4 * MiB, A[..4096], 0), (5 * MiB, null, 8192)).CopyTo(file, MiB);
        var random = new Random(43);
        var refused = 0;
        for (var i = 0; i < 2000; i++)
            refused += Attack(i % 5 == 0 ? file : clean, i, random) ? 1 : 0;
        Assert.InRange(refused, 600, 1950);
    }

    /// <summary>Flips bits in one of the structures, reads, and puts the bytes back. True when the image was refused.</summary>
    private static bool Attack(byte[] file, int round, Random random)
    {
        (int At, int Span, int SumAt, int SumLength)[] targets =
        [
            (64 << 10, 80, 64 << 10, 4096), (128 << 10, 80, 128 << 10, 4096), (192 << 10, 80, 192 << 10, 65536), (MiB, 192, MiB, 8192),
            (2 * MiB, 224, 0, 0), ((2 * MiB) + 65536, 60, 0, 0), (3 * MiB, 64, 0, 0),
        ];
        var (at, span, sumAt, sumLength) = targets[random.Next(targets.Length)];
        var saved = file.AsSpan(at, Math.Max(span, sumLength)).ToArray();
        for (var flips = random.Next(1, 3); flips > 0; flips--)
            file[at + random.Next(span)] ^= (byte)(1 << random.Next(8));
        if (sumLength > 0 && round % 4 != 0)
            VhdxBuilder.Sum(file.AsSpan(sumAt, sumLength));
        var length = round % 6 == 1 ? random.Next(file.Length) : file.Length;
        using var store = new SliceStore(new MemoryStore(file), 0, length);
        try
        {
            using var image = VhdxFormat.Instance.Open(store, Siblings.None);
            for (long at2 = 0; at2 < Math.Min(image.Length, 8 * MiB); at2 += 300_000)
                image.ReadBytes(at2, (int)Math.Min(5000, image.Length - at2));
            _ = VhdxFormat.Instance.Check(store, Siblings.None, default).Count();
            return false;
        }
        catch (InvalidImageException)
        {
            return true;
        }
        finally
        {
            saved.CopyTo(file, at);
        }
    }

    private static VhdxBuilder Child(string path, int sectorSize = 512)
        => new() { RelativePath = path, SectorSize = sectorSize, ParentLinkage = new VhdxBuilder().DataWriteGuid, DataWriteGuid = Guid.NewGuid() };

    private static string Refusal(string path) => Assert.Throws<InvalidImageException>(() => DiskFormats.OpenFile(path)).ErrorId;

    private static DiskImage Open(byte[] file) => DiskFormats.Open(new MemoryStore(file, "test.vhdx"), Siblings.None);
}
