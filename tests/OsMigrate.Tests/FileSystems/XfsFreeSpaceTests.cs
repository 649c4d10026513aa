using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using OsMigrate.Bytes;
using OsMigrate.FileSystems.Xfs;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FileSystems;

/// <summary>Free space of XFS: the same as xfs_db says, and never what is in use.</summary>
public sealed partial class XfsFreeSpaceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FreeSpaceImage _image;

    public XfsFreeSpaceTests() => _image = new FreeSpaceImage(_folder, XfsVolume.Open);

    public void Dispose() => _folder.Dispose();

    /// <summary>Version 4 and 5 without the kernel: from a list of files.</summary>
    [SkippableTheory]
    [InlineData("-m crc=0", 320)]
    [InlineData("-m crc=0 -b size=512 -d agcount=3", 320)]
    [InlineData("-m crc=0 -l version=1,lazy-count=0", 320)]
    [InlineData("-m crc=0 -b size=1024 -s size=1024 -l su=32768", 333)]
    [InlineData("-m crc=1,finobt=0,reflink=0", 320)]
    [InlineData("-m rmapbt=1,reflink=1 -d agcount=5", 500)]
    [InlineData("-b size=2048 -i size=1024", 320)]
    [InlineData("-s size=4096 -d agcount=2", 320)]
    [InlineData("", 400_000)]
    public void A_volume_made_from_a_list_has_the_free_blocks_that_xfs_db_lists(string options, int megabytes)
    {
        _image.Make("mkfs.xfs", $"-q {options} -p {List()}", megabytes);
        Agree();
        if (megabytes < 1000)
            _image.OverwriteFree("xfs_repair", "-n", "-f");
    }

    /// <summary>With the kernel: so many pieces that the trees have several levels, and a log that went round.</summary>
    [SkippableTheory]
    [InlineData("", 320)]
    [InlineData("-b size=1024 -d agcount=3", 320)]
    [InlineData("-b size=1024 -m rmapbt=1,reflink=1 -d agcount=2", 320)]
    [InlineData("-s size=4096 -l su=32k", 400)]
    [InlineData("--unsupported -l size=8m -d agcount=8 -m bigtime=1,inobtcount=1", 320)]
    public void A_volume_written_by_the_kernel_has_the_free_blocks_that_xfs_db_lists(string options, int megabytes)
    {
        _image.Make("mkfs.xfs", "-q " + options, megabytes);
        for (var seed = 1; seed <= 3; seed++)
        {
            _image.Mounted(mount =>
            {
                FreeSpaceImage.Fill(mount, seed, 4000, 20_000);
                Tool.Run("cp", "--reflink=always", Path.Combine(mount, $"files-{seed}", "file-1"), Path.Combine(mount, "again-" + seed));
            });
            Agree();
        }

        if (options.Contains("size=1024", StringComparison.Ordinal))
            Assert.NotEqual("1", Value("agf 0", "bnolevel"));
        _image.OverwriteFree("xfs_repair", "-n", "-f");
    }

    /// <summary>The head of the log is found wherever it is in the ring; between the mounts it is clean, and at no other time.</summary>
    [SkippableFact]
    public void A_volume_that_is_mounted_is_doubted_wherever_its_log_is()
    {
        _image.Make("mkfs.xfs", "-q --unsupported -l size=8m", 320);
        var cycles = new HashSet<uint>();
        for (var i = 0; i < 14; i++)
        {
            var copy = "";
            _image.Mounted(mount =>
            {
                var folder = Path.Combine(mount, "folder");
                Directory.CreateDirectory(folder);
                for (var file = 0; file < 2500; file++)
                    File.WriteAllText(Path.Combine(folder, $"{file}-with-a-name-that-fills-the-log"), "");
                Tool.Check("sync");
                copy = _image.Copy("mounted.img");
                Directory.Delete(folder, recursive: true);
            });
            Assert.Equal("was not unmounted in order: its log may hold changes that are not in their places yet", _image.Doubt(copy));
            using (var store = FileStore.OpenRead(copy))
                Assert.Empty(XfsVolume.Open(store).FreeExtents(CancellationToken.None));
            Assert.Null(_image.Doubt());
            cycles.Add(Cycle());
        }

        Assert.True(cycles.Count > 2, "the log did not go round");
        Agree();
    }

    [SkippableTheory]
    [InlineData("writing below the head", 0)]
    [InlineData("no unmounting", 9)]
    [InlineData("another length", 12)]
    [InlineData("another place", 23)]
    [InlineData("another volume", 304)]
    public void A_log_that_does_not_end_in_the_mark_of_unmounting_is_doubted(string what, int place)
    {
        var bytes = Small("");
        var log = LogPlace(bytes);
        // A new log has one record: header, and a block behind it.
        var at = (what == "no unmounting" ? log + 512 : what == "writing below the head" ? log + (700 * 512) + 3 : log) + place;
        bytes[at] ^= 0x20;
        Assert.StartsWith("was not unmounted in order", XfsVolume.Open(new MemoryStore(bytes, "x")).FreeSpaceDoubt, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(126, 1, "was not made to its end")]
    [InlineData(23, 1, "has a realtime device")]
    [InlineData(214, 1, "uses features that are not known here: 0, 100, 0")]
    [InlineData(211, 1, "uses features that are not known here: 1, 0, 0")]
    [InlineData(223, 1, "uses features that are not known here: 0, 0, 1")]
    [InlineData(219, 16, "is marked as in need of repair")]
    [InlineData(100, 2, "uses features that are not known here: 200, 0")]
    public void What_is_not_known_is_doubted(int place, int bit, string doubt)
    {
        var bytes = Small("");
        bytes[place] |= (byte)bit;
        Assert.Equal(doubt, XfsVolume.Open(new MemoryStore(bytes, "x")).FreeSpaceDoubt);
    }

    [SkippableFact]
    public void A_log_on_another_disk_is_doubted()
    {
        var bytes = Small("");
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(48), 0);
        Assert.Equal("has its log on another disk", XfsVolume.Open(new MemoryStore(bytes, "x")).FreeSpaceDoubt);
    }

    [SkippableFact]
    public void A_volume_larger_than_its_disk_is_an_error()
    {
        var bytes = Small("");
        var store = new MemoryStore(bytes.AsSpan(0, bytes.Length - 4096).ToArray(), "x");
        Assert.Equal(ErrorIds.Truncated, Assert.Throws<InvalidImageException>(() => XfsVolume.Open(store).FreeExtents(CancellationToken.None)).ErrorId);
    }

    [SkippableTheory]
    [InlineData("-m crc=0", false)]
    [InlineData("-m crc=0 -b size=1024", false)]
    [InlineData("-m crc=1", true)]
    [InlineData("-m rmapbt=1 -s size=4096", true)]
    public void Damage_is_noticed_or_does_not_matter(string options, bool hasSums)
    {
        Small(options);
        var sector = int.Parse(Value("sb 0", "sectsize"), CultureInfo.InvariantCulture);
        var block = int.Parse(Value("sb 0", "blocksize"), CultureInfo.InvariantCulture);
        var group = long.Parse(Value("sb 0", "agblocks"), CultureInfo.InvariantCulture) * block;
        var random = new Random(9);
        foreach (var start in new[] { 0, group })
        {
            var trees = new[] { "bnoroot", "cntroot" }.Select(t => start + (block * long.Parse(Value($"agf {start / group}", t), CultureInfo.InvariantCulture)));
            foreach (var tree in trees)
                Assert.True(_image.Damage(Enumerable.Range(0, 100 * 8).Select(i => (tree + (i / 8), i % 8))) > (hasSums ? 799 : 100));
            for (var head = 1; head < 4; head++)
                _image.Damage(Enumerable.Range(0, 500).Select(i => (start + (head * sector) + random.Next(344), random.Next(8))));
        }

        _image.Damage(Enumerable.Range(0, 264 * 8).Select(i => ((long)(i / 8), i % 8)));
        _image.Damage(Enumerable.Range(0, 500).Select(i => (group + random.NextInt64(16 * block), random.Next(8))));
    }

    private static long LogPlace(byte[] bytes)
    {
        var (start, bits) = (BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(48)), bytes[124]);
        return (((long)(start >> bits) * BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(84))) + (long)(start & ((1UL << bits) - 1))) * BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4));
    }

    private uint Cycle()
    {
        using var store = FileStore.OpenRead(_image.Path);
        var place = LogPlace(store.ReadBytes(0, 512));
        var first = store.ReadBytes(place, 8);
        return BinaryPrimitives.ReadUInt32BigEndian(first) is var word && word == 0xFEEDBABE ? BinaryPrimitives.ReadUInt32BigEndian(first.AsSpan(4)) : word;
    }

    /// <summary>A volume as small as the tool makes it when asked for what is not supported.</summary>
    private byte[] Small(string options)
    {
        Tool.Require("mkfs.xfs");
        using (var file = new FileStream(_image.Path, FileMode.Create))
            file.SetLength(40 << 20);
        var (exit, output) = Tool.Run("mkfs.xfs", ["-q", "--unsupported", "-d", "agcount=2", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-p", List(), _image.Path]);
        Skip.If(exit != 0, "this mkfs.xfs makes no small volumes: " + output);
        return File.ReadAllBytes(_image.Path);
    }

    private string List()
    {
        var data = _folder.File("data");
        var bytes = new byte[123_456];
        new Random(3).NextBytes(bytes);
        File.WriteAllBytes(data, bytes);
        var list = new List<string> { "/boot/none", "0 0", "d--755 0 0" };
        list.AddRange(Enumerable.Range(0, 40).Select(i => $"file-{i} ---644 0 0 {data}"));
        list.Add("$");
        File.WriteAllLines(_folder.File("list"), list);
        return _folder.File("list");
    }

    private string Value(string place, string name)
        => Tool.Check("xfs_db", "-r", "-c", place, "-c", "p " + name, _image.Path).Split('=')[1].Trim();

    /// <summary>"freesp" lists the blocks kept in hand too, each for itself; those are not free.</summary>
    private void Agree()
    {
        Tool.Require("xfs_db");
        Assert.Null(_image.Doubt());
        int block = int.Parse(Value("sb 0", "blocksize"), CultureInfo.InvariantCulture), groups = int.Parse(Value("sb 0", "agcount"), CultureInfo.InvariantCulture);
        var size = long.Parse(Value("sb 0", "agblocks"), CultureInfo.InvariantCulture);
        var inHand = new HashSet<long>();
        for (var group = 0; group < groups; group++)
        {
            var list = Tool.Check("xfs_db", "-r", "-c", $"agf {group}", "-c", "p flfirst fllast flcount", "-c", $"agfl {group}", "-c", "p bno", _image.Path);
            var numbers = Field().Matches(list).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
            var blocks = InHand().Matches(list).ToDictionary(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture), m => m.Groups[2].Value);
            var (first, last, count) = (numbers[0], numbers[1], numbers[2]);
            for (var i = 0; i < count; i++)
            {
                var at = last - i < 0 ? last - i + blocks.Count : last - i;
                inHand.Add((group * size) + long.Parse(blocks[at], CultureInfo.InvariantCulture));
            }
        }

        var runs = FreeRun().Matches(Tool.Check("xfs_db", "-r", "-c", "freesp -d", _image.Path))
            .Select(m => m.Groups.Values.Skip(1).Select(g => long.Parse(g.Value, CultureInfo.InvariantCulture)).ToList())
            .Select(n => (First: (n[0] * size) + n[1], Count: n[2]))
            .Where(r => r.Count > 1 || !inHand.Remove(r.First))
            .Order()
            .ToList();
        Assert.Empty(inHand);
        Assert.NotEmpty(runs);
        // A run at the end of a group and one at the start of the next cannot touch: every group begins with its heads.
        Assert.Equal(runs.Select(r => $"{r.First}-{r.First + r.Count - 1}"), _image.Free(block));
    }

    [GeneratedRegex(@"^fl(?:first|last|count) = (?<value>\d+)$", RegexOptions.Multiline)]
    private static partial Regex Field();

    [GeneratedRegex(@"\b(?<index>\d+):(?<block>\d+|null)\b")]
    private static partial Regex InHand();

    [GeneratedRegex(@"^ +(?<group>\d+) +(?<first>\d+) +(?<count>\d+)$", RegexOptions.Multiline)]
    private static partial Regex FreeRun();
}
