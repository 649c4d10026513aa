using System.Text;
using OsMigrate.Bytes;
using OsMigrate.Partitions.Lvm;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>Small file systems of Linux, made by their own tools where they are installed.</summary>
internal static class LinuxSeeds
{
    public static void Ext(string folder)
    {
        var tree = Tree();
        Make(folder, "ext2.img", 1, "mkfs.ext2", "-q", "-F", "-b", "1024", "-d", tree);
        Make(folder, "ext4.img", 2, "mkfs.ext4", "-q", "-F", "-b", "1024", "-O", "^has_journal,inline_data", "-d", tree);
        Make(folder, "ext4-meta.img", 2, "mkfs.ext4", "-q", "-F", "-b", "2048", "-O", "^has_journal,meta_bg,^resize_inode", "-d", tree);
        Directory.Delete(tree, recursive: true);
    }

    public static void Xfs(string folder)
    {
        var list = Path.Combine(folder, "list");
        var data = Path.Combine(folder, "data");
        File.WriteAllBytes(data, new byte[9000]);
        var lines = new List<string> { "/boot/none", "0 0", "d--755 0 0", $"file ---644 0 0 {data}", "link l--777 0 0 folder/inner", "many d--755 0 0" };
        lines.AddRange(Enumerable.Range(0, 200).Select(static i => $"a-name-{i:000} p--644 0 0"));
        lines.AddRange(["$", "$"]);
        File.WriteAllLines(list, lines);
        Make(folder, "xfs5.img", 16, "mkfs.xfs", "-q", "--unsupported", "-p", list);
        Make(folder, "xfs4.img", 16, "mkfs.xfs", "-q", "--unsupported", "-m", "crc=0", "-n", "ftype=0", "-p", list);
        File.Delete(list);
        File.Delete(data);
    }

    public static void Btrfs(string folder)
    {
        var tree = Tree();
        Make(folder, "btrfs.img", 16, "mkfs.btrfs", "-q", "--mixed", "-m", "single", "-d", "single", "--rootdir", tree);
        Directory.Delete(tree, recursive: true);
    }

    public static void ReadLvm(ByteStore store) => new LvmText(Encoding.UTF8.GetString(store.ReadBytes(0, (int)store.Length)), store.Name).Read();

    private static string Tree()
    {
        var tree = Directory.CreateTempSubdirectory("osmigrate-fuzz-").FullName;
        Directory.CreateDirectory(Path.Combine(tree, "one/two/three"));
        File.WriteAllText(Path.Combine(tree, "one/two/three/deep.txt"), "deep");
        File.WriteAllText(Path.Combine(tree, "small"), new string('x', 100));
        File.WriteAllBytes(Path.Combine(tree, "blocks.bin"), new byte[20000]);
        File.WriteAllText(Path.Combine(tree, "text.bin"), string.Concat(Enumerable.Range(0, 9000)));
        File.CreateSymbolicLink(Path.Combine(tree, "link"), "one/two");
        File.CreateSymbolicLink(Path.Combine(tree, "long"), new string('y', 200));
        for (var i = 0; i < 60; i++)
            File.WriteAllText(Path.Combine(tree, "one", $"entry-number-{i}"), "");
        return tree;
    }

    private static void Make(string folder, string name, int megabytes, string program, params string[] arguments)
    {
        var path = Path.Combine(folder, name);
        using (var file = File.Create(path))
            file.SetLength((long)megabytes << 20);
        if (!VolumeSeeds.Run(program, [.. arguments, path]))
            File.Delete(path);
    }
}
