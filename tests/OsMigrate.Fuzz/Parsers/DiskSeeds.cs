using System.Diagnostics;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.Raw;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>Small well-formed images of a format: by our own writers, by qemu-img where it is installed, and real ones from a folder.</summary>
internal static class DiskSeeds
{
    private const int MaxSize = 12 << 20;
    private const int MaxRealFiles = 40;
    private const long MaxRealSize = 3 << 20;

    private static readonly (string Format, string Name, string[] Options)[] QemuImages =
    [
        ("qcow2", "v3", ["cluster_size=4096"]), ("qcow2", "v2", ["compat=0.10,cluster_size=4096"]), ("qcow2", "ext", ["extended_l2=on,cluster_size=16384"]), ("qcow2", "ref1", ["refcount_bits=1,cluster_size=512"]),
        ("qcow2", "lazy", ["lazy_refcounts=on,cluster_size=4096"]), ("qcow2", "zlib", ["cluster_size=4096", "-c"]), ("qcow2", "zstd", ["compression_type=zstd,cluster_size=4096", "-c"]),
        ("vmdk", "sparse", ["subformat=monolithicSparse"]), ("vmdk", "stream", ["subformat=streamOptimized"]), ("vmdk", "flat", ["subformat=monolithicFlat"]), ("vmdk", "two", ["subformat=twoGbMaxExtentSparse"]), ("vmdk", "twoflat", ["subformat=twoGbMaxExtentFlat"]),
        ("vhdx", "dynamic", ["subformat=dynamic,block_size=1M"]), ("vhdx", "fixed", ["subformat=fixed"]),
        ("vpc", "dynamic", ["subformat=dynamic"]), ("vpc", "fixed", ["subformat=fixed"]),
        ("vdi", "dynamic", []), ("vdi", "static", ["static=on"]), ("qcow", "v1", []),
    ];

    public static void Make(DiskFormat format, string folder)
    {
        var raw = Path.Combine(folder, "zz-content.raw");
        File.WriteAllBytes(raw, Content());
        using (var source = DiskFormats.OpenFile(raw, RawFormat.Instance))
        {
            foreach (var subformat in format.WritableSubformats)
            {
                foreach (var compression in new[] { Compression.None, Compression.Zlib, Compression.Zstd })
                    Write(format, source, Path.Combine(folder, $"own-{subformat}-{compression}"), new EncodeOptions { Subformat = subformat, Compression = compression });
            }
        }

        var qemuName = format.Name == "vhd" ? "vpc" : format.Name;
        foreach (var (_, name, options) in QemuImages.Where(i => i.Format == qemuName))
        {
            string[] create = [.. options.Where(o => o.StartsWith('-')), .. options.Where(o => !o.StartsWith('-')).SelectMany(o => new[] { "-o", o })];
            Qemu(["convert", "-f", "raw", "-O", qemuName, .. create, raw, Path.Combine(folder, $"qemu-{name}.{format.Name}")]);
        }

        AddReal(format, folder);
        if (format != RawFormat.Instance)
            File.Delete(raw);
        // Extents of several-file images are big and only content.
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => (new FileInfo(f).Length > MaxSize && !f.Contains("real-", StringComparison.Ordinal)) || (f.Contains("-flat.", StringComparison.Ordinal) || f.Contains("-f001", StringComparison.Ordinal))))
            File.Delete(file);
    }

    private static void Write(DiskFormat format, DiskImage source, string path, EncodeOptions options)
    {
        try
        {
            DiskConversion.Run(source, path + format.Extension, format, options with { Checksums = ChecksumKinds.None }, overwrite: true);
        }
        catch (OsMigrateException)
        {
            // The format does not go with this compression.
        }
    }

    private static void AddReal(DiskFormat format, string folder)
    {
        if (format == RawFormat.Instance)
            return;
        var number = 0;
        // A VHDX starts at several megabytes, however little is in it.
        foreach (var file in RealFiles.All(format.Name == "vhdx" ? 40 << 20 : MaxRealSize))
        {
            using var store = FileStore.OpenRead(file);
            if (DiskFormats.Detect(store) == format && number < MaxRealFiles)
                File.Copy(file, Path.Combine(folder, $"real-{number++:d2}-{Path.GetFileName(file)}"));
        }
    }

    /// <summary>A disk of 1 MiB with a partition table's signature, compressible and random runs, and a lot of zeros.</summary>
    private static byte[] Content()
    {
        var random = new Random(11);
        var content = new byte[1 << 20];
        for (var run = 0; run < 6; run++)
        {
            var at = run * 150_000;
            var data = content.AsSpan(at, 3000 * (run + 1));
            if (run % 2 == 0)
                random.NextBytes(data);
            else
                for (var i = 0; i < data.Length; i++)
                    data[i] = (byte)(i / 20);
        }

        (content[510], content[511]) = (0x55, 0xAA);
        return content;
    }

    private static void Qemu(params string[] arguments)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, "qemu-img")).FirstOrDefault(File.Exists);
        if (program is null)
            return;
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            Console.Error.WriteLine($"qemu-img {string.Join(' ', arguments)}: {error.Trim()}");
    }
}
