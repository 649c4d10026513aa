using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Fat;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>Small volumes made by the usual tools where they are installed, and what keeps their checksums right.</summary>
internal static class VolumeSeeds
{
    public static void Iso(string folder)
    {
        var tree = Tree();
        Run("genisoimage", "-quiet", "-no-pad", "-J", "-R", "-o", Path.Combine(folder, "joliet-rr.iso"), tree);
        Run("genisoimage", "-quiet", "-no-pad", "-o", Path.Combine(folder, "plain.iso"), tree);
        Run("xorriso", "-as", "mkisofs", "-quiet", "-no-pad", "-R", "-o", Path.Combine(folder, "xorriso.iso"), tree);
        RealFiles.Copy(RealFiles.All(512 << 10, ".iso"), folder, 3);
        Directory.Delete(tree, recursive: true);
    }

    public static void Udf(string folder)
    {
        var tree = Tree();
        Run("genisoimage", "-quiet", "-no-pad", "-udf", "-o", Path.Combine(folder, "bridge.iso"), tree);
        Directory.Delete(tree, recursive: true);
    }

    public static void Fat(string folder)
    {
        foreach (var (bits, kibibytes) in new[] { (12, 200), (16, 4300), (32, 400) })
        {
            var path = Path.Combine(folder, $"fat{bits}.img");
            Run("mkfs.fat", "-C", "-F", bits.ToString(CultureInfo.InvariantCulture), "-s", "1", path, kibibytes.ToString(CultureInfo.InvariantCulture));
            if (!File.Exists(path))
                continue;
            using var store = FileStore.OpenWrite(path);
            var volume = FatVolume.Open(store);
            volume.CreateFolder("EFI/Microsoft/Boot");
            volume.WriteFile("EFI/Microsoft/Boot/A long file name.efi", new MemoryStore(new byte[3000]));
            volume.WriteFile("SHORT.TXT", new MemoryStore([1]));
            volume.WriteFile("empty", new MemoryStore([]));
        }
    }

    public static void ExFat(string folder)
    {
        var path = Path.Combine(folder, "exfat.img");
        using (var file = File.Create(path))
            file.SetLength(1 << 20);
        Run("mkfs.exfat", "-c", "4096", "-b", "4096", path);
        if (File.ReadAllBytes(path).AsSpan(3, 5).SequenceEqual("EXFAT"u8))
            AddExFatEntries(path);
        else
            File.Delete(path);
    }

    /// <summary>Changes a FAT volume in one of its ways.</summary>
    public static void EditFat(FileVolume volume, Random random)
    {
        var fat = (FatVolume)volume;
        switch (random.Next(4))
        {
            case 0:
                fat.CreateFolder("EFI/Boot");
                break;
            case 1:
                fat.WriteFile("EFI/Boot/bootx64.efi", new MemoryStore(new byte[random.Next(5000)]));
                break;
            case 2:
                fat.WriteFile("SHORT.TXT", new MemoryStore(new byte[random.Next(5000)]));
                break;
            default:
                fat.Delete("EFI", recurse: true);
                break;
        }
    }

    /// <summary>ECMA-167, 3/7.2: CRC of the descriptor, sum of the tag; folders have several in a block.</summary>
    public static void RepairUdf(MutableInput input)
    {
        for (var block = 0; block + 2048 <= input.Length; block += 2048)
        {
            for (var at = block; at + 40 <= block + 2048 && Tag(input.Bytes.AsSpan(at)) is var id and not 0;)
            {
                var crcLength = BinaryPrimitives.ReadUInt16LittleEndian(input.Bytes.AsSpan(at + 10));
                if (at + 16 + crcLength > input.Length)
                    break;
                var tag = input.Change(at, 16);
                BinaryPrimitives.WriteUInt16LittleEndian(tag[8..], OsMigrate.FileSystems.Udf.UdfTag.Crc(input.Bytes.AsSpan(at + 16, crcLength)));
                tag[4] = 0;
                byte sum = 0;
                for (var i = 0; i < 16; i++)
                    sum += tag[i];
                tag[4] = sum;
                if (id != 257)
                    break;
                at += (38 + input.Bytes[at + 19] + BinaryPrimitives.ReadUInt16LittleEndian(input.Bytes.AsSpan(at + 36)) + 3) & ~3;
            }
        }
    }

    /// <summary>exFAT, 6.3.3: the sum over a set of entries.</summary>
    public static void RepairExFat(MutableInput input)
    {
        for (var at = 0; at + 96 <= input.Length; at += 32)
        {
            var count = input.Bytes[at + 1] + 1;
            if (input.Bytes[at] != 0x85 || input.Bytes[at + 32] != 0xC0 || count is < 3 or > 19 || at + (count * 32) > input.Length)
                continue;
            ushort sum = 0;
            for (var i = 0; i < count * 32; i++)
            {
                if (i is not (2 or 3))
                    sum = (ushort)((sum << 15) + (sum >> 1) + input.Bytes[at + i]);
            }

            BinaryPrimitives.WriteUInt16LittleEndian(input.Change(at + 2, 2), sum);
        }
    }

    private static int Tag(ReadOnlySpan<byte> bytes)
        => BinaryPrimitives.ReadUInt16LittleEndian(bytes) is var id and (>= 1 and <= 9 or >= 256 and <= 266) && bytes[2] is 2 or 3 && bytes[3] == 0 ? id : 0;

    /// <summary>A file, a folder with one, in clusters of their own at the end of the volume.</summary>
    private static void AddExFatEntries(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var sector = 1 << bytes[108];
        var cluster = sector << bytes[109];
        var heap = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(88)) * sector;
        var table = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(80)) * sector;
        var root = heap + ((BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(96)) - 2) * cluster);
        int At(int number) => heap + ((number - 2) * cluster);
        var slot = root;
        while (bytes[slot] != 0)
            slot += 32;
        Set(bytes.AsSpan(slot), "chained.bin", false, 100, cluster + 5, contiguous: false);
        Set(bytes.AsSpan(slot + 96), "A folder", true, 110, cluster, contiguous: true);
        Set(bytes.AsSpan(At(110)), "inner file.txt", false, 120, 77, contiguous: true);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(table + 400), 102);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(table + 408), -1);
        File.WriteAllBytes(path, bytes);
        var whole = new MutableInput(bytes);
        RepairExFat(whole);
        File.WriteAllBytes(path, whole.Bytes.AsSpan(0, bytes.Length).ToArray());
    }

    private static void Set(Span<byte> at, string name, bool isFolder, int first, long size, bool contiguous)
    {
        (at[0], at[1], at[4]) = (0x85, 2, (byte)(isFolder ? 0x10 : 0x20));
        (at[32], at[33], at[35]) = (0xC0, (byte)(contiguous ? 3 : 1), (byte)name.Length);
        BinaryPrimitives.WriteInt64LittleEndian(at[40..], size);
        BinaryPrimitives.WriteInt32LittleEndian(at[52..], first);
        BinaryPrimitives.WriteInt64LittleEndian(at[56..], size);
        at[64] = 0xC1;
        System.Text.Encoding.Unicode.GetBytes(name).CopyTo(at[66..]);
    }

    private static string Tree()
    {
        var tree = Directory.CreateTempSubdirectory("osmigrate-fuzz-").FullName;
        Directory.CreateDirectory(Path.Combine(tree, "one/two/three"));
        File.WriteAllText(Path.Combine(tree, "one/two/three/a name with blanks.text"), "deep");
        File.WriteAllText(Path.Combine(tree, "readme.txt"), "text");
        File.WriteAllBytes(Path.Combine(tree, "one/empty"), []);
        File.WriteAllBytes(Path.Combine(tree, "three blocks.bin"), new byte[5000]);
        return tree;
    }

    /// <returns>False when the program is missing or failed.</returns>
    internal static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine($"{program} is not installed: fewer seeds");
            return false;
        }
    }
}
