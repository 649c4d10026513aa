using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Vmdk;

public class VmdkAgreementTests
{
    // One of the files under vmdk/ is a VHD by its content; it is tried there.
    public static TheoryData<string> RealFiles => SharedData.Rows("vmdk", ".vmdk");

    [SkippableTheory]
    [InlineData("monolithicSparse")]
    [InlineData("monolithicFlat")]
    [InlineData("twoGbMaxExtentSparse")]
    [InlineData("twoGbMaxExtentFlat")]
    [InlineData("streamOptimized")]
    public void Every_subformat_that_qemu_img_writes_is_read_alike(string subformat)
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        foreach (var (size, seed) in new[] { (5L << 30, 1), ((100L << 20) + 512, 2), (3L << 20, 3) })
        {
            var raw = TestDisk.Scattered(size, seed).SaveRaw(folder.File($"{seed}.raw"));
            var image = folder.File($"{seed}.vmdk");
            Tool.Check(QemuImg.Program, "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=" + subformat, raw, image);
            QemuImg.AssertSame(image);
            using var opened = DiskFormats.OpenFile(image);
            Assert.Equal(subformat, opened.Info.Subformat);
        }
    }

    [SkippableFact]
    public void A_chain_of_deltas_is_read_alike_and_a_wrong_parent_is_refused()
    {
        Tool.Require(QemuImg.Program);
        Tool.Require("qemu-io");
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(64 << 20, 5).SaveRaw(folder.File("a.raw"));
        Tool.Check(QemuImg.Program, "convert", "-f", "raw", "-O", "vmdk", raw, folder.File("base.vmdk"));
        Tool.Check("env", "-C", folder.Path, QemuImg.Program, "create", "-q", "-f", "vmdk", "-F", "vmdk", "-b", "base.vmdk", "mid.vmdk");
        Tool.Check("qemu-io", "-f", "vmdk", "-c", "write -P 7 1000000 300000", "-c", "write -z 5M 1M", folder.File("mid.vmdk"));
        Tool.Check("env", "-C", folder.Path, QemuImg.Program, "create", "-q", "-f", "vmdk", "-F", "vmdk", "-b", "mid.vmdk", "top.vmdk");
        Tool.Check("qemu-io", "-f", "vmdk", "-c", "write -P 9 900000 200000", folder.File("top.vmdk"));
        QemuImg.AssertSame(folder.File("top.vmdk"));
        using (var top = DiskFormats.OpenFile(folder.File("top.vmdk")))
            Assert.Equal("base.vmdk", top.Info.Parent!.ParentName);

        Tool.Check(QemuImg.Program, "convert", "-f", "raw", "-O", "vmdk", raw, folder.File("other.vmdk"));
        File.Move(folder.File("other.vmdk"), folder.File("base.vmdk"), overwrite: true);
        Assert.Equal(ErrorIds.ParentMismatch, Assert.Throws<InvalidImageException>(() => DiskFormats.OpenFile(folder.File("top.vmdk"))).ErrorId);
        File.Delete(folder.File("base.vmdk"));
        Assert.Equal(ErrorIds.MissingSibling, Assert.Throws<InvalidImageException>(() => DiskFormats.OpenFile(folder.File("top.vmdk"))).ErrorId);
    }

    [SkippableTheory]
    [MemberData(nameof(RealFiles))]
    public void Real_files_are_read_as_qemu_img_reads_them(string file)
    {
        Tool.Require(QemuImg.Program);
        var (verdict, detail) = QemuImg.Compare(SharedData.File(file));
        Assert.True(verdict is Agreement.SameContent or Agreement.BothRefuse, $"{verdict}: {detail}");
    }

    [SkippableTheory]
    [InlineData(Compression.AsIs)]
    [InlineData(Compression.Zlib)]
    public void Grains_pass_unchanged_into_a_qcow2_that_qemu_img_finds_sound_and_equal(Compression compression)
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered((300L << 20) + 512, seed: 8, runs: 60).SaveRaw(folder.File("a.raw"));
        Tool.Check(QemuImg.Program, "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", raw, folder.File("a.vmdk"));
        using var source = DiskFormats.OpenFile(folder.File("a.vmdk"));

        var result = DiskConversion.Run(source, folder.File("a.qcow2"), Qcow2Format.Instance, new EncodeOptions { Compression = compression }, overwrite: false);

        Assert.InRange(result.Encoded.PassedThroughBlocks, 50, 10_000);
        Tool.Check(QemuImg.Program, "check", "-q", folder.File("a.qcow2"));
        Tool.Check(QemuImg.Program, "compare", "-q", "-f", "raw", "-F", "qcow2", raw, folder.File("a.qcow2"));
    }
}
