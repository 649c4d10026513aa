using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Disks.Raw;
using OsMigrate.Disks.Vmdk;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Vmdk;

public class StreamOptimizedEncoderTests
{
    [SkippableTheory]
    [InlineData(1, 512)]
    [InlineData(2, 65536 * 3)]
    [InlineData(3, (5L << 30) + 512)]
    [InlineData(4, 100_000_000)]
    public void What_is_written_reads_back_and_qemu_img_agrees(int seed, long size)
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        var disk = TestDisk.Scattered(size, seed);
        var raw = disk.SaveRaw(folder.File("a.raw"));
        using var source = DiskFormats.OpenFile(raw, RawFormat.Instance);
        var result = DiskConversion.Run(source, folder.File("a.vmdk"), VmdkFormat.Instance, new EncodeOptions(), overwrite: false);

        Assert.Equal(Sums.Sha512(folder.File("a.vmdk")), result.Sha512);
        Tool.Check(QemuImg.Program, "check", "-q", folder.File("a.vmdk"));
        Tool.Check(QemuImg.Program, "compare", "-q", "-f", "raw", "-F", "vmdk", raw, folder.File("a.vmdk"));
        using var written = DiskFormats.OpenFile(folder.File("a.vmdk"));
        Assert.True(DiskComparison.Run(source, written, null, CancellationToken.None).Identical);
        Assert.Equal("streamOptimized", written.Info.Subformat);
    }

    [Fact]
    public void Grains_survive_the_way_to_qcow2_planned_and_back()
    {
        using var folder = new TempFolder();
        var disk = TestDisk.Scattered(200 << 20, seed: 5);
        var first = DiskConversion.Run(disk, folder.File("a.vmdk"), VmdkFormat.Instance, new EncodeOptions(), overwrite: false);
        using var vmdk = DiskFormats.OpenFile(folder.File("a.vmdk"));
        var again = DiskConversion.Run(vmdk, folder.File("b.vmdk"), VmdkFormat.Instance, new EncodeOptions(), overwrite: false);
        Assert.True(again.Encoded.PassedThroughBlocks > 20);
        Assert.Equal(first.Encoded.ContentDigest, again.Encoded.ContentDigest);
        Assert.Equal(first.Encoded.FileSizeBytes, again.Encoded.FileSizeBytes);
        var qcow2 = DiskConversion.Run(vmdk, folder.File("a.qcow2"), Qcow2Format.Instance, new EncodeOptions(), overwrite: false);
        Assert.Equal(first.Encoded.ContentDigest, qcow2.Encoded.ContentDigest);
    }

    [Fact]
    public void A_damaged_grain_is_found_on_the_way_and_nothing_is_left()
    {
        using var folder = new TempFolder();
        DiskConversion.Run(TestDisk.Scattered(20 << 20, seed: 6), folder.File("a.vmdk"), VmdkFormat.Instance, new EncodeOptions(), overwrite: false);
        var bytes = File.ReadAllBytes(folder.File("a.vmdk"));
        bytes[65536 + 200] ^= 4;
        File.WriteAllBytes(folder.File("a.vmdk"), bytes);
        using var vmdk = DiskFormats.OpenFile(folder.File("a.vmdk"));
        foreach (var target in new DiskFormat[] { Qcow2Format.Instance, VmdkFormat.Instance, RawFormat.Instance })
        {
            var error = Assert.Throws<InvalidImageException>(() => DiskConversion.Run(vmdk, folder.File("out"), target, new EncodeOptions(), overwrite: false));
            Assert.Contains(error.ErrorId, new[] { ErrorIds.BadChecksum, ErrorIds.BadCompression });
            Assert.InRange(error.Offset, 65536, 65536 + 200);
        }

        Assert.Equal(["a.vmdk"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Incompressible_grains_are_stored()
    {
        using var folder = new TempFolder();
        var disk = new TestDisk(4 << 20);
        var noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        disk.Put(65536, noise);
        DiskConversion.Run(disk, folder.File("a.vmdk"), VmdkFormat.Instance, new EncodeOptions(), overwrite: false);
        using var written = DiskFormats.OpenFile(folder.File("a.vmdk"));
        Assert.Equal(noise, written.ReadBytes(65536, noise.Length));
    }

    [Theory]
    [InlineData(Compression.Zstd, null)]
    [InlineData(Compression.None, null)]
    [InlineData(Compression.AsIs, "monolithicFlat")]
    public void What_the_format_cannot_do_is_refused(Compression compression, string? subformat)
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<OsMigrateException>(() => DiskConversion.Run(new TestDisk(65536), folder.File("a.vmdk"), VmdkFormat.Instance, new EncodeOptions { Compression = compression, Subformat = subformat }, overwrite: false));
        Assert.Equal(ErrorIds.BadRequest, error.ErrorId);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
