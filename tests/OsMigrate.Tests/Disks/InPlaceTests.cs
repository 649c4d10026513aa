using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.InPlace;
using OsMigrate.Disks.Vhd;
using OsMigrate.Disks.Vmdk;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.Disks;

public class InPlaceTests
{
    private const long Size = 40L << 20;

    /// <summary>Every shape of QCOW2: cluster sizes, widths of reference counts, version 2, compressed clusters, preallocated metadata, tiny tables that must grow.</summary>
    [SkippableTheory]
    [InlineData("cluster_size=65536", false)]
    [InlineData("cluster_size=65536", true)]
    [InlineData("cluster_size=512", false)]
    [InlineData("cluster_size=2M", true)]
    [InlineData("cluster_size=4096,refcount_bits=1", false)]
    [InlineData("cluster_size=4096,refcount_bits=2", false)]
    [InlineData("cluster_size=1024,refcount_bits=64", true)]
    [InlineData("refcount_bits=8,preallocation=metadata", false)]
    [InlineData("compat=0.10", true)]
    [InlineData("compression_type=zstd", true)]
    [InlineData("lazy_refcounts=on", false)]
    public void A_QCOW2_is_changed_in_its_own_file_and_back(string options, bool compressed)
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(Size, seed: 21).SaveRaw(folder.File("a.raw"));
        var image = folder.File("a.qcow2");
        string[] flags = compressed ? ["-c"] : [];
        Tool.Check("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", .. flags, "-o", options, raw, image]);
        ChangeAndBack(folder, image, raw, "qcow2");
    }

    [SkippableFact]
    public void A_snapshot_inside_a_QCOW2_stays_what_it_was()
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(Size, seed: 22).SaveRaw(folder.File("a.raw"));
        File.Copy(raw, folder.File("before.raw"));
        var image = folder.File("a.qcow2");
        Tool.Check("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, image);
        Tool.Check("qemu-img", "snapshot", "-c", "before", image);
        Change(image, raw, seed: 1, folder.File("undo"));
        Change(image, raw, seed: 2, null);
        Tool.Check("qemu-img", "check", "-q", image);
        Tool.Check("qemu-img", "compare", "-q", "-f", "raw", "-F", "qcow2", raw, image);
        Tool.Check("qemu-img", "convert", "-l", "snapshot.name=before", "-f", "qcow2", "-O", "raw", image, folder.File("snapshot.raw"));
        Tool.Check("qemu-img", "compare", "-q", "-f", "raw", "-F", "raw", folder.File("before.raw"), folder.File("snapshot.raw"));
    }

    [SkippableFact]
    public void The_backing_file_of_a_QCOW2_stays_what_it_was()
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(Size, seed: 23).SaveRaw(folder.File("a.raw"));
        Tool.Check("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, folder.File("base.qcow2"));
        var sum = Sums.Sha256(folder.File("base.qcow2"));
        Tool.Check("qemu-img", "create", "-q", "-f", "qcow2", "-b", folder.File("base.qcow2"), "-F", "qcow2", folder.File("a.qcow2"));
        ChangeAndBack(folder, folder.File("a.qcow2"), raw, "qcow2");
        Assert.Equal(sum, Sums.Sha256(folder.File("base.qcow2")));
    }

    [SkippableFact]
    public void A_raw_disk_and_a_fixed_VHD_are_changed_in_their_own_files_and_back()
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(Size, seed: 24).SaveRaw(folder.File("a.raw"));
        File.Copy(raw, folder.File("b.raw"));
        ChangeAndBack(folder, folder.File("b.raw"), raw, "raw");
        raw = TestDisk.Scattered(Size, seed: 25).SaveRaw(folder.File("c.raw"));
        Tool.Check("qemu-img", "convert", "-f", "raw", "-O", "vpc", "-o", "subformat=fixed,force_size=on", raw, folder.File("c.vhd"));
        ChangeAndBack(folder, folder.File("c.vhd"), raw, "vpc");
    }

    [Fact]
    public void Other_formats_are_refused_before_anything_is_done()
    {
        using var folder = new TempFolder();
        var vmdk = folder.File("a.vmdk");
        DiskConversion.Run(TestDisk.Scattered(1 << 20, seed: 26), vmdk, VmdkFormat.Instance, new EncodeOptions(), overwrite: false);
        var vhd = folder.File("a.vhd");
        DiskConversion.Run(TestDisk.Scattered(1 << 20, seed: 26), vhd, VhdFormat.Instance, new EncodeOptions(), overwrite: false);
        foreach (var path in new[] { vmdk, vhd })
        {
            var sum = Sums.Sha256(path);
            var e = Assert.Throws<OsMigrateException>(() => InPlaceImage.Open(path, DiskFormats.Detect));
            Assert.Equal(ErrorIds.BadRequest, e.ErrorId);
            Assert.Contains("-Destination", e.Advice, StringComparison.Ordinal);
            Assert.Equal(sum, Sums.Sha256(path));
        }
    }

    [Fact]
    public void Whatever_part_of_a_change_reached_the_file_it_is_taken_back_whole()
    {
        using var folder = new TempFolder();
        var path = TestDisk.Scattered(Size, seed: 27).SaveRaw(folder.File("a.raw"));
        var old = File.ReadAllBytes(path);
        Change(path, null, seed: 3, folder.File("undo"));
        var now = File.ReadAllBytes(path);
        var journal = File.ReadAllBytes(folder.File("undo"));
        Assert.NotEqual(Sum(old), Sum(now));
        var random = new Random(4);
        for (var i = 0; i < 40; i++)
        {
            // Cut anywhere, in any order of pages, and within a page.
            var mixed = (byte[])old.Clone();
            for (var page = 0; page < old.Length; page += 4096)
            {
                var cut = random.Next(3) switch { 0 => 0, 1 => 4096, _ => random.Next(4096) };
                now.AsSpan(page, cut).CopyTo(mixed.AsSpan(page));
            }

            File.WriteAllBytes(path, mixed);
            File.WriteAllBytes(UndoJournal.PathFor(path), journal);
            Assert.Equal(ErrorIds.EditInterrupted, Assert.Throws<OsMigrateException>(() => DiskFormats.OpenFile(path).Dispose()).ErrorId);
            Assert.Equal(ErrorIds.EditInterrupted, Assert.Throws<OsMigrateException>(() => InPlaceImage.Open(path, DiskFormats.Detect).Dispose()).ErrorId);
            Assert.True(UndoJournal.TakeBack(path, null));
            Assert.Equal(Sum(old), Sums.Sha256(path));
            Assert.False(File.Exists(UndoJournal.PathFor(path)));
        }

        // The journal itself was cut: the file was not touched yet.
        for (var i = 0; i < 40; i++)
        {
            File.WriteAllBytes(UndoJournal.PathFor(path), journal[..random.Next(journal.Length)]);
            Assert.False(UndoJournal.TakeBack(path, null));
            Assert.Equal(Sum(old), Sums.Sha256(path));
        }
    }

    [SkippableFact]
    public void An_image_over_a_file_whose_change_was_cut_off_is_refused_too()
    {
        Tool.Require("qemu-img");
        using var folder = new TempFolder();
        var raw = TestDisk.Scattered(1 << 20, seed: 29).SaveRaw(folder.File("base.raw"));
        Tool.Check("qemu-img", "create", "-q", "-f", "qcow2", "-b", "base.raw", "-F", "raw", folder.File("top.qcow2"));
        DiskFormats.OpenFile(folder.File("top.qcow2")).Dispose();
        File.WriteAllText(UndoJournal.PathFor(raw), "a part");
        Assert.Equal(ErrorIds.EditInterrupted, Assert.Throws<OsMigrateException>(() => DiskFormats.OpenFile(folder.File("top.qcow2")).Dispose()).ErrorId);
    }

    [Fact]
    public void A_change_is_not_taken_back_from_a_file_that_changed_since()
    {
        using var folder = new TempFolder();
        var path = TestDisk.Scattered(Size, seed: 28).SaveRaw(folder.File("a.raw"));
        var undo = folder.File("undo");
        Change(path, null, seed: 5, undo);
        var kept = File.ReadAllBytes(undo);
        using (var file = new FileStream(path, FileMode.Open))
        {
            file.Position = Edits(5)[0].Offset;
            var b = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)~b);
        }

        var sum = Sums.Sha256(path);
        Assert.Equal(ErrorIds.EditConflict, Assert.Throws<OsMigrateException>(() => UndoJournal.TakeBack(path, undo)).ErrorId);
        kept[kept.Length / 2] ^= 1;
        File.WriteAllBytes(undo, kept);
        Assert.Equal(ErrorIds.EditConflict, Assert.Throws<OsMigrateException>(() => UndoJournal.TakeBack(path, undo)).ErrorId);
        Assert.Equal(sum, Sums.Sha256(path));
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<OsMigrateException>(() => UndoJournal.TakeBack(path, null)).ErrorId);
    }

    private static string Sum(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    private static void ChangeAndBack(TempFolder folder, string image, string raw, string qemuFormat)
    {
        var before = Sums.Sha256(image);
        var length = new FileInfo(image).Length;
        var undo = image + ".kept";
        Change(image, raw, seed: 1, undo);
        if (qemuFormat == "qcow2")
            Tool.Check("qemu-img", "check", "-q", image);
        Tool.Check("qemu-img", "compare", "-q", "-f", "raw", "-F", qemuFormat, raw, image);
        File.Copy(image, image + ".second");
        Change(image, raw, seed: 2, null);
        Tool.Check("qemu-img", "compare", "-q", "-f", "raw", "-F", qemuFormat, raw, image);
        File.Copy(image + ".second", image, overwrite: true);
        Assert.True(UndoJournal.TakeBack(image, undo));
        Assert.Equal(length, new FileInfo(image).Length);
        Assert.Equal(before, Sums.Sha256(image));
    }

    private static void Change(string image, string? raw, int seed, string? undo)
    {
        using var edited = InPlaceImage.Open(image, DiskFormats.Detect);
        using var plain = raw is null ? null : new FileStream(raw, FileMode.Open);
        foreach (var (offset, data) in Edits(seed))
        {
            edited.Disk.Write(offset, data);
            if (plain is not null)
            {
                plain.Position = offset;
                plain.Write(data);
            }
        }

        Assert.True(edited.Commit(undo) > 0);
    }

    private static List<(long Offset, byte[] Data)> Edits(int seed)
    {
        var random = new Random(seed);
        var edits = new List<(long, byte[])>();
        for (var i = 0; i < 60; i++)
        {
            var data = new byte[random.Next(1, 200_000)];
            random.NextBytes(data);
            edits.Add((random.NextInt64(Size - data.Length), data));
        }

        // The last byte of the disk.
        edits.Add((Size - 1, [(byte)seed]));
        return edits;
    }
}
