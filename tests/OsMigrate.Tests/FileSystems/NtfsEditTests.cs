using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using OsMigrate.Bytes;
using OsMigrate.FileSystems.Ntfs;
using OsMigrate.FileSystems.Ntfs.Checking;
using OsMigrate.Tests.Support;
using Xunit.Abstractions;

namespace OsMigrate.Tests.FileSystems;

/// <summary>Random edits of volumes made by mkntfs and filled by ntfs-3g: afterwards every checker is content, and nothing else changed.</summary>
/// <remarks>OSMIGRATE_TEST_LONG=1 runs 500 sequences instead of a few.</remarks>
public sealed partial class NtfsEditTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int[] Clusters = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];
    private static readonly string[] Kinds = ["fresh", "fragmented", "nearly-full", "mixed"];

    private readonly TempFolder _folder = new();

    private static bool IsLong => Environment.GetEnvironmentVariable("OSMIGRATE_TEST_LONG") == "1";

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void After_random_edits_every_checker_is_content()
    {
        RequireTools();
        var bases = new Dictionary<string, string>(StringComparer.Ordinal);
        var count = IsLong ? 500 : 8;
        var (edits, refused) = (0, 0);
        for (var seed = 0; seed < count; seed++)
        {
            var cluster = Clusters[seed % Clusters.Length];
            var kind = Kinds[(seed + (seed / Clusters.Length)) % Kinds.Length];
            var key = $"{kind}-{cluster}";
            if (!bases.TryGetValue(key, out var pristine))
                bases[key] = pristine = Make(key, kind, cluster, 512);
            var length = 20 + (seed * 37 % (IsLong ? 281 : 60));
            refused += Sequence(pristine, seed, length, key);
            edits += length;
        }

        output.WriteLine($"{count} sequences, {edits} edits, {refused} refused for want of room: ntfsresize, ntfsfix, ntfssecaudit, a mounted walk, ntfscmp and our own check agree.");
    }

    /// <summary>Sectors, and with them MFT records, of 4 KiB.</summary>
    [SkippableFact]
    public void Records_of_4_KiB_are_edited_too()
    {
        RequireTools();
        Sequence(Make("wide", "mixed", 4096, 4096), 1, 40, "records of 4 KiB");
    }

    [SkippableFact]
    public void A_folder_of_many_files_is_edited_by_reading_little()
    {
        RequireTools();
        var many = IsLong ? 100_000 : 5000;
        var image = Blank("many", many / 500 + 60);
        Tool.Check("mkntfs", "-F", "-q", "-Q", "-c", "4096", image);
        Mounted(image, mount =>
        {
            Directory.CreateDirectory(Path.Combine(mount, "many"));
            for (var i = 0; i < many; i++)
                File.WriteAllBytes(Path.Combine(mount, "many", $"file number {i:000000}.dat"), []);
        });
        using var counted = new CountingStore(FileStore.OpenRead(image));
        var overlay = new OverlayStore(counted);
        var volume = NtfsVolume.Open(overlay);
        Assert.NotNull(volume.Find($"many/file number {many / 2:000000}.dat"));
        for (var i = 0; i < 10; i++)
            volume.CreateFile($"many/file number {i * many / 10:000000}a.dat", new byte[5000]);
        output.WriteLine($"{many} files in a folder: finding one and adding ten read {counted.BytesRead >> 10} KiB.");
        Assert.True(counted.BytesRead < 20 << 20, $"{counted.BytesRead} bytes were read");
        Sequence(image, 3, 60, "many");
    }

    private static void RequireTools()
    {
        foreach (var tool in new[] { "mkntfs", "ntfs-3g", "ntfsresize", "ntfsfix", "ntfssecaudit", "ntfscmp", "fusermount", "setfattr" })
            Tool.Require(tool);
    }

    /// <returns>How many edits were refused for want of room.</returns>
    private int Sequence(string pristine, int seed, int length, string what)
    {
        var image = _folder.File("edited.img");
        Tool.Check("cp", "--sparse=always", pristine, image);
        RandomNtfsEdits edits;
        using (var store = FileStore.OpenWrite(image))
        {
            edits = new RandomNtfsEdits(seed, NtfsVolume.Open(store));
            edits.Run(NtfsVolume.Open(store), length);
            var check = NtfsCheck.Run(NtfsVolume.Open(store));
            Assert.True(!check.HasErrors, $"{what}, seed {seed}: {string.Join("; ", check.Findings.Take(3))}");
        }

        foreach (var command in new[] { "ntfsresize --info --force", "ntfsfix -n", "ntfssecaudit -a" })
        {
            var (code, text) = Tool.Run(command.Split(' ')[0], [.. command.Split(' ')[1..], image]);
            // It has counted all clusters by then, and says only that there is nothing to shrink.
            if (text.Contains("ERROR: Volume is full. To shrink it", StringComparison.Ordinal))
                continue;
            Assert.True(code == 0 && (command[4] != 's' || text.Contains("No errors were found", StringComparison.Ordinal)), $"{what}, seed {seed}: {command}: {text}");
        }

        List<string> found = [];
        Mounted(image, mount => found = Walk(mount), "ro");
        var expected = edits.Expected();
        Assert.True(expected.SequenceEqual(found), $"{what}, seed {seed}: missing {string.Join("; ", expected.Except(found).Take(3))}, too much {string.Join("; ", found.Except(expected).Take(3))}");
        RequireOnlyTouched(pristine, image, edits, $"{what}, seed {seed}");
        return edits.Refused;
    }

    /// <summary>ntfscmp names every record that differs.</summary>
    private static void RequireOnlyTouched(string before, string after, RandomNtfsEdits edits, string what)
    {
        var (_, text) = Tool.Run("ntfscmp", "-P", before, after);
        Assert.Contains("Inode", text, StringComparison.Ordinal);
        foreach (Match match in InodeNumber().Matches(text))
        {
            var number = long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            // Below 16 are NTFS's own files; new records carry what was made.
            Assert.True(number < 24 || edits.Touched.Contains(number), $"{what}: record {number} changed, and nothing of it was edited: {text[match.Index..Math.Min(text.Length, match.Index + 200)]}");
        }
    }

    private string Make(string name, string kind, int cluster, int sector)
    {
        var image = Blank(name, kind == "nearly-full" ? 14 : 48);
        Tool.Check("mkntfs", "-F", "-q", "-Q", "-c", cluster.ToString(CultureInfo.InvariantCulture), "-s", sector.ToString(CultureInfo.InvariantCulture), image);
        if (kind == "fresh")
            return image;
        Mounted(image, mount =>
        {
            var random = new Random(cluster);
            void Put(string path, int size)
            {
                var bytes = new byte[size];
                random.NextBytes(bytes);
                File.WriteAllBytes(Path.Combine(mount, path), bytes);
            }

            Directory.CreateDirectory(Path.Combine(mount, "some/folder"));
            for (var i = 0; i < 600; i++)
                Put($"some/folder/small {i}", i % 4 == 0 ? 9000 : 100);
            if (kind is "fragmented" or "mixed")
            {
                for (var i = 0; i < 600; i += 2)
                    File.Delete(Path.Combine(mount, $"some/folder/small {i}"));
                Put("some/spread.bin", 3_000_000);
            }

            if (kind == "mixed")
                Mix(mount, Put);
            for (var i = 0; kind == "nearly-full" && Room(mount) > 700_000; i++)
                Put($"fill {i}", 500_000);
        }, "compression");
        return image;
    }

    /// <summary>Hard links, alternate streams, attribute lists, sparse and compressed files.</summary>
    private static void Mix(string mount, Action<string, int> put)
    {
        put("linked", 20_000);
        for (var i = 0; i < 12; i++)
            Tool.Check("ln", Path.Combine(mount, "linked"), Path.Combine(mount, "some", $"another name of the same file, a long one, number {i}"));
        put("with streams", 3000);
        for (var i = 0; i < 12; i++)
            Tool.Check("setfattr", "-n", $"user.stream{i}", "-v", new string((char)('a' + i), 2000), Path.Combine(mount, "with streams"));
        using (var sparse = File.Create(Path.Combine(mount, "sparse.bin")))
        {
            sparse.Position = 2_000_000;
            sparse.WriteByte(1);
        }

        Directory.CreateDirectory(Path.Combine(mount, "packed"));
        Tool.Check("setfattr", "-h", "-v", "0x00000810", "-n", "system.ntfs_attrib_be", Path.Combine(mount, "packed"));
        File.WriteAllText(Path.Combine(mount, "packed", "text.txt"), string.Concat(Enumerable.Range(0, 40_000).Select(i => $"line {i}\n")));
    }

    private static long Room(string mount) => new DriveInfo(mount).AvailableFreeSpace;

    private string Blank(string name, int megabytes)
    {
        var image = _folder.File(name + ".img");
        using var file = new FileStream(image, FileMode.Create);
        file.SetLength((long)megabytes << 20);
        return image;
    }

    private void Mounted(string image, Action<string> work, string options = "rw") => NtfsMount.With(image, _folder.File("mnt"), work, options);

    private static List<string> Walk(string mount)
    {
        var lines = new List<string>();
        foreach (var path in Directory.EnumerateFileSystemEntries(mount, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, MaxRecursionDepth = 200 }))
        {
            var name = "/" + Path.GetRelativePath(mount, path);
            lines.Add(Directory.Exists(path) ? name + "/" : $"{name} {new FileInfo(path).Length} {Convert.ToHexStringLower(SHA1.HashData(File.ReadAllBytes(path)))}");
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    [GeneratedRegex(@"Inode\s+(\d+)")]
    private static partial Regex InodeNumber();

    private sealed class CountingStore(ByteStore below) : ByteStore
    {
        public long BytesRead { get; private set; }

        public override long Length => below.Length;

        public override string Name => below.Name;

        public override void Read(long offset, Span<byte> buffer)
        {
            BytesRead += buffer.Length;
            below.Read(offset, buffer);
        }

        protected override void Dispose(bool disposing) => below.Dispose();
    }
}
