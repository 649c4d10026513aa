using CsCheck;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Qcow2;

public class Qcow2EncoderTests
{
    private const long GiB = 1L << 30;

    public static TheoryData<long, int?, Compression> Shapes()
    {
        var shapes = new TheoryData<long, int?, Compression>();
        foreach (var length in new long[] { 0, 512, 65536, 1_000_000, 5_000_192, 3 * GiB })
        {
            foreach (var compression in Enum.GetValues<Compression>())
                shapes.Add(length, null, compression);
        }

        foreach (var clusterSize in new[] { 512, 4096, 32768, 131072, 2 << 20 })
        {
            shapes.Add(20_000_256, clusterSize, Compression.None);
            shapes.Add(20_000_256, clusterSize, Compression.Zlib);
            shapes.Add(20_000_256, clusterSize, Compression.Zstd);
        }

        return shapes;
    }

    [SkippableTheory]
    [MemberData(nameof(Shapes))]
    public void Qemu_finds_no_fault_and_the_same_content(long length, int? clusterSize, Compression compression)
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var disk = length == 0 ? new TestDisk(0) : TestDisk.Scattered(length, seed: 7);
        var raw = disk.SaveRaw(folder.File("a.raw"));
        var target = folder.File("a.qcow2");

        var result = DiskConversion.Run(disk, target, Qcow2Format.Instance, new EncodeOptions { Compression = compression, ClusterSizeBytes = clusterSize }, overwrite: false);

        Tool.Check("qemu-img", "check", "-f", "qcow2", target);
        Tool.Check("qemu-img", "compare", "-f", "raw", "-F", "qcow2", raw, target);
        Assert.Equal(new FileInfo(target).Length, result.Encoded.FileSizeBytes);
        Assert.Equal(Sums.Sha256(target), result.Sha256);
        Assert.Equal(Sums.Sha512(target), result.Sha512);
    }

    [SkippableTheory]
    [InlineData(65536)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public void Deflated_blocks_are_handed_on_and_qemu_reads_them(int blockSize)
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var content = TestDisk.Scattered(200_000_000 + 512, seed: 3);
        var disk = new DeflatedTestDisk(content, blockSize);
        var raw = content.SaveRaw(folder.File("a.raw"));
        var target = folder.File("a.qcow2");

        var result = DiskConversion.Run(disk, target, Qcow2Format.Instance, new EncodeOptions(), overwrite: false);

        Tool.Check("qemu-img", "check", "-f", "qcow2", target);
        Tool.Check("qemu-img", "compare", "-f", "raw", "-F", "qcow2", raw, target);
        Assert.InRange(result.Encoded.PassedThroughBlocks, 1, disk.Offsets.Count());
        Assert.Equal(Sums.Sha512(target), result.Sha512);
        var plain = DiskConversion.Run(content, folder.File("b.raw"), DiskFormats.Find("raw")!, new EncodeOptions(), overwrite: false);
        Assert.Equal(plain.Encoded.ContentDigest, result.Encoded.ContentDigest);
    }

    [Fact]
    public void The_plan_gives_the_exact_size_and_the_streamed_bytes_equal_the_file()
    {
        Gen.Select(Gen.Int[0, 1000], Gen.Long[1, 40_000_000], Gen.OneOfConst(Compression.AsIs, Compression.Zlib, Compression.Zstd), Gen.Bool).Sample(
            (seed, length, compression, deflated) =>
            {
                using var folder = new TempFolder();
                var content = TestDisk.Scattered(length, seed, runs: 12);
                DiskImage disk = deflated ? new DeflatedTestDisk(content) : content;
                var options = new EncodeOptions { Compression = compression };
                DiskConversion.Run(disk, folder.File("a.qcow2"), Qcow2Format.Instance, options, overwrite: false);
                var plan = Qcow2Plan.For(disk, options);
                using var stream = new MemoryStream();
                using var sink = new StreamSink(stream);
                plan.Write(sink);
                Assert.Equal(plan.SizeBytes, stream.Length);
                Assert.Equal(File.ReadAllBytes(folder.File("a.qcow2")), stream.ToArray());
            },
            iter: 30);
    }

    [Fact]
    public void A_damaged_block_is_found_before_it_is_passed_on_and_leaves_no_file()
    {
        using var folder = new TempFolder();
        var disk = new DeflatedTestDisk(TestDisk.Scattered(50_000_000, seed: 5));
        var victim = disk.BlockAt(disk.Offsets.Where(o => disk.BlockAt(o).Length is > 200 and < 60000).ElementAt(1));
        disk.Packed[victim.Offset + (victim.Length / 2)] ^= 0x10;

        var error = Assert.Throws<InvalidImageException>(() => DiskConversion.Run(disk, folder.File("a.qcow2"), Qcow2Format.Instance, new EncodeOptions(), overwrite: false));

        Assert.True(error.ErrorId is ErrorIds.BadCompression or ErrorIds.BadChecksum);
        Assert.Equal(victim.Offset, error.Offset);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_source_that_changes_after_the_plan_is_refused()
    {
        var disk = TestDisk.Scattered(10_000_000, seed: 9);
        var plan = Qcow2Plan.For(disk, new EncodeOptions { Compression = Compression.Zlib });
        disk.Put(5_000_000, RandomBytes(3_000_000));
        using var sink = new StreamSink(Stream.Null);
        var error = Assert.Throws<OsMigrateException>(() => plan.Write(sink));
        Assert.Equal(ErrorIds.WriteVerification, error.ErrorId);
    }

    [Fact]
    public void Holes_of_an_8_TiB_disk_are_not_read()
    {
        using var folder = new TempFolder();
        var disk = new TestDisk(8L << 40);
        disk.Put(5L << 40, [1]);
        var result = DiskConversion.Run(disk, folder.File("a.qcow2"), Qcow2Format.Instance, new EncodeOptions(), overwrite: false);
        Assert.InRange(disk.BytesRead, 1, 1 << 20);
        Assert.InRange(result.Encoded.FileSizeBytes, 1, 1 << 20);
    }

    [Fact]
    public void Cancelling_leaves_no_file()
    {
        using var folder = new TempFolder();
        using var cancel = new CancellationTokenSource();
        var disk = TestDisk.Scattered(60_000_000, seed: 2);
        var progress = new Stop(cancel);
        Assert.ThrowsAny<OperationCanceledException>(() => DiskConversion.Run(
            disk, folder.File("a.qcow2"), Qcow2Format.Instance, new EncodeOptions { Compression = Compression.Zlib, Cancel = cancel.Token, Progress = progress }, overwrite: false));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(1000)]
    [InlineData(4 << 20)]
    public void Cluster_sizes_the_format_does_not_know_are_refused(int clusterSize)
    {
        using var sink = new StreamSink(Stream.Null);
        var error = Assert.Throws<OsMigrateException>(() => Qcow2Format.Instance.Encode(new TestDisk(1 << 20), sink, new EncodeOptions { ClusterSizeBytes = clusterSize }));
        Assert.Equal(ErrorIds.BadRequest, error.ErrorId);
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private sealed class Stop(CancellationTokenSource cancel) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value) => cancel.Cancel();
    }
}
