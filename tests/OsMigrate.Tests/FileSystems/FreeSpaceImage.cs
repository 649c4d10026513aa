using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FileSystems;

/// <summary>An image of a file system whose free space is looked at: made, filled by the kernel, asked, and written over where it is free.</summary>
/// <param name="open">Opens the volume.</param>
internal sealed class FreeSpaceImage(TempFolder folder, Func<ByteStore, FileVolume> open)
{
    public string Path { get; } = folder.File("volume.img");

    public void Make(string maker, string options, long megabytes)
    {
        Tool.Require(maker);
        using (var file = new FileStream(Path, FileMode.Create))
            file.SetLength(megabytes << 20);
        Tool.Check(maker, [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), Path]);
    }

    /// <summary>Does something with the mounted volume; the test is skipped where nothing can be mounted.</summary>
    public void Mounted(Action<string> action)
    {
        var mount = folder.File("mnt");
        Directory.CreateDirectory(mount);
        var (exit, output) = Tool.Run("mount", "-o", "loop", Path, mount);
        Skip.If(exit != 0, "volumes cannot be mounted here: " + output);
        try
        {
            action(mount);
        }
        finally
        {
            Tool.Check("umount", mount);
        }
    }

    /// <summary>Many files of many sizes, half of them deleted again, and one that lies in pieces.</summary>
    public static void Fill(string mount, int seed, int files, int largest)
    {
        var random = new Random(seed);
        var root = System.IO.Path.Combine(mount, "files-" + seed);
        Directory.CreateDirectory(root);
        string Name(int i) => System.IO.Path.Combine(root, $"file-{i}");
        for (var i = 0; i < files; i++)
        {
            var bytes = new byte[random.Next(8) == 0 ? random.Next(largest) : random.Next(1, 9000)];
            random.NextBytes(bytes);
            File.WriteAllBytes(Name(i), bytes);
        }

        Tool.Check("sync", "-f", mount);
        for (var i = 0; i < files; i += 2)
            File.Delete(Name(i));
        using var holes = File.Create(Name(files));
        for (var i = 0; i < 20; i++)
        {
            holes.Position = i * 50_000L;
            holes.Write("not a hole"u8);
            holes.Flush(flushToDisk: true);
        }
    }

    /// <summary>A copy, holes included; of a mounted volume, what a crash would leave.</summary>
    public string Copy(string name)
    {
        var copy = folder.File(name);
        Tool.Check("cp", "--sparse=always", Path, copy);
        return copy;
    }

    public string? Doubt(string? path = null)
    {
        using var store = FileStore.OpenRead(path ?? Path);
        return ((IFreeSpace)open(store)).FreeSpaceDoubt;
    }

    /// <summary>Free runs as "first-last" in blocks, after what every answer has to be.</summary>
    public List<string> Free(int blockSize)
    {
        using var store = FileStore.OpenRead(Path);
        var extents = Extents(store);
        Assert.All(extents, e => Assert.Equal((0, 0), (e.Start % blockSize, e.Length % blockSize)));
        return [.. extents.Select(e => $"{e.Start / blockSize}-{(e.End / blockSize) - 1}")];
    }

    public List<Extent> Extents(ByteStore store)
    {
        var volume = (IFreeSpace)open(store);
        Assert.Null(volume.FreeSpaceDoubt);
        var extents = volume.FreeExtents(CancellationToken.None).ToList();
        long end = -1;
        foreach (var extent in extents)
        {
            Assert.True(extent.Start > end && extent.Length > 0 && extent.End <= store.Length && extent.Kind == ExtentKind.Zero, extent.ToString());
            end = extent.End;
        }

        return extents;
    }

    /// <summary>Writes over all that is free: neither the checker nor any file may see a difference.</summary>
    public void OverwriteFree(string checker, params string[] arguments)
    {
        Tool.Require(checker);
        var copy = Copy("overwritten.img");
        IReadOnlyList<string> before;
        using (var store = FileStore.OpenRead(Path))
        using (var file = new FileStream(copy, FileMode.Open))
        {
            before = FileTree.Of(open(store));
            var junk = new byte[1 << 20];
            Array.Fill(junk, (byte)0xA5);
            foreach (var extent in Extents(store))
            {
                file.Position = extent.Start;
                for (var left = extent.Length; left > 0; left -= junk.Length)
                    file.Write(junk, 0, (int)Math.Min(left, junk.Length));
            }
        }

        Tool.Check(checker, [.. arguments, copy]);
        using var after = FileStore.OpenRead(copy);
        Assert.Equal(before, FileTree.Of(open(after)));
        Assert.NotEmpty(before);
    }

    /// <summary>Flips bits one after another. Every answer must be an error, a doubt, or call nothing free that is not.</summary>
    /// <returns>How many flips were noticed.</returns>
    public int Damage(IEnumerable<(long Place, int Bit)> flips)
    {
        var bytes = File.ReadAllBytes(Path);
        var store = new MemoryStore(bytes, "damaged");
        var truth = Extents(store);
        var noticed = 0;
        foreach (var (place, bit) in flips)
        {
            bytes[place] ^= (byte)(1 << bit);
            try
            {
                var volume = (IFreeSpace)open(store);
                noticed += volume.FreeSpaceDoubt is null ? 0 : 1;
                foreach (var extent in volume.FreeExtents(CancellationToken.None))
                    Assert.True(truth.Exists(t => t.Start <= extent.Start && t.End >= extent.End), $"with bit {bit} of byte {place} flipped, {extent} is called free");
            }
            catch (InvalidImageException e)
            {
                Assert.Contains("damaged", e.Message, StringComparison.Ordinal);
                noticed++;
            }

            bytes[place] ^= (byte)(1 << bit);
        }

        return noticed;
    }
}
