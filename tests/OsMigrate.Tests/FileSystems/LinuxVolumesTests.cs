using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Btrfs;
using OsMigrate.FileSystems.Ext;
using OsMigrate.FileSystems.Xfs;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FileSystems;

/// <summary>File systems of Linux, made by their own tools, and read by us as the kernel reads them.</summary>
public sealed class LinuxVolumesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Without the kernel: the tools fill the volume from a folder.</summary>
    [SkippableTheory]
    [InlineData("mkfs.ext2", "-b 1024")]
    [InlineData("mkfs.ext3", "-b 4096")]
    [InlineData("mkfs.ext4", "-b 4096")]
    [InlineData("mkfs.ext4", "-b 1024 -O ^64bit,^flex_bg")]
    [InlineData("mkfs.ext4", "-b 2048 -O meta_bg,^resize_inode")]
    [InlineData("mkfs.ext4", "-O inline_data,metadata_csum")]
    [InlineData("mkfs.btrfs", "-m single -d single")]
    [InlineData("mkfs.btrfs", "-m dup -n 65536")]
    public void A_volume_filled_from_a_folder_reads_the_same(string maker, string options)
    {
        Tool.Require(maker);
        var tree = Tree();
        var image = Blank(300);
        string[] fill = maker == "mkfs.btrfs" ? ["-q", "--rootdir", tree] : ["-q", "-F", "-d", tree];
        Tool.Check(maker, [.. fill, "-L", "TESTVOL", .. options.Split(' '), image]);
        using var store = FileStore.OpenRead(image);
        var volume = Open(store);
        Assert.Equal("TESTVOL", volume.Label);
        // lost+found is the maker's own.
        // With that feature mke2fs forgets the hole at a file's end (debugfs shows the same size as we do).
        bool IsKept(string line) => !options.Contains("inline_data", StringComparison.Ordinal) || !line.StartsWith("/holes.bin", StringComparison.Ordinal);
        Assert.Equal(Lines(tree).Where(IsKept), Lines(volume).Where(l => l != "/lost+found/").Where(IsKept));
    }

    /// <summary>Version 4 and 5 without the kernel: from a list of files.</summary>
    [SkippableTheory]
    [InlineData("-m crc=0 -n ftype=0")]
    [InlineData("-m crc=0 -n ftype=1")]
    [InlineData("-m crc=1")]
    public void An_XFS_volume_made_from_a_list_reads_the_same(string options)
    {
        Tool.Require("mkfs.xfs");
        var data = _folder.File("data");
        var bytes = new byte[1_234_567];
        new Random(3).NextBytes(bytes);
        File.WriteAllBytes(data, bytes);
        var list = new List<string> { "/boot/none", "0 0", "d--755 0 0", $"file ---644 0 0 {data}", "folder d--755 0 0", $"inner ---600 0 0 {data}", "$", "link l--777 0 0 folder/inner", "many d--755 0 0" };
        list.AddRange(Enumerable.Range(0, 400).Select(i => $"name-number-{i:000} p--644 0 0"));
        list.AddRange(["$", "$"]);
        File.WriteAllLines(_folder.File("list"), list);
        var image = Blank(320);
        Tool.Check("mkfs.xfs", ["-q", .. options.Split(' '), "-p", _folder.File("list"), image]);
        using var store = FileStore.OpenRead(image);
        var volume = XfsVolume.Open(store);
        Assert.Equal(bytes, FileTree.Content(volume.Find("file")!));
        Assert.Equal(bytes, FileTree.Content(volume.Find("folder/inner")!));
        Assert.Equal("folder/inner", volume.Find("link")!.LinkTarget);
        Assert.Equal(400, volume.Find("many")!.Children().Count());
        Assert.Null(volume.Find("FILE"));
    }

    /// <summary>With the kernel: large folders, holes, reserved space, fragmented files, long links, compression, subvolumes.</summary>
    [SkippableTheory]
    [InlineData("mkfs.ext4", "-q -F", "")]
    [InlineData("mkfs.ext3", "-q -F -b 1024", "")]
    [InlineData("mkfs.ext4", "-q -F -O large_dir,inline_data", "")]
    [InlineData("mkfs.xfs", "-q", "")]
    [InlineData("mkfs.xfs", "-q -b size=1024 -n size=8192 -i size=512 -m rmapbt=1", "")]
    [InlineData("mkfs.btrfs", "-q", "compress-force=zstd")]
    [InlineData("mkfs.btrfs", "-q", "compress-force=zlib")]
    [InlineData("mkfs.btrfs", "-q -m dup", "max_inline=0")]
    public void A_volume_written_by_the_kernel_reads_the_same(string maker, string options, string mountOptions)
    {
        Tool.Require(maker);
        var image = Blank(400);
        Tool.Check(maker, [.. options.Split(' '), "-L", "TESTVOL", image]);
        var mount = _folder.File("mnt");
        Directory.CreateDirectory(mount);
        var (exit, output) = Tool.Run("mount", "-o", "loop" + (mountOptions.Length > 0 ? "," + mountOptions : ""), image, mount);
        Skip.If(exit != 0, "volumes cannot be mounted here: " + output);
        List<string> expected;
        try
        {
            Tool.Check("cp", "-a", Tree() + "/.", mount);
            Fill(mount);
            if (maker == "mkfs.btrfs" && Tool.Find("btrfs") is not null)
            {
                Tool.Check("btrfs", "subvolume", "create", Path.Combine(mount, "many", "@sub"));
                File.WriteAllText(Path.Combine(mount, "many", "@sub", "inside.txt"), "in a subvolume");
            }

            Tool.Check("sync");
            expected = Lines(mount);
        }
        finally
        {
            Tool.Check("umount", mount);
        }

        using var store = FileStore.OpenRead(image);
        var volume = Open(store);
        Assert.Equal("TESTVOL", volume.Label);
        Assert.Equal(expected, Lines(volume));
        if (volume is BtrfsVolume btrfs && Tool.Find("btrfs") is not null)
            Assert.Equal("many/@sub", Assert.Single(btrfs.Subvolumes).Path);
    }

    [SkippableTheory]
    [InlineData("mkfs.ext4", 1024 + 56)]
    [InlineData("mkfs.xfs", 4)]
    [InlineData("mkfs.btrfs", 65536 + 148)]
    [SuppressMessage("Usage", "xUnit1026", Justification = "The place is that of the damage.")]
    public void A_damaged_superblock_is_an_error_that_names_the_file(string maker, int place)
    {
        Tool.Require(maker);
        var image = Blank(320);
        Tool.Check(maker, "-q", image);
        using (var file = new FileStream(image, FileMode.Open))
        {
            file.Position = place;
            file.Write([0xEE, 0xEE, 0xEE]);
        }

        using var store = FileStore.OpenRead(image);
        var e = Assert.ThrowsAny<InvalidImageException>(() => OpenAs(maker, store));
        Assert.Contains(Path.GetFileName(image), e.Message, StringComparison.Ordinal);
    }

    private static FileVolume Open(ByteStore store) => VolumeProbe.Detect(store) switch
    {
        VolumeKind.Ext => ExtVolume.Open(store),
        VolumeKind.Xfs => XfsVolume.Open(store),
        VolumeKind.Btrfs => BtrfsVolume.Open(store),
        var other => throw new InvalidOperationException(other.ToString()),
    };

    private static FileVolume OpenAs(string maker, ByteStore store) => maker switch
    {
        "mkfs.ext4" => ExtVolume.Open(store),
        "mkfs.xfs" => XfsVolume.Open(store),
        _ => BtrfsVolume.Open(store),
    };

    private string Tree()
    {
        var tree = _folder.File("tree");
        FileTree.Make(tree);
        File.CreateSymbolicLink(Path.Combine(tree, "link"), "many/../big.bin");
        File.CreateSymbolicLink(Path.Combine(tree, "long-link"), "/" + string.Join('/', Enumerable.Repeat("a-name-that-is-long", 40)));
        using var holes = File.Create(Path.Combine(tree, "holes.bin"));
        for (var i = 0; i < 50; i++)
        {
            holes.Position = i * 170_000L;
            holes.Write("not a hole"u8);
        }

        holes.SetLength(20_000_000);
        return tree;
    }

    private static void Fill(string mount)
    {
        var big = Path.Combine(mount, "large-folder");
        Directory.CreateDirectory(big);
        for (var i = 0; i < 12_000; i++)
            File.WriteAllText(Path.Combine(big, $"file-{i:000000}-with-a-name-that-fills-the-folder"), i % 10 == 0 ? "content" : "");
        for (var i = 0; i < 12_000; i += 3)
            File.Delete(Path.Combine(big, $"file-{i:000000}-with-a-name-that-fills-the-folder"));
        // Two files that grow in turns, so that neither lies in one piece.
        using (var one = File.Create(Path.Combine(mount, "turns-1")))
        using (var two = File.Create(Path.Combine(mount, "turns-2")))
        {
            var piece = new byte[5000];
            for (var i = 0; i < 1200; i++)
            {
                Array.Fill(piece, (byte)i);
                var file = i % 2 == 0 ? one : two;
                file.Write(piece);
                file.Flush(flushToDisk: i % 8 < 2);
            }
        }

        Tool.Run("fallocate", "-l", "3000000", Path.Combine(mount, "reserved"));
        var deep = mount;
        for (var i = 0; i < 30; i++)
            deep = Path.Combine(deep, "deeper-" + i);
        Directory.CreateDirectory(deep);
        File.WriteAllText(Path.Combine(deep, "x"), "bottom");
    }

    private string Blank(int megabytes)
    {
        var image = _folder.File("volume.img");
        using var file = new FileStream(image, FileMode.Create);
        file.SetLength((long)megabytes << 20);
        return image;
    }

    private static List<string> Lines(string folder)
    {
        var lines = new List<string>();
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, MaxRecursionDepth = 64 }))
        {
            var name = "/" + Path.GetRelativePath(folder, path);
            if (new FileInfo(path).LinkTarget is { } target)
                lines.Add($"{name} -> {target}");
            else
                lines.Add(Directory.Exists(path) ? name + "/" : $"{name} {new FileInfo(path).Length} {Convert.ToHexStringLower(SHA1.HashData(File.ReadAllBytes(path)))}");
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static List<string> Lines(FileVolume volume)
    {
        var lines = new List<string>();
        var open = new Stack<(FileEntry Folder, string Path)>([(volume.Root, "")]);
        while (open.Count > 0)
        {
            var (folder, path) = open.Pop();
            foreach (var entry in folder.Children())
            {
                var name = $"{path}/{entry.Name}";
                if (entry.IsFolder)
                    open.Push((entry, name));
                lines.Add(entry.IsFolder ? name + "/" : entry.LinkTarget is { } target ? $"{name} -> {target}" : $"{name} {entry.SizeBytes} {Convert.ToHexStringLower(SHA1.HashData(FileTree.Content(entry)))}");
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }
}
