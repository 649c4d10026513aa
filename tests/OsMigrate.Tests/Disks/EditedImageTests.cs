using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Disks.Raw;
using OsMigrate.Disks.Vmdk;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks;

public class EditedImageTests
{
    private const int Block = 65536;

    [SkippableTheory]
    [InlineData(Compression.AsIs)]
    [InlineData(Compression.Zlib)]
    public void An_edited_stream_VMDK_becomes_a_QCOW2_with_the_edits_and_hands_on_every_other_block(Compression compression)
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var content = TestDisk.Scattered(100L << 20, seed: 11, runs: 60);
        var raw = content.SaveRaw(folder.File("a.raw"));
        var vmdk = folder.File("a.vmdk");
        DiskConversion.Run(content, vmdk, VmdkFormat.Instance, new EncodeOptions(), overwrite: false);
        var before = Sums.Sha256(vmdk);
        var plain = Convert(DiskFormats.OpenFile(vmdk), folder.File("plain.qcow2"), compression);
        Assert.True(plain.PassedThroughBlocks > 40);

        var packed = PackedBlocks(vmdk);
        var edits = Edits(content, packed);
        var touched = edits.SelectMany(e => Blocks(e.Offset, e.Data.Length)).Distinct().Count(packed.Contains);
        Assert.True(touched >= 3);
        var edited = new EditedImage(DiskFormats.OpenFile(vmdk));
        using (var file = File.OpenWrite(raw))
        {
            foreach (var (offset, data) in edits)
            {
                edited.Write(offset, data);
                file.Position = offset;
                file.Write(data);
            }
        }

        var result = Convert(edited, folder.File("edited.qcow2"), compression);

        Tool.Check("qemu-img", "check", "-q", folder.File("edited.qcow2"));
        Tool.Check("qemu-img", "compare", "-q", "-f", "raw", "-F", "qcow2", raw, folder.File("edited.qcow2"));
        Assert.Equal(plain.PassedThroughBlocks - touched, result.PassedThroughBlocks);
        Assert.NotEqual(plain.ContentDigest, result.ContentDigest);
        using var expected = DiskFormats.OpenFile(raw);
        Assert.Equal(Convert(expected, folder.File("expected.qcow2"), Compression.None).ContentDigest, result.ContentDigest);
        Assert.Equal(before, Sums.Sha256(vmdk));
    }

    [Fact]
    public void Unedited_it_is_copied_byte_for_byte_as_the_image_below()
    {
        using var folder = new TempFolder();
        var disk = new DeflatedTestDisk(TestDisk.Scattered(30L << 20, seed: 12));
        DiskConversion.Run(disk, folder.File("a.qcow2"), Qcow2Format.Instance, new EncodeOptions(), overwrite: false);
        using var edited = new EditedImage(disk);
        Assert.False(edited.IsEdited);
        DiskConversion.Run(edited, folder.File("b.qcow2"), Qcow2Format.Instance, new EncodeOptions(), overwrite: false);
        Assert.Equal(Sums.Sha256(folder.File("a.qcow2")), Sums.Sha256(folder.File("b.qcow2")));
    }

    [Fact]
    public void The_digest_of_edits_is_equal_for_equal_edits_in_any_order_and_for_no_others()
    {
        string Digest(params (long Offset, byte Value)[] edits)
        {
            using var image = new EditedImage(TestDisk.Scattered((5L << 20) + 512, seed: 13));
            foreach (var (offset, value) in edits)
                image.Write(offset, [value]);
            return image.DigestOfEdits();
        }

        var digest = Digest((1, 7), (5L << 20, 8));
        Assert.Equal(digest, Digest((5L << 20, 8), (1, 7)));
        Assert.NotEqual(digest, Digest((2, 7), (5L << 20, 8)));
        Assert.NotEqual(digest, Digest((1, 7), (5L << 20, 9)));
        Assert.NotEqual(digest, Digest());
    }

    [Fact]
    public void A_source_is_not_written_over_through_its_edited_image()
    {
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(1L << 20, seed: 14).SaveRaw(folder.File("a.raw"));
        using var edited = new EditedImage(DiskFormats.OpenFile(raw));
        Assert.Equal(ErrorIds.BadRequest, Assert.Throws<OsMigrateException>(() => DiskConversion.Run(edited, raw, RawFormat.Instance, new EncodeOptions(), overwrite: true)).ErrorId);
    }

    /// <summary>Into stored blocks, across a border of two, into a hole, and at the end.</summary>
    private static List<(long Offset, byte[] Data)> Edits(TestDisk content, List<long> packed)
    {
        var chunks = SourceScan.DataChunks(content, Block).ToList();
        var hole = Enumerable.Range(0, (int)(content.Length / Block)).Select(i => (long)i * Block).First(o => !chunks.Contains(o) && !chunks.Contains(o + Block));
        var random = new Random(1);
        byte[] Noise(int count)
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }

        return [(packed[3] + 100, Noise(10)), (packed[20] + Block - 700, Noise(1400)), (packed[^5], new byte[Block]), (hole + 5000, Noise(Block)), (content.Length - 3, Noise(3))];
    }

    /// <summary>Blocks that can be handed on: those that deflate made smaller.</summary>
    private static List<long> PackedBlocks(string vmdk)
    {
        using var image = DiskFormats.OpenFile(vmdk);
        return Enumerable.Range(0, (int)(image.Length / Block)).Select(i => (long)i * Block).Where(o => image.DeflatedBlocks!.TryGet(o, out var block) && block.Length < Block).ToList();
    }

    private static IEnumerable<long> Blocks(long offset, int length)
    {
        for (var block = offset / Block * Block; block < offset + length; block += Block)
            yield return block;
    }

    private static EncodeResult Convert(DiskImage image, string path, Compression compression)
    {
        using (image)
            return DiskConversion.Run(image, path, Qcow2Format.Instance, new EncodeOptions { Compression = compression }, overwrite: false).Encoded;
    }
}
