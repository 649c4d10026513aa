using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Vhd;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks.Vhd;

public class VhdRealFileTests
{
    [SkippableTheory]
    [InlineData("dfvfs-ext2.vhd")]
    [InlineData("dissect-dynamic.vhd")]
    [InlineData("dissect-fixed.vhd")]
    [InlineData("plaso-image.vhd")]
    [InlineData("qemu-d2v-zerofilled.vhd")]
    [InlineData("qemu-virtualpc-dynamic.vhd")]
    public void Real_images_read_as_qemu_reads_them(string name)
    {
        Tool.Require("qemu-img");
        QemuAgreement.Check(SharedData.File("vhd/" + name), "vpc", VhdFormat.Instance);
    }

    [SkippableTheory]
    [InlineData("dfvfs-image.vhd")]
    [InlineData("dfvfs-image-differential.vhd")]
    public void Images_with_wrong_checksums_are_refused_as_qemu_refuses_them(string name)
    {
        Tool.Require("qemu-img");
        var path = SharedData.File("vhd/" + name);
        Assert.Equal(ErrorIds.BadChecksum, Assert.Throws<InvalidImageException>(() => DiskFormats.OpenFile(path)).ErrorId);
        Assert.False(QemuAgreement.Opens(path, "vpc"));
    }

    [SkippableFact]
    public void A_crafted_image_with_a_huge_block_table_is_refused_as_qemu_refuses_it()
    {
        Tool.Require("qemu-img");
        var path = SharedData.File("vmdk/qemu-afl5.img");
        using var store = FileStore.OpenRead(path);
        Assert.Same(VhdFormat.Instance, DiskFormats.Detect(store));
        Assert.Equal(ErrorIds.Truncated, Assert.Throws<InvalidImageException>(() => VhdFormat.Instance.Open(store, Siblings.None)).ErrorId);
        Assert.False(QemuAgreement.Opens(path, "vpc"));
    }

    [SkippableFact]
    public void A_differencing_image_without_its_parent_is_refused_by_name()
    {
        var error = Assert.Throws<InvalidImageException>(() => DiskFormats.OpenFile(SharedData.File("vhd/dfvfs-fat-differential.vhd")));
        Assert.Equal(ErrorIds.MissingSibling, error.ErrorId);
        Assert.Contains("fat-parent.vhd", error.Message);
    }

    /// <summary>QEMU reads a child's own blocks and zeros elsewhere: with an empty parent that is the content where the bitmap is full.</summary>
    [SkippableFact]
    public void A_real_differencing_image_over_an_empty_parent_holds_its_own_sectors_only()
    {
        using var folder = new TempFolder();
        var child = folder.File("child.vhd");
        File.Copy(SharedData.File("vhd/dfvfs-fat-differential.vhd"), child);
        File.WriteAllBytes(folder.File("fat-parent.vhd"), new VhdBuilder { Size = 4 << 20, Id = "5fa21a55f394aa4d99581951a67d5540" }.Build());
        using var image = DiskFormats.OpenFile(child);
        var own = image.ReadBytes(0, (int)image.Length);
        using var store = FileStore.OpenRead(child);
        var table = VhdBlockTable.Read(store, VhdLayout.Read(store));
        var sectors = 0;
        for (var sector = 0; sector < image.Length / 512; sector++)
        {
            var at = table.BitmapOffset(sector / 4096);
            var here = at >= 0 && (store.ReadBytes(at + (sector % 4096 / 8), 1)[0] & (0x80 >> (sector % 8))) != 0;
            var expected = here ? store.ReadBytes(at + 512 + (sector % 4096 * 512), 512) : new byte[512];
            Assert.Equal(expected, own.AsSpan(sector * 512, 512).ToArray());
            sectors += here ? 1 : 0;
        }

        Assert.InRange(sectors, 1, 8191);
    }

    [SkippableTheory]
    [InlineData("subformat=dynamic")]
    [InlineData("subformat=fixed")]
    [InlineData("subformat=dynamic,force_size=on")]
    [InlineData("subformat=fixed,force_size=on")]
    public void Images_made_by_qemu_read_as_qemu_reads_them(string options)
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(200_000_000 / 512 * 512, seed: 31).SaveRaw(folder.File("a.raw"));
        Tool.Check("qemu-img", "convert", "-f", "raw", "-O", "vpc", "-o", options, raw, folder.File("a.vhd"));
        QemuAgreement.Check(folder.File("a.vhd"), "vpc", VhdFormat.Instance);
        Assert.DoesNotContain(VhdFormat.Instance.Check(FileStore.OpenRead(folder.File("a.vhd")), Siblings.None, default), f => f.Severity == FindingSeverity.Corruption);
    }

    [SkippableFact]
    public void Converting_a_real_image_into_both_kinds_keeps_its_content()
    {
        using var folder = new TempFolder();
        using var image = DiskFormats.OpenFile(SharedData.File("vhd/dissect-dynamic.vhd"));
        foreach (var kind in VhdFormat.Instance.WritableSubformats)
        {
            DiskConversion.Run(image, folder.File(kind + ".vhd"), VhdFormat.Instance, new EncodeOptions { Subformat = kind }, overwrite: false);
            using var copy = DiskFormats.OpenFile(folder.File(kind + ".vhd"));
            Assert.True(DiskComparison.Run(image, copy, null, default).Identical);
        }
    }
}
