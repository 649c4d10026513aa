using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Disks.Vmdk;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks;

public sealed class TrimmedImageTests
{
    [Fact]
    public void What_is_free_reads_as_zeros_without_being_read()
    {
        var below = TestDisk.Scattered(1 << 20, 9);
        using var trimmed = new TrimmedImage(below, [new Extent(0, 4096, ExtentKind.Zero), new Extent(12_288, 487_712, ExtentKind.Zero), new Extent(500_100, (1 << 20) - 500_100, ExtentKind.Zero)]);
        var expected = new byte[1 << 20];
        below.Read(4096, expected.AsSpan(4096, 8192));
        below.Read(500_000, expected.AsSpan(500_000, 100));
        below.BytesRead = 0;
        Assert.Equal(expected, trimmed.ReadBytes(0, 1 << 20));
        Assert.Equal(8292, below.BytesRead);
        Assert.Equal(new Extent(0, 4096, ExtentKind.Zero), trimmed.NextExtent(0));
        Assert.Equal(new Extent(600_000, (1 << 20) - 600_000, ExtentKind.Zero), trimmed.NextExtent(600_000));
        for (var at = 0L; at < trimmed.Length; at = trimmed.NextExtent(at).End)
            Assert.True(trimmed.NextExtent(at).Length > 0 && trimmed.NextExtent(at).End <= trimmed.Length);
    }

    [Fact]
    public void Deflated_blocks_go_through_unless_a_part_of_them_is_free()
    {
        using var folder = new TempFolder();
        var disk = new TestDisk(8 << 20);
        disk.Put(0, Enumerable.Range(0, 1 << 20).Select(static i => (byte)(i / 100)).ToArray());
        DiskConversion.Run(disk, folder.File("a.vmdk"), VmdkFormat.Instance, new EncodeOptions(), overwrite: false);
        using var trimmed = new TrimmedImage(DiskFormats.OpenFile(folder.File("a.vmdk")), [new Extent(65536 + 1000, 2 * 65536, ExtentKind.Zero)]);
        var result = DiskConversion.Run(trimmed, folder.File("a.qcow2"), Qcow2Format.Instance, new EncodeOptions(), overwrite: false);
        // Of sixteen, one is free and two are free in part.
        Assert.Equal(13, result.Encoded.PassedThroughBlocks);
        using var written = DiskFormats.OpenFile(folder.File("a.qcow2"));
        Assert.True(DiskComparison.Run(trimmed, written, null, CancellationToken.None).Identical);
        Assert.Equal(result.Encoded.ContentDigest, ContentDigest.Of(trimmed, CancellationToken.None));
    }
}
