using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Qcow2;
using OsMigrate.Disks.Raw;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Qcow2;

/// <summary>qemu-img makes the image, and both read it.</summary>
public class Qcow2AgreementTests
{
    public static TheoryData<string> RealFiles => SharedData.Rows("qcow2", ".qcow2");

    [SkippableTheory]
    [InlineData("compat=0.10", false)]
    [InlineData("compat=0.10", true)]
    [InlineData("compat=1.1", true)]
    [InlineData("cluster_size=512", false)]
    [InlineData("cluster_size=512", true)]
    [InlineData("cluster_size=1k", true)]
    [InlineData("cluster_size=2k,compat=0.10", true)]
    [InlineData("cluster_size=4k", true)]
    [InlineData("cluster_size=8k", false)]
    [InlineData("cluster_size=16k", true)]
    [InlineData("cluster_size=32k,compression_type=zstd", true)]
    [InlineData("cluster_size=128k", true)]
    [InlineData("cluster_size=256k,compression_type=zstd", true)]
    [InlineData("cluster_size=512k", true)]
    [InlineData("cluster_size=1M", false)]
    [InlineData("cluster_size=2M", true)]
    [InlineData("cluster_size=2M", false)]
    [InlineData("compression_type=zstd", true)]
    [InlineData("compression_type=zstd", false)]
    [InlineData("preallocation=metadata", false)]
    [InlineData("preallocation=falloc", false)]
    [InlineData("preallocation=full", false)]
    [InlineData("lazy_refcounts=on", false)]
    [InlineData("extended_l2=on", false)]
    [InlineData("extended_l2=on", true)]
    [InlineData("extended_l2=on,cluster_size=16k", false)]
    [InlineData("extended_l2=on,cluster_size=2M,compression_type=zstd", true)]
    [InlineData("refcount_bits=1", false)]
    [InlineData("refcount_bits=2", false)]
    [InlineData("refcount_bits=4", false)]
    [InlineData("refcount_bits=8", false)]
    [InlineData("refcount_bits=32", false)]
    [InlineData("refcount_bits=64", true)]
    public void Every_kind_of_image_that_qemu_img_writes_is_read_alike(string options, bool compress)
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered((24L << 20) + 512, seed: options.Length).SaveRaw(folder.File("a.raw"));
        string[] flags = compress ? ["-c"] : [];
        Tool.Check(QemuImg.Program, ["convert", "-f", "raw", "-O", "qcow2", .. flags, "-o", options, raw, folder.File("a.qcow2")]);

        QemuImg.AssertSame(folder.File("a.qcow2"), "qcow2");
        using var image = DiskFormats.OpenFile(folder.File("a.qcow2"));
        Assert.StartsWith(options.Contains("0.10", StringComparison.Ordinal) ? "v2 " : "v3 ", image.Info.Subformat);
    }

    [SkippableTheory]
    [InlineData("", true)]
    [InlineData("data_file_raw=on,", true)]
    [InlineData("", false)]
    public void A_data_file_of_its_own_is_read_alike_beside_the_image_and_refused_without_a_gate(string option, bool write)
    {
        Tool.Require(QemuImg.Program);
        Tool.Require("qemu-io");
        using var folder = new TempFolder();
        Tool.Check("env", "-C", folder.Path, QemuImg.Program, "create", "-q", "-f", "qcow2", "-o", option + "data_file=a.data", "a.qcow2", "20M");
        if (write)
            Tool.Check("env", "-C", folder.Path, "qemu-io", "-f", "qcow2", "-c", "write -P 5 0 70000", "-c", "write -P 6 5000000 100000", "-c", "write -z 6M 1M", "a.qcow2");
        // QEMU looks for the data file in the working folder.
        Tool.Check("env", "-C", folder.Path, QemuImg.Program, "convert", "-f", "qcow2", "-O", "raw", "a.qcow2", "theirs.raw");
        using (var image = DiskFormats.OpenFile(folder.File("a.qcow2")))
        using (var theirs = DiskFormats.OpenFile(folder.File("theirs.raw"), RawFormat.Instance))
        {
            Assert.Equal(["a.data"], image.Info.ExtentNames);
            Assert.True(DiskComparison.Run(image, theirs, null, CancellationToken.None).Identical);
        }

        using var store = FileStore.OpenRead(folder.File("a.qcow2"));
        Assert.Equal(ErrorIds.OutsideFolder, Assert.Throws<InvalidImageException>(() => Qcow2Format.Instance.Open(store, Siblings.None)).ErrorId);
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("extended_l2=on")]
    [InlineData("cluster_size=4k")]
    public void A_chain_over_a_shorter_raw_file_is_read_alike(string options)
    {
        Tool.Require(QemuImg.Program);
        Tool.Require("qemu-io");
        using var folder = new TempFolder();
        TestDisk.Scattered((9L << 20) + 1536, seed: 6).SaveRaw(folder.File("base.raw"));
        string[] flags = options.Length > 0 ? ["-o", options] : [];
        Tool.Check("env", ["-C", folder.Path, QemuImg.Program, "create", "-q", "-f", "qcow2", "-F", "raw", "-b", "base.raw", .. flags, "mid.qcow2", "16M"]);
        Tool.Check("env", "-C", folder.Path, "qemu-io", "-f", "qcow2", "-c", "write -P 7 1000000 300000", "-c", "write -z 3M 1M", "-c", "write -P 1 12M 5000", "mid.qcow2");
        Tool.Check("env", ["-C", folder.Path, QemuImg.Program, "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", "mid.qcow2", .. flags, "top.qcow2", "20M"]);
        Tool.Check("env", "-C", folder.Path, "qemu-io", "-f", "qcow2", "-c", "write -P 9 900000 200000", "-c", "write -z 1200000 70000", "-c", "discard 5M 1M", "top.qcow2");
        QemuImg.AssertSame(folder.File("top.qcow2"), "qcow2");
        using var top = DiskFormats.OpenFile(folder.File("top.qcow2"));
        Assert.Equal("base.raw", top.Info.Parent!.ParentName);
    }

    [SkippableFact]
    public void A_backing_file_is_opened_by_plain_name_in_the_own_folder_only()
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        TestDisk.Scattered(1 << 20, seed: 6).SaveRaw(folder.File("base.raw"));
        DiskImage Open(string backing, string format)
        {
            Tool.Check("env", "-C", folder.Path, QemuImg.Program, "create", "-q", "-u", "-f", "qcow2", "-F", format, "-b", backing, "top.qcow2", "1M");
            return DiskFormats.OpenFile(folder.File("top.qcow2"));
        }

        Open("base.raw", "raw").Dispose();
        Open(folder.File("base.raw"), "raw").Dispose();
        string Refused(string backing, string format = "raw") => Assert.Throws<InvalidImageException>(() => Open(backing, format)).ErrorId;
        Assert.Equal(ErrorIds.OutsideFolder, Refused("../base.raw"));
        Assert.Equal(ErrorIds.OutsideFolder, Refused("/etc/passwd"));
        Assert.Equal(ErrorIds.MissingSibling, Refused("none.raw"));
        Tool.Check("env", "-C", folder.Path, QemuImg.Program, "create", "-q", "-u", "-f", "qcow2", "-F", "qcow2", "-b", "top.qcow2", "loop.qcow2", "1M");
        Assert.Equal(ErrorIds.ParentCycle, Refused("loop.qcow2", "qcow2"));
        Assert.Equal(ErrorIds.UnsupportedFeature, Refused("json:{\"driver\":\"raw\"}"));
        Assert.Equal(ErrorIds.UnsupportedFeature, Refused("nbd://localhost/x"));
        Assert.Equal(ErrorIds.UnsupportedFeature, Refused("base.raw", "luks"));
    }

    [SkippableFact]
    public void Internal_snapshots_are_named_and_left_out()
    {
        Tool.Require(QemuImg.Program);
        Tool.Require("qemu-io");
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(8 << 20, seed: 3).SaveRaw(folder.File("a.raw"));
        var image = folder.File("a.qcow2");
        Tool.Check(QemuImg.Program, "convert", "-f", "raw", "-O", "qcow2", raw, image);
        Tool.Check(QemuImg.Program, "snapshot", "-c", "before update", image);
        Tool.Check("qemu-io", "-f", "qcow2", "-c", "write -P 9 900000 200000", image);
        Tool.Check(QemuImg.Program, "snapshot", "-c", "after", image);
        Tool.Check("qemu-io", "-f", "qcow2", "-c", "write -P 8 100000 200000", image);
        QemuImg.AssertSame(image, "qcow2");
        using var opened = DiskFormats.OpenFile(image);
        Assert.Equal(["before update", "after"], opened.Info.Snapshots);
        Assert.Contains("2 internal snapshots are ignored.", opened.Info.Notices);
    }

    [SkippableFact]
    public void A_dirty_image_is_read_alike_and_says_so()
    {
        Tool.Require(QemuImg.Program);
        Tool.Require("qemu-io");
        using var folder = new TempFolder();
        var image = folder.File("a.qcow2");
        Tool.Check(QemuImg.Program, "create", "-q", "-f", "qcow2", "-o", "lazy_refcounts=on", image, "8M");
        // The program is killed in the middle, as by a power cut.
        Tool.Run("qemu-io", "-f", "qcow2", "-c", "write -P 9 900000 200000", "-c", "sigraise 9", image);
        QemuImg.AssertSame(image, "qcow2");
        using var opened = DiskFormats.OpenFile(image);
        Assert.Contains("dirty", opened.Info.Features);
        Assert.Contains(opened.Info.Notices, n => n.Contains("not closed properly", StringComparison.Ordinal));
        Assert.Equal(9, opened.ReadBytes(900000, 1)[0]);
    }

    [SkippableFact]
    public void An_encrypted_image_is_refused()
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        // qemu-img measures the processor's speed first, and gives up when it gets too little of it.
        var made = (ExitCode: 1, Output: "");
        for (var attempt = 0; attempt < 10 && made.ExitCode != 0; attempt++)
            made = Tool.Run(QemuImg.Program, "create", "-q", "-f", "qcow2", "--object", "secret,id=s,data=abc", "-o", "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10", folder.File("a.qcow2"), "1M");
        Assert.True(made.ExitCode == 0, made.Output);
        var error = Assert.Throws<InvalidImageException>(() => DiskFormats.OpenFile(folder.File("a.qcow2")));
        Assert.Equal(ErrorIds.UnsupportedFeature, error.ErrorId);
        Assert.Contains("LUKS", error.Message);
    }

    [SkippableTheory]
    [MemberData(nameof(RealFiles))]
    public void Real_files_are_read_as_qemu_img_reads_them(string file)
    {
        Tool.Require(QemuImg.Program);
        var (verdict, detail) = QemuImg.Compare(SharedData.File(file), "qcow2");
        Assert.True(verdict is Agreement.SameContent or Agreement.BothRefuse, $"{verdict}: {detail}");
    }

    [SkippableTheory]
    [InlineData(Compression.AsIs)]
    [InlineData(Compression.Zlib)]
    public void Compressed_clusters_pass_unchanged_into_another_qcow2(Compression compression)
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered((40L << 20) + 512, seed: 8, runs: 60).SaveRaw(folder.File("a.raw"));
        Tool.Check(QemuImg.Program, "convert", "-f", "raw", "-O", "qcow2", "-c", raw, folder.File("a.qcow2"));
        using var source = DiskFormats.OpenFile(folder.File("a.qcow2"));
        var result = DiskConversion.Run(source, folder.File("b.qcow2"), Qcow2Format.Instance, new EncodeOptions { Compression = compression }, overwrite: false);
        Assert.InRange(result.Encoded.PassedThroughBlocks, 30, 10_000);
        Tool.Check(QemuImg.Program, "check", "-q", folder.File("b.qcow2"));
        Tool.Check(QemuImg.Program, "compare", "-q", "-f", "raw", "-F", "qcow2", raw, folder.File("b.qcow2"));
    }

    [SkippableFact]
    public void An_empty_disk_of_8_TiB_is_one_look_and_one_with_empty_tables_is_few()
    {
        Tool.Require(QemuImg.Program);
        using var folder = new TempFolder();
        Tool.Check(QemuImg.Program, "create", "-q", "-f", "qcow2", folder.File("a.qcow2"), "8T");
        using var image = DiskFormats.OpenFile(folder.File("a.qcow2"));
        Assert.Equal(new Extent(0, 8L << 40, ExtentKind.Zero), image.NextExtent(0));
        Assert.Equal(new Extent(5L << 40, 3L << 40, ExtentKind.Zero), image.NextExtent(5L << 40));
    }
}
