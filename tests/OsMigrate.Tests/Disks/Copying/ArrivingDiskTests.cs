using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Disks.Vmdk;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Copying;

/// <summary>A streamOptimized VMDK becomes a QCOW2 while it arrives: the same as if it had been stored and converted, or an error and nothing.</summary>
public sealed class ArrivingDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(1, 512)]
    [InlineData(2, 65536 * 3)]
    [InlineData(3, (5L << 30) + 512)]
    [InlineData(4, 100_000_256)]
    [InlineData(5, 33 << 20)]
    public void Pieces_of_any_size_become_the_same_disk(int seed, long size)
    {
        Tool.Require(QemuImg.Program);
        var disk = TestDisk.Scattered(size, seed);
        var stream = Stream(disk);
        var raw = disk.SaveRaw(_folder.File("a.raw"));
        foreach (var most in new[] { 7, 5000, 262144, int.MaxValue })
        {
            var (result, path) = Arrive(stream, disk.Length, new Random(seed), most);
            Tool.Check(QemuImg.Program, "check", "-q", path);
            Tool.Check(QemuImg.Program, "compare", "-q", "-f", "raw", "-F", "qcow2", raw, path);
            Assert.Equal(new FileInfo(path).Length, result.FileSizeBytes);
            using var stored = DiskFormats.OpenFile(path);
            Assert.Equal(DiskConversion.Run(stored, _folder.File("again.qcow2"), Qcow2Format.Instance, new EncodeOptions(), overwrite: true).Encoded.ContentDigest, result.ContentDigest);
        }
    }

    [Fact]
    public void Grains_are_handed_on_and_not_compressed_anew()
    {
        var disk = TestDisk.Scattered(64 << 20, 9);
        var (result, path) = Arrive(Stream(disk), disk.Length, new Random(9), 100_000);
        Assert.True(result.PassedThroughBlocks > 20);
        Assert.True(new FileInfo(path).Length < disk.Length / 4);
        using var written = DiskFormats.OpenFile(path);
        Assert.True(DiskComparison.Run(disk, written, null, CancellationToken.None).Identical);
    }

    [Fact]
    public void An_empty_disk_arrives()
    {
        var disk = new TestDisk(40 << 20);
        var (result, path) = Arrive(Stream(disk), disk.Length, new Random(1), 1000);
        Assert.Equal(0, result.DataSizeBytes);
        using var written = DiskFormats.OpenFile(path);
        Assert.True(DiskComparison.Run(disk, written, null, CancellationToken.None).Identical);
    }

    [Fact]
    public void A_stream_that_is_cut_anywhere_is_refused()
    {
        var stream = Stream(TestDisk.Scattered(3 << 20, 3));
        var random = new Random(4);
        foreach (var length in Enumerable.Range(0, 60).Select(_ => random.Next(0, stream.Length)).Append(stream.Length - 1).Append(stream.Length - 512).Append(0))
            Assert.Equal(ErrorIds.Truncated, Refused(stream[..length]).ErrorId);
    }

    [Fact]
    public void Every_changed_bit_is_found_or_does_not_matter()
    {
        var disk = TestDisk.Scattered(3 << 20, 3);
        var stream = Stream(disk);
        var random = new Random(5);
        var refused = 0;
        for (var i = 0; i < 400; i++)
        {
            var changed = (byte[])stream.Clone();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                var (_, path) = Arrive(changed, disk.Length, random, 200_000);
                using var written = DiskFormats.OpenFile(path);
                Assert.True(DiskComparison.Run(disk, written, null, CancellationToken.None).Identical);
            }
            catch (InvalidImageException)
            {
                refused++;
            }
        }

        // Padding, texts and unused fields are what a change may hit without harm.
        Assert.InRange(refused, 250, 399);
    }

    [Fact]
    public void Tables_that_do_not_say_where_the_grains_were_are_refused()
    {
        var stream = Stream(TestDisk.Scattered(40 << 20, 6));
        var markers = Markers(stream);
        var table = markers.First(m => m.Type == 1);
        var directory = markers.Single(m => m.Type == 2);
        var footer = markers.Single(m => m.Type == 3);

        var used = Enumerable.Range(0, 512).First(i => Number(stream, table.At + 512 + (i * 4)) != 0);
        var free = Enumerable.Range(0, 512).First(i => Number(stream, table.At + 512 + (i * 4)) == 0);
        Assert.Contains("grain " + used, Refused(With(stream, table.At + 512 + (used * 4), 0)).Message);
        Assert.Contains("grain " + free, Refused(With(stream, table.At + 512 + (free * 4), 128)).Message);
        Assert.Contains("directory", Refused(With(stream, directory.At + 512, 0)).Message);
        Assert.Contains("footer", Refused(With(stream, footer.At + 512 + 56, 77)).Message);
        Assert.Contains("header and footer", Refused(With(stream, footer.At + 512 + 12, 77)).Message);
    }

    [Fact]
    public void A_stream_of_another_shape_is_refused()
    {
        var disk = TestDisk.Scattered(3 << 20, 7);
        var stream = Stream(disk);
        var grains = Markers(stream).Where(m => m.Type < 0).ToList();
        Assert.Contains("comes behind", Refused(With(stream, grains[1].At, (uint)Number(stream, grains[0].At))).Message);
        Assert.Contains("is none of", Refused(With(stream, grains[1].At, 1)).Message);
        Assert.Contains("is none of", Refused(With(stream, grains[1].At + 4, 1)).Message);
        Assert.Contains("cannot take", Refused(With(stream, grains[1].At + 8, 200_000)).Message);
        Assert.Contains("unknown type", Refused(With(stream, Markers(stream).First(m => m.Type == 1).At + 12, 9)).Message);
        Assert.Contains("out of order", Refused(With(With(stream, Markers(stream).First(m => m.Type == 1).At + 12, 3), Markers(stream).First(m => m.Type == 1).At, 1)).Message);
        Assert.Contains("behind the end", Refused([.. stream, 0]).Message);
        Assert.Contains("instead of", Refused(stream, disk.Length + 512).Message);
        Assert.Contains("with the directory at the end", Refused(With(stream, 56, 12)).Message);
        var text = Encoding.ASCII.GetString(stream, 512, 2000);
        Assert.Contains("without a parent", Refused(With(stream, 512 + text.IndexOf("ffffffff", StringComparison.Ordinal), BinaryPrimitives.ReadUInt32LittleEndian("1234"u8))).Message);
    }

    [SkippableFact]
    public void A_stream_with_its_directory_in_front_is_refused()
    {
        Tool.Require(QemuImg.Program);
        var disk = TestDisk.Scattered(3 << 20, 8);
        Tool.Check(QemuImg.Program, "convert", "-q", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", disk.SaveRaw(_folder.File("q.raw")), _folder.File("q.vmdk"));
        Assert.Equal(ErrorIds.UnsupportedFeature, Refused(File.ReadAllBytes(_folder.File("q.vmdk")), disk.Length).ErrorId);
    }

    [Fact]
    public void A_stop_by_the_user_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        var disk = TestDisk.Scattered(64 << 20, 10);
        var stream = Stream(disk);
        using (var sink = FileSink.Create(_folder.File("stopped.qcow2"), overwrite: false))
        using (var arriving = new ArrivingDisk("disk", disk.Length, sink, new EncodeOptions { Cancel = stop.Token }))
        {
            arriving.Take(stream.AsSpan(0, stream.Length / 2));
            stop.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() =>
            {
                arriving.Take(stream.AsSpan(stream.Length / 2));
                arriving.Finish();
            });
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private (EncodeResult Result, string Path) Arrive(byte[] stream, long capacity, Random random, int most)
    {
        var path = _folder.File("arrived.qcow2");
        using var sink = FileSink.Create(path, overwrite: true);
        using var arriving = new ArrivingDisk("disk", capacity, sink, new EncodeOptions { Checksums = ChecksumKinds.Content });
        var passed = 0L;
        for (var at = 0; at < stream.Length;)
        {
            var n = Math.Min(most == int.MaxValue ? most : random.Next(1, most), stream.Length - at);
            arriving.Take(stream.AsSpan(at, n));
            at += n;
            Assert.InRange(arriving.Passed, passed, capacity);
            passed = arriving.Passed;
        }

        var result = arriving.Finish();
        sink.Complete(flush: false);
        return (result, path);
    }

    private InvalidImageException Refused(byte[] stream, long? capacity = null)
    {
        var error = Assert.Throws<InvalidImageException>(() => Arrive(stream, capacity ?? (long)(stream.Length >= 20 ? BinaryPrimitives.ReadUInt64LittleEndian(stream.AsSpan(12)) : 1) * 512, new Random(1), 100_000));
        Assert.InRange(error.Offset, 0, stream.Length);
        Assert.False(File.Exists(_folder.File("arrived.qcow2")));
        Assert.False(File.Exists(_folder.File("arrived.qcow2.partial")));
        return error;
    }

    private byte[] Stream(TestDisk disk)
    {
        DiskConversion.Run(disk, _folder.File("s.vmdk"), VmdkFormat.Instance, new EncodeOptions(), overwrite: true);
        var bytes = File.ReadAllBytes(_folder.File("s.vmdk"));
        File.Delete(_folder.File("s.vmdk"));
        return bytes;
    }

    private static ulong Number(byte[] stream, int at) => BinaryPrimitives.ReadUInt32LittleEndian(stream.AsSpan(at));

    private static byte[] With(byte[] stream, int at, uint value)
    {
        var changed = (byte[])stream.Clone();
        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(at), value);
        return changed;
    }

    /// <summary>All markers by the specification; type -1 for a grain.</summary>
    private static List<(int At, int Type)> Markers(byte[] stream)
    {
        var found = new List<(int At, int Type)>();
        for (var at = 128 * 512; at < stream.Length;)
        {
            var size = (int)Number(stream, at + 8);
            found.Add((at, size > 0 ? -1 : (int)Number(stream, at + 12)));
            at += size > 0 ? (12 + size + 511) / 512 * 512 : 512 + ((int)Number(stream, at) * 512);
        }

        return found;
    }
}
