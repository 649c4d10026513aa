using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Vhdx;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Vhdx;

public class VhdxRealFileTests
{
    [SkippableTheory]
    [InlineData("discutils-btrfs.vhdx")]
    [InlineData("discutils-lvm2.vhdx")]
    [InlineData("dissect-dynamic.vhdx")]
    [InlineData("dissect-fixed.vhdx")]
    [InlineData("qemu-iotest-dynamic-1G.vhdx")]
    [InlineData("qemu-test-disk2vhd.vhdx")]
    public void Real_images_read_as_qemu_reads_them_and_have_no_fault(string name)
    {
        Tool.Require("qemu-img");
        var path = SharedData.File("vhdx/" + name);
        QemuAgreement.Check(path, "vhdx", VhdxFormat.Instance);
        using var store = FileStore.OpenRead(path);
        Assert.DoesNotContain(VhdxFormat.Instance.Check(store, Siblings.None, default), f => f.Severity == FindingSeverity.Corruption);
    }

    /// <summary>Disks of 10 GiB take qemu-img half a minute to compare: their first part must do.</summary>
    [SkippableTheory]
    [InlineData("discutils-swap.vhdx")]
    [InlineData("discutils-xfs5.vhdx")]
    public void The_front_of_large_real_images_reads_as_qemu_reads_it(string name)
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var path = SharedData.File("vhdx/" + name);
        Tool.Check("qemu-img", "dd", "-f", "vhdx", "-O", "raw", "bs=1M", "count=200", "if=" + path, "of=" + folder.File("front.raw"));
        using var image = DiskFormats.OpenFile(path);
        Assert.Equal(200 << 20, new FileInfo(folder.File("front.raw")).Length);
        Assert.True(File.ReadAllBytes(folder.File("front.raw")).AsSpan().SequenceEqual(image.ReadBytes(0, 200 << 20)));
    }

    /// <summary>QEMU replays the log into a copy of the file; we read the file as it is.</summary>
    [SkippableFact]
    public void A_real_image_with_a_full_log_reads_as_qemu_reads_its_repaired_copy()
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var path = SharedData.File("vhdx/discutils-vhdx-log-replay.vhdx");
        var before = Sums.Sha256(path);
        var repaired = folder.File("repaired.vhdx");
        File.Copy(path, repaired);
        Tool.Check("qemu-img", "check", "-r", "all", repaired);
        QemuAgreement.Check(repaired, "vhdx", VhdxFormat.Instance);
        using (var image = DiskFormats.OpenFile(path))
        using (var other = DiskFormats.OpenFile(repaired))
        {
            Assert.True(OsMigrate.Disks.Copying.DiskComparison.Run(image, other, null, default).Identical);
            Assert.NotEmpty(OsMigrate.Disks.Copying.SourceScan.DataChunks(image, 1 << 20));
        }

        Assert.Equal(before, Sums.Sha256(path));
    }

    [SkippableFact]
    public void A_real_checkpoint_without_its_parent_is_refused_by_name()
    {
        var path = SharedData.File("vhdx/dissect-differencing.avhdx");
        var error = Assert.Throws<InvalidImageException>(() => DiskFormats.OpenFile(path));
        Assert.Equal(ErrorIds.MissingSibling, error.ErrorId);
        Assert.Contains("49C4BAF3-4B25-4406-8C4B-D39E65C32385.avhdx", error.Message);
    }

    /// <summary>Sectors that the bitmap gives to the child must fill exactly what its blocks hold: all else in a checkpoint's blocks is zero.</summary>
    [SkippableFact]
    public void A_real_checkpoint_over_an_empty_parent_holds_what_its_blocks_hold()
    {
        using var folder = new TempFolder();
        var child = folder.File("child.avhdx");
        File.Copy(SharedData.File("vhdx/dissect-differencing.avhdx"), child);
        var parts = VhdxParts.Read(FileStore.OpenRead(child));
        var parent = new VhdxBuilder { DataWriteGuid = new Guid("ff34003b-11ed-4cf8-a166-b2be05e20b80") };
        File.WriteAllBytes(folder.File("Generation 1_49C4BAF3-4B25-4406-8C4B-D39E65C32385.avhdx"), parent.Build());
        using var image = DiskFormats.OpenFile(child);
        long lost = 0, kept = 0;
        for (long block = 0; block < parts.Table.Count; block++)
        {
            if (parts.Table.State(block) is not (VhdxBlockState.PartiallyPresent or VhdxBlockState.FullyPresent))
                continue;
            var ours = image.ReadBytes(block * parts.Table.BlockSize, parts.Table.BlockSize);
            var stored = parts.Store.ReadBytes(parts.Table.Offset(block), parts.Table.BlockSize);
            for (var at = 0; at < ours.Length; at += 512)
            {
                var same = ours.AsSpan(at, 512).SequenceEqual(stored.AsSpan(at, 512));
                lost += same ? 0 : 1;
                kept += same && !Zeros.AreAll(ours.AsSpan(at, 512)) ? 1 : 0;
            }
        }

        Assert.Equal(0, lost);
        Assert.InRange(kept, 1000, long.MaxValue);
    }

    [SkippableTheory]
    [InlineData("subformat=dynamic", 200_000_512)]
    [InlineData("subformat=fixed", 200_000_512)]
    [InlineData("subformat=dynamic,block_size=1048576", 200_000_512)]
    [InlineData("subformat=dynamic,block_size=268435456", 700_000_256)]
    [InlineData("subformat=dynamic,block_size=33554432,block_state_zero=off", 3L << 30)]
    [InlineData("subformat=fixed,block_size=2097152", 1_048_576)]
    public void Images_made_by_qemu_read_as_qemu_reads_them(string options, long length)
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(length / 512 * 512, seed: 33).SaveRaw(folder.File("a.raw"));
        Tool.Check("qemu-img", "convert", "-f", "raw", "-O", "vhdx", "-o", options, raw, folder.File("a.vhdx"));
        QemuAgreement.Check(folder.File("a.vhdx"), "vhdx", VhdxFormat.Instance);
        using var image = DiskFormats.OpenFile(folder.File("a.vhdx"));
        Assert.Equal(options.Contains("fixed") ? "fixed" : "dynamic", image.Info.Subformat);
    }
}
