using System.Buffers.Binary;
using CsCheck;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Vhd;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Vhd;

public class VhdEncoderTests
{
    [SkippableTheory]
    [InlineData("dynamic", 512)]
    [InlineData("dynamic", 2040L << 30)]
    [InlineData("dynamic", 1_000_001)]
    [InlineData("dynamic", (2 << 20) * 5)]
    [InlineData("dynamic", 3L << 30)]
    [InlineData("fixed", 512)]
    [InlineData("fixed", 30_000_001)]
    [InlineData("fixed", 300L << 20)]
    public void Qemu_sees_the_same_size_and_the_same_content(string subformat, long length)
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var disk = TestDisk.Scattered(length, seed: 21);
        var raw = disk.SaveRaw(folder.File("a.raw"));
        var target = folder.File("a.vhd");

        var result = DiskConversion.Run(disk, target, VhdFormat.Instance, new EncodeOptions { Subformat = subformat }, overwrite: false);

        using (var file = File.OpenWrite(raw))
            file.SetLength((length + 511) / 512 * 512);
        QemuAgreement.Same(raw, "raw", target, "vpc");
        Assert.Equal(new FileInfo(target).Length, result.Encoded.FileSizeBytes);
        Assert.Equal(Sums.Sha256(target), result.Sha256);
        using var image = DiskFormats.OpenFile(target);
        Assert.Equal(("vhd", subformat), (image.Format.Name, image.Info.Subformat));
        Assert.True(DiskComparison.Run(image, DiskFormats.OpenFile(raw), null, default).Identical);
        Assert.Empty(VhdFormat.Instance.Check(FileStore.OpenRead(target), Siblings.None, default));
    }

    [Fact]
    public void What_is_written_reads_back_from_a_file_and_from_a_stream()
        => Gen.Select(Gen.Int[0, 1000], Gen.Long[1, 30_000_000], Gen.Bool).Sample(
            (seed, length, isFixed) =>
            {
                var disk = TestDisk.Scattered(length, seed, runs: 6);
                using var folder = new TempFolder();
                var options = new EncodeOptions { Subformat = isFixed ? "fixed" : "dynamic" };
                DiskConversion.Run(disk, folder.File("a.vhd"), VhdFormat.Instance, options, overwrite: false);
                using var stream = new MemoryStream();
                using (var sink = new StreamSink(stream))
                    VhdFormat.Instance.Encode(disk, sink, options);
                Assert.Equal(new FileInfo(folder.File("a.vhd")).Length, stream.Length);
                using var fromFile = DiskFormats.OpenFile(folder.File("a.vhd"));
                using var fromStream = DiskFormats.Open(new MemoryStore(stream.ToArray()), Siblings.None);
                Assert.Equal((length + 511) / 512 * 512, fromFile.Length);
                Assert.True(DiskComparison.Run(fromFile, fromStream, null, default).Identical);
                Assert.Equal(disk.ReadBytes(0, (int)length), fromStream.ReadBytes(0, (int)length));
            },
            iter: 15);

    /// <summary>Glance's inspector takes the virtual size from bytes 40 to 47 of a file that begins with the cookie; Azure and Hyper-V from 48 to 55.</summary>
    [Theory]
    [InlineData("dynamic")]
    [InlineData("fixed")]
    public void Every_reader_finds_the_same_size_in_the_footer(string subformat)
    {
        using var stream = new MemoryStream();
        using (var sink = new StreamSink(stream))
            VhdFormat.Instance.Encode(new TestDisk(5_000_001), sink, new EncodeOptions { Subformat = subformat });
        var file = stream.ToArray();
        var footer = file.AsSpan(file.Length - 512);
        if (subformat == "dynamic")
            Assert.True(footer.SequenceEqual(file.AsSpan(0, 512)));
        Assert.Equal("conectix"u8.ToArray(), footer[..8].ToArray());
        Assert.Equal(5_000_192, BinaryPrimitives.ReadInt64BigEndian(footer[40..]));
        Assert.Equal(5_000_192, BinaryPrimitives.ReadInt64BigEndian(footer[48..]));
        Assert.Equal("ffff10ff", Convert.ToHexStringLower(footer[56..60]));
        Assert.Equal(subformat == "dynamic" ? 3 : 2, BinaryPrimitives.ReadInt32BigEndian(footer[60..]));
        uint sum = 0;
        for (var i = 0; i < 512; i++)
            sum += i is >= 64 and < 68 ? 0u : footer[i];
        Assert.Equal(~sum, BinaryPrimitives.ReadUInt32BigEndian(footer[64..]));
    }

    [Fact]
    public void Blocks_of_zeros_are_left_out()
    {
        using var folder = new TempFolder();
        var disk = new TestDisk(2000L << 30);
        disk.Put(1500L << 30, [7]);
        var result = DiskConversion.Run(disk, folder.File("a.vhd"), VhdFormat.Instance, new EncodeOptions(), overwrite: false);
        Assert.InRange(result.Encoded.FileSizeBytes, 2 << 20, 7 << 20);
        Assert.InRange(disk.BytesRead, 1, 4 << 20);
    }

    [Theory]
    [InlineData((2040L << 30) + 1, null, Compression.AsIs, ErrorIds.TooLarge)]
    [InlineData(1 << 20, "sparse", Compression.AsIs, ErrorIds.BadRequest)]
    [InlineData(1 << 20, null, Compression.Zlib, ErrorIds.BadRequest)]
    public void What_the_format_cannot_hold_is_refused(long length, string? subformat, Compression compression, string errorId)
    {
        using var sink = new StreamSink(Stream.Null);
        var error = Assert.Throws<OsMigrateException>(() => VhdFormat.Instance.Encode(new TestDisk(length), sink, new EncodeOptions { Subformat = subformat, Compression = compression }));
        Assert.Equal(errorId, error.ErrorId);
    }
}
