using System.Globalization;
using System.Text.RegularExpressions;
using OsMigrate.Bytes;
using OsMigrate.FileSystems.Ext;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FileSystems;

/// <summary>Free space of ext2, ext3 and ext4: the same as dumpe2fs says, and never what is in use.</summary>
public sealed partial class ExtFreeSpaceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FreeSpaceImage _image;

    public ExtFreeSpaceTests() => _image = new FreeSpaceImage(_folder, ExtVolume.Open);

    public void Dispose() => _folder.Dispose();

    /// <summary>Without the kernel: filled from a folder, and emptied a little.</summary>
    [SkippableTheory]
    [InlineData("-t ext2 -b 1024", 64)]
    [InlineData("-t ext2 -b 4096", 200)]
    [InlineData("-t ext2 -r 0 -b 1024", 40)]
    [InlineData("-t ext2 -b 1024 -O ^sparse_super,^resize_inode", 64)]
    [InlineData("-t ext3 -b 1024", 64)]
    [InlineData("-t ext3 -b 4096", 300)]
    [InlineData("-t ext4 -b 1024", 100)]
    [InlineData("-t ext4 -b 2048", 100)]
    [InlineData("-t ext4 -b 4096", 300)]
    [InlineData("-t ext4 -b 4096", 129)]
    [InlineData("-t ext4 -O bigalloc -b 1024 -C 4096", 100)]
    [InlineData("-t ext4 -O bigalloc -b 4096 -C 65536", 700)]
    [InlineData("-t ext4 -O bigalloc -b 4096 -C 262144", 700)]
    [InlineData("-t ext4 -O bigalloc,^metadata_csum,uninit_bg -b 1024 -C 16384", 100)]
    [InlineData("-t ext4 -O ^metadata_csum,uninit_bg", 600)]
    [InlineData("-t ext4 -O ^metadata_csum,uninit_bg,^64bit -b 1024", 100)]
    [InlineData("-t ext4 -O ^metadata_csum,^uninit_bg", 300)]
    [InlineData("-t ext4 -O ^64bit", 300)]
    [InlineData("-t ext4 -O ^flex_bg -b 1024", 100)]
    [InlineData("-t ext4 -O ^flex_bg,^metadata_csum,uninit_bg -b 1024", 100)]
    [InlineData("-t ext4 -O meta_bg,^resize_inode -b 1024", 300)]
    [InlineData("-t ext4 -O meta_bg,^resize_inode,^flex_bg,^metadata_csum,uninit_bg -b 1024", 300)]
    [InlineData("-t ext4 -O sparse_super2 -b 1024", 100)]
    [InlineData("-t ext4 -O sparse_super2,^resize_inode -E num_backup_sb=1 -b 1024", 100)]
    [InlineData("-t ext4 -O mmp", 100)]
    [InlineData("-t ext4 -O metadata_csum_seed,orphan_file,project", 100)]
    [InlineData("-t ext4 -O ^has_journal -G 4 -g 1024 -b 1024", 100)]
    [InlineData("-t ext4 -E lazy_itable_init=1", 300_000)]
    [InlineData("-t ext4 -E lazy_itable_init=1 -O ^metadata_csum,uninit_bg -G 32", 100_001)]
    public void A_volume_filled_from_a_folder_has_the_free_blocks_that_dumpe2fs_lists(string options, int megabytes)
    {
        var tree = _folder.File("tree");
        FileTree.Make(tree);
        _image.Make("mke2fs", $"-q -F -d {tree} {options}", megabytes);
        Agree();
        // At once: with protection against being mounted twice each opening waits for seconds.
        File.WriteAllLines(_folder.File("commands"), [.. Enumerable.Range(0, 50).Select(i => $"rm \"many/A rather long name, number {i * 3}, with blanks.txt\""), "rm big.bin"]);
        Tool.Check("debugfs", "-w", "-f", _folder.File("commands"), _image.Path);
        Tool.Check("e2fsck", "-fn", _image.Path);
        Agree();
        if (megabytes < 1000)
            _image.OverwriteFree("e2fsck", "-fn");
    }

    /// <summary>With the kernel, which also makes bitmaps that were not written before.</summary>
    [SkippableTheory]
    [InlineData("-t ext2 -b 1024", 100)]
    [InlineData("-t ext3", 200)]
    [InlineData("-t ext4", 400)]
    [InlineData("-t ext4 -b 1024 -O ^metadata_csum,uninit_bg,^flex_bg", 200)]
    [InlineData("-t ext4 -b 1024 -O meta_bg,^resize_inode", 200)]
    [InlineData("-t ext4 -O bigalloc -C 65536", 400)]
    [InlineData("-t ext4 -b 1024 -O sparse_super2,inline_data", 200)]
    public void A_volume_written_by_the_kernel_has_the_free_blocks_that_dumpe2fs_lists(string options, int megabytes)
    {
        _image.Make("mke2fs", "-q -F " + options, megabytes);
        _image.Mounted(mount => FreeSpaceImage.Fill(mount, 1, 600, 300_000));
        Agree();
        _image.Mounted(mount => FreeSpaceImage.Fill(mount, 2, 300, 900_000));
        Agree();
        _image.OverwriteFree("e2fsck", "-fn");
    }

    /// <summary>What the kernel's and the tools' growing leaves behind: spare descriptors used up, meta groups begun late.</summary>
    [SkippableTheory]
    [InlineData("-t ext4 -b 1024", 40, 300)]
    [InlineData("-t ext4 -b 1024 -O ^resize_inode", 40, 300)]
    [InlineData("-t ext3 -b 1024", 40, 300)]
    public void A_volume_that_grew_has_the_free_blocks_that_dumpe2fs_lists(string options, int megabytes, int grown)
    {
        Tool.Require("resize2fs");
        _image.Make("mke2fs", "-q -F " + options, megabytes);
        _image.Mounted(mount => FreeSpaceImage.Fill(mount, 1, 300, 20_000));
        using (var file = new FileStream(_image.Path, FileMode.Open))
            file.SetLength((long)grown << 20);
        Tool.Check("e2fsck", "-fy", _image.Path);
        Tool.Check("resize2fs", _image.Path);
        Agree();
        _image.OverwriteFree("e2fsck", "-fn");
    }

    [SkippableTheory]
    [InlineData("feature needs_recovery", "was not unmounted in order: its journal holds changes that are not in their places yet")]
    [InlineData("ssv state 0", "was not unmounted in order")]
    [InlineData("ssv state 3", "is marked as having errors")]
    [InlineData("ssv state 5", "was not unmounted in order")]
    [InlineData("ssv last_orphan 12", "has files that were deleted and not given back yet")]
    [InlineData("feature orphan_present", "has files that were deleted and not given back yet")]
    [InlineData("ssv journal_inum 0", "has its journal on another disk")]
    [InlineData("feature shared_blocks", "uses features that are not known here: 0, 4000")]
    public void What_is_not_in_order_is_doubted_and_has_no_free_space(string change, string doubt)
    {
        Tool.Require("debugfs");
        _image.Make("mke2fs", "-q -F -t ext4", 40);
        Assert.Null(_image.Doubt());
        Tool.Check("debugfs", "-w", "-R", change, _image.Path);
        Assert.Equal(doubt, _image.Doubt());
        using var store = FileStore.OpenRead(_image.Path);
        Assert.Empty(ExtVolume.Open(store).FreeExtents(CancellationToken.None));
    }

    [SkippableTheory]
    [InlineData("-t ext2")]
    [InlineData("-t ext3")]
    [InlineData("-t ext4")]
    [InlineData("-t ext4 -O mmp,^has_journal")]
    public void A_volume_that_is_mounted_is_doubted(string options)
    {
        _image.Make("mke2fs", "-q -F " + options, 100);
        var copy = "";
        _image.Mounted(mount =>
        {
            File.WriteAllText(Path.Combine(mount, "file"), "content");
            Tool.Check("sync");
            copy = _image.Copy("mounted.img");
        });
        Assert.NotNull(_image.Doubt(copy));
        Assert.Null(_image.Doubt());
    }

    /// <summary>The journal speaks for itself, whatever the superblock says of it.</summary>
    [SkippableFact]
    public void A_journal_that_is_not_empty_is_doubted()
    {
        _image.Make("mke2fs", "-q -F -t ext4", 40);
        var bytes = File.ReadAllBytes(_image.Path);
        var at = bytes.AsSpan().IndexOf(new byte[] { 0xC0, 0x3B, 0x39, 0x98, 0, 0, 0, 4 });
        bytes[at + 31] = 1;
        Assert.Equal("was not unmounted in order: its journal is not empty", ExtVolume.Open(new MemoryStore(bytes, "x")).FreeSpaceDoubt);
    }

    [SkippableFact]
    public void A_volume_larger_than_its_disk_is_an_error()
    {
        _image.Make("mke2fs", "-q -F -t ext4", 100);
        using (var file = new FileStream(_image.Path, FileMode.Open))
            file.SetLength((100 << 20) - 4096);
        using var store = FileStore.OpenRead(_image.Path);
        Assert.Equal(ErrorIds.Truncated, Assert.Throws<InvalidImageException>(() => ExtVolume.Open(store).FreeExtents(CancellationToken.None)).ErrorId);
    }

    [SkippableTheory]
    [InlineData("-t ext2 -b 1024")]
    [InlineData("-t ext4 -b 1024 -O ^metadata_csum,^uninit_bg,^64bit")]
    [InlineData("-t ext4 -b 1024 -O ^metadata_csum,uninit_bg")]
    [InlineData("-t ext4 -b 1024")]
    [InlineData("-t ext4 -b 4096 -O ^metadata_csum,^uninit_bg")]
    [InlineData("-t ext4 -b 1024 -O bigalloc,^metadata_csum -C 4096")]
    public void Damage_is_noticed_or_does_not_matter(string options)
    {
        var tree = _folder.File("tree");
        FileTree.Make(tree);
        _image.Make("mke2fs", $"-q -F -d {tree} {options}", 20);
        var random = new Random(5);
        var block = int.Parse(BlockSize().Match(Dump()).Groups[1].Value, CultureInfo.InvariantCulture);
        var bitmaps = Bitmap().Matches(Dump()).Select(m => long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) * block).ToList();
        var descriptors = Math.Max(2048, block);
        // A bit of a written bitmap that stands for a block changes the number of free ones.
        Assert.Equal(500, _image.Damage(Enumerable.Range(0, 500).Select(i => (bitmaps[0] + random.Next(20), random.Next(8)))));
        _image.Damage(Enumerable.Range(0, 1500).Select(i => (bitmaps[i % bitmaps.Count] + random.Next(block), random.Next(8))));
        _image.Damage(Enumerable.Range(0, 64 * bitmaps.Count * 8).Select(i => ((long)descriptors + (i / 8), i % 8)));
        _image.Damage(Enumerable.Range(0, 1024 * 8).Select(i => (1024L + (i / 8), i % 8)));
    }

    private string Dump() => Tool.Run("dumpe2fs", _image.Path).Output;

    /// <summary>dumpe2fs lists runs group by group, and of a cluster only the first block.</summary>
    private void Agree()
    {
        Assert.Null(_image.Doubt());
        var dump = Dump();
        var block = int.Parse(BlockSize().Match(dump).Groups[1].Value, CultureInfo.InvariantCulture);
        var count = long.Parse(BlockCount().Match(dump).Groups[1].Value, CultureInfo.InvariantCulture);
        var cluster = ClusterSize().Match(dump) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / block : 1;
        var runs = new List<(long First, long Last)>();
        foreach (Match line in FreeBlocks().Matches(dump))
        {
            foreach (var part in line.Groups[1].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries))
            {
                var ends = part.Split('-').Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToList();
                var run = (First: ends[0], Last: Math.Min(count, ends[^1] + cluster) - 1);
                if (runs.Count > 0 && runs[^1].Last + 1 == run.First)
                    runs[^1] = (runs[^1].First, run.Last);
                else
                    runs.Add(run);
            }
        }

        Assert.NotEmpty(runs);
        Assert.Equal(runs.Select(r => $"{r.First}-{r.Last}"), _image.Free(block));
    }

    [GeneratedRegex(@"^Block size: +(?<number>\d+)", RegexOptions.Multiline)]
    private static partial Regex BlockSize();

    [GeneratedRegex(@"^Cluster size: +(?<number>\d+)", RegexOptions.Multiline)]
    private static partial Regex ClusterSize();

    [GeneratedRegex(@"^Block count: +(?<number>\d+)", RegexOptions.Multiline)]
    private static partial Regex BlockCount();

    [GeneratedRegex(@"^  Free blocks: (?<runs>[\d, -]+)$", RegexOptions.Multiline)]
    private static partial Regex FreeBlocks();

    [GeneratedRegex(@"^  Block bitmap at (?<number>\d+)", RegexOptions.Multiline)]
    private static partial Regex Bitmap();
}
