using System.Security.Cryptography;
using OsMigrate.Bytes;
using OsMigrate.FileSystems;

namespace OsMigrate.Tests.Support;

/// <summary>A tree of files as sorted lines: "/folder/" or "/file SIZE SHA1". Two trees are equal when their lines are.</summary>
public static class FileTree
{
    public static IReadOnlyList<string> Of(FileVolume volume) => Sorted(Walk(volume.Root, ""));

    public static IReadOnlyList<string> OfFolder(string folder) => Sorted(
        Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Select(path =>
        {
            var name = "/" + Path.GetRelativePath(folder, path).Replace('\\', '/');
            return Directory.Exists(path) ? name + "/" : $"{name} {new FileInfo(path).Length} {Convert.ToHexStringLower(SHA1.HashData(File.ReadAllBytes(path)))}";
        }));

    public static byte[] Content(FileEntry file)
    {
        using var store = file.OpenContent();
        Assert.Equal(file.SizeBytes, store.Length);
        return store.ReadBytes(0, (int)store.Length);
    }

    /// <summary>A folder with what tends to go wrong: depth, many entries, long and foreign names, empty files, sizes at the block's edge.</summary>
    public static void Make(string folder, int seed = 1)
    {
        var random = new Random(seed);
        void Add(string name, int size)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var bytes = new byte[size];
            random.NextBytes(bytes);
            File.WriteAllBytes(path, bytes);
        }

        Add("zero", 0);
        Add("exact", 2048);
        Add("one-more.bin", 2049);
        Add("big.bin", 700_001);
        Add("no.extension.here/x.tar.gz", 10);
        Add("d1/d2/d3/d4/d5/d6/d7/deep.txt", 33);
        Add("Übungen/žluťoučký kůň ☃.txt", 44);
        for (var i = 0; i < 150; i++)
            Add($"many/A rather long name, number {i}, with blanks.txt", i * 7);
        Directory.CreateDirectory(Path.Combine(folder, "empty"));
    }

    private static IReadOnlyList<string> Sorted(IEnumerable<string> lines) => [.. lines.Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Walk(FileEntry folder, string path)
    {
        foreach (var entry in folder.Children())
        {
            var name = $"{path}/{entry.Name}";
            if (!entry.IsFolder)
            {
                yield return $"{name} {entry.SizeBytes} {Sha1(entry)}";
                continue;
            }

            yield return name + "/";
            foreach (var line in Walk(entry, name))
                yield return line;
        }
    }

    private static string Sha1(FileEntry file)
    {
        using var store = file.OpenContent();
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        var buffer = new byte[1 << 20];
        for (long at = 0; at < store.Length;)
        {
            var n = (int)Math.Min(buffer.Length, store.Length - at);
            store.Read(at, buffer.AsSpan(0, n));
            sum.AppendData(buffer, 0, n);
            at += n;
        }

        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }
}
