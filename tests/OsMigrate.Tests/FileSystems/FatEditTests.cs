using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.FileSystems.Fat;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FileSystems;

/// <summary>What we write, checked by fsck.fat and read back by mtools.</summary>
public sealed class FatEditTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int, int, int, int> Kinds => new()
    {
        { 12, 1440, 512, 1 },
        { 12, 8192, 4096, 1 },
        { 16, 16384, 512, 4 },
        { 32, 40960, 512, 1 },
        { 32, 300_000, 4096, 1 },
        // Fewer clusters than the specification asks for, as many EFI system partitions have.
        { 32, 20_000, 512, 8 },
    };

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Random_edits_leave_a_volume_that_fsck_and_mtools_agree_with(int bits, int kibibytes, int sectorSize, int sectorsPerCluster)
    {
        var seeds = int.Parse(Environment.GetEnvironmentVariable("OSMIGRATE_EDIT_SEQUENCES") ?? "2", CultureInfo.InvariantCulture);
        for (var seed = 0; seed < seeds; seed++)
        {
            var image = Format(bits, kibibytes, sectorSize, sectorsPerCluster);
            var edits = new RandomFatEdits(seed, small: kibibytes < 10_000);
            using (var store = FileStore.OpenWrite(image))
                edits.Run(FatVolume.Open(store), 60);
            // mtools goes by the number of clusters and takes a small FAT32 for FAT16.
            Agree(image, edits, $"FAT{bits}, seed {seed}", withMtools: bits < 32 || kibibytes > 40_000);
        }
    }

    [SkippableFact]
    public void Edits_on_a_volume_filled_by_mtools_leave_its_other_files_alone()
    {
        var image = Format(32, 40960, 512, 1);
        var tree = _folder.File("tree");
        FileTree.Make(tree);
        Tool.Check("mcopy", ["-s", "-Q", "-i", image, .. Directory.GetFileSystemEntries(tree), "::/"]);
        using var store = FileStore.OpenWrite(image);
        var volume = FatVolume.Open(store);
        var before = FileTree.OfFolder(tree);
        Assert.Equal(before, FileTree.Of(volume));
        volume.CreateFolder("EFI/Boot");
        volume.WriteFile("EFI/Boot/bootx64.efi", new MemoryStore(new byte[100_000]));
        volume.Delete("/efi", recurse: true);
        Assert.Equal(before, FileTree.Of(FatVolume.Open(store)));
        Assert.Equal(0, Tool.Run("fsck.fat", "-n", image).ExitCode);
    }

    [SkippableFact]
    public void What_does_not_fit_changes_nothing()
    {
        var image = Format(12, 1440, 512, 1);
        using var file = FileStore.OpenRead(image);
        var store = new OverlayStore(file);
        var volume = FatVolume.Open(store);
        var free = volume.FreeBytes;
        var error = Assert.Throws<OsMigrateException>(() => volume.WriteFile("big", new MemoryStore(new byte[free + 1])));
        Assert.Equal(ErrorIds.DiskFull, error.ErrorId);
        Assert.Equal(free, volume.FreeBytes);
        // The root folder of a floppy has 224 slots, one of which holds the label.
        for (var i = 0; i < 223; i++)
            volume.WriteFile($"F{i}", new MemoryStore([1]));
        Assert.Equal(ErrorIds.DiskFull, Assert.Throws<OsMigrateException>(() => volume.WriteFile("LAST", new MemoryStore([1]))).ErrorId);
        Assert.Equal(free - (223 * 512), volume.FreeBytes);
    }

    [SkippableFact]
    public void The_same_edits_at_the_same_time_give_the_same_bytes()
    {
        var image = File.ReadAllBytes(Format(16, 16384, 512, 4));
        byte[] Edited()
        {
            var bytes = (byte[])image.Clone();
            var volume = FatVolume.Open(new MemoryStore(bytes));
            var time = new DateTime(2026, 1, 2, 3, 4, 6);
            volume.CreateFolder("EFI/Boot", time);
            var file = volume.WriteFile("EFI/Boot/bootx64.efi", new MemoryStore([1, 2, 3]), time);
            Assert.Equal((time, time), (file.CreatedTime, file.ModifiedTime));
            return bytes;
        }

        var first = Edited();
        Assert.NotEqual(image, first);
        Thread.Sleep(10);
        Assert.Equal(first, Edited());
    }

    [SkippableFact]
    public void A_replaced_file_keeps_its_short_name_and_its_neighbours()
    {
        var image = Format(16, 16384, 512, 4);
        using var store = FileStore.OpenWrite(image);
        var volume = FatVolume.Open(store);
        volume.WriteFile("A long name.text", new MemoryStore([1, 2, 3]));
        volume.WriteFile("A long name too.text", new MemoryStore([4]));
        volume.WriteFile("ALONGN~1.TEX", new MemoryStore([9, 9]));
        Assert.Equal(["A long name.text", "A long name too.text"], volume.Root.Children().Select(c => c.Name));
        Assert.Equal([9, 9], FileTree.Content(volume.Find("a LONG name.TEXT")!));
        Assert.Equal(0, Tool.Run("fsck.fat", "-n", image).ExitCode);
    }

    private string Format(int bits, int kibibytes, int sectorSize, int sectorsPerCluster)
    {
        Tool.Require("mkfs.fat");
        Tool.Require("fsck.fat");
        Tool.Require("mcopy");
        var image = _folder.File("fat.img");
        File.Delete(image);
        Tool.Check("mkfs.fat", "-C", "-F", Text(bits), "-S", Text(sectorSize), "-s", Text(sectorsPerCluster), "-n", "OURS", image, Text(kibibytes));
        return image;
    }

    private void Agree(string image, RandomFatEdits edits, string place, bool withMtools)
    {
        var (exit, output) = Tool.Run("fsck.fat", "-n", image);
        Assert.True(exit == 0, $"{place}: {output}");
        using (var store = FileStore.OpenRead(image))
            Assert.Equal(edits.Expected(), FileTree.Of(FatVolume.Open(store)));
        if (!withMtools)
            return;
        var copy = _folder.File("copy");
        if (Directory.Exists(copy))
            Directory.Delete(copy, recursive: true);
        Directory.CreateDirectory(copy);
        if (edits.Expected().Count > 0)
            Tool.Check("mcopy", "-s", "-n", "-Q", "-i", image, "::*", copy);
        Assert.Equal(edits.Expected(), FileTree.OfFolder(copy));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
