using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Vmdk;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Vmdk;

public class VmdkCheckTests
{
    [Fact]
    public void A_sound_stream_has_no_findings()
    {
        using var folder = new TempFolder();
        Assert.Empty(Check(Stream(folder)));
    }

    [SkippableTheory]
    [InlineData("monolithicSparse")]
    [InlineData("twoGbMaxExtentSparse")]
    [InlineData("streamOptimized")]
    public void What_qemu_img_writes_has_no_findings(string subformat)
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(50 << 20, seed: 3).SaveRaw(folder.File("a.raw"));
        Tool.Check(QemuImg.Program, "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=" + subformat, raw, folder.File("a.vmdk"));
        using var store = FileStore.OpenRead(folder.File("a.vmdk"));
        Assert.DoesNotContain(VmdkFormat.Instance.Check(store, Siblings.Of(folder.File("a.vmdk")), CancellationToken.None), f => f.Severity == FindingSeverity.Corruption);
    }

    [Fact]
    public void Damaged_grains_are_all_found()
    {
        using var folder = new TempFolder();
        var bytes = Stream(folder);
        var places = Grains(bytes);
        bytes[places[0] + 40] ^= 1;
        bytes[places[3]] ^= 1;
        var findings = Check(bytes);
        Assert.Equal(2, findings.Count);
        Assert.All(findings, f => Assert.Equal(FindingSeverity.Corruption, f.Severity));
        Assert.Contains(findings, f => f.ErrorId == ErrorIds.BadStructure && f.Offset == places[3]);
    }

    [SkippableFact]
    public void Two_grains_in_one_place_are_found()
    {
        using var folder = new TempFolder();
        Tool.Require(QemuImg.Program);
        var raw = TestDisk.Scattered(20 << 20, seed: 3).SaveRaw(folder.File("a.raw"));
        Tool.Check(QemuImg.Program, "convert", "-f", "raw", "-O", "vmdk", raw, folder.File("a.vmdk"));
        var bytes = File.ReadAllBytes(folder.File("a.vmdk"));
        var header = VmdkSparseHeader.Parse(bytes, "a", 0);
        var table = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan((int)header.DirectoryOffset * 512)) * 512;
        var used = Enumerable.Range(0, 512).Where(i => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(table + (i * 4))) != 0).Take(3).ToList();
        bytes.AsSpan(table + (used[0] * 4), 4).CopyTo(bytes.AsSpan(table + (used[1] * 4)));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(table + (used[2] * 4)), 0x7FFFFFFF);
        var findings = Check(bytes);
        Assert.Contains(findings, f => f.ErrorId == ErrorIds.Overlap);
        Assert.Contains(findings, f => f.ErrorId == ErrorIds.Truncated);
        Assert.Contains(findings, f => f.Severity == FindingSeverity.Warning);
        Assert.Contains(findings, f => f.Severity == FindingSeverity.Leak);
    }

    [Fact]
    public void Cut_and_flipped_files_give_only_findings_and_our_errors()
    {
        using var folder = new TempFolder();
        var good = Stream(folder);
        var random = new Random(11);
        for (var i = 0; i < 1500; i++)
        {
            var bytes = good.ToArray();
            var meta = Grains(good)[0];
            for (var n = random.Next(1, 6); n > 0; n--)
                bytes[i % 3 == 0 ? random.Next(bytes.Length) : i % 3 == 1 ? random.Next(2048) : bytes.Length - 1 - random.Next(4096)] = (byte)random.Next(256);
            if (i % 8 == 0)
                Array.Resize(ref bytes, random.Next(meta, bytes.Length));
            _ = Check(bytes);
            try
            {
                using var image = VmdkFormat.Instance.Open(new MemoryStore(bytes, "x"), Siblings.None);
                var buffer = new byte[1 << 16];
                for (long at = 0; at < Math.Min(image.Length, 4 << 20); at += buffer.Length)
                    image.Read(at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, image.Length - at)));
            }
            catch (InvalidImageException)
            {
                // The only exception that may come.
            }
        }
    }

    private static byte[] Stream(TempFolder folder)
    {
        DiskConversion.Run(TestDisk.Scattered(3 << 20, seed: 12, runs: 10, maxRun: 60_000), folder.File("s.vmdk"), VmdkFormat.Instance, new EncodeOptions(), overwrite: true);
        return File.ReadAllBytes(folder.File("s.vmdk"));
    }

    private static List<int> Grains(byte[] stream)
    {
        var footer = VmdkSparseHeader.Parse(stream.AsSpan(stream.Length - 1024), "s", 0);
        var table = (int)BinaryPrimitives.ReadUInt32LittleEndian(stream.AsSpan((int)footer.DirectoryOffset * 512)) * 512;
        return Enumerable.Range(0, 512).Select(i => (int)BinaryPrimitives.ReadUInt32LittleEndian(stream.AsSpan(table + (i * 4))) * 512).Where(p => p != 0).ToList();
    }

    private static List<ImageFinding> Check(byte[] bytes) => VmdkFormat.Instance.Check(new MemoryStore(bytes, "a.vmdk"), Siblings.None, CancellationToken.None).ToList();
}
