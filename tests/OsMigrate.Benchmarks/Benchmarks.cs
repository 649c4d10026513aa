namespace OsMigrate.Benchmarks;

/// <summary>All comparisons. The other side always runs with the command an administrator would type.</summary>
internal static class Benchmarks
{
    private const string Default = "default";

    public static IEnumerable<Benchmark> All(SourceImages images)
        => [.. FromStreamOptimized(images), .. Compressing(images), .. Copying(images), .. Large(images)];

    private static IEnumerable<Benchmark> FromStreamOptimized(SourceImages images)
    {
        string[] compress = ["qemu-img", "convert", "-c", "-O", "qcow2", "{source}", "{target}"];
        yield return new("streamOptimized VMDK -> compressed QCOW2, verified", images.StreamOptimized, "c.qcow2")
        {
            Ours = ["qcow2", "AsIs", "verify", Default], Theirs = compress, TheirName = "qemu-img convert -c", MinSpeedup = 25,
        };
        yield return new("the same, verified, no checksums of the files", images.StreamOptimized, "w.qcow2")
        {
            Ours = ["qcow2", "AsIs", "verify", "None"], Theirs = compress, TheirName = "qemu-img convert -c", MinSpeedup = 25,
        };
        yield return new("the same, unverified, no checksums", images.StreamOptimized, "u.qcow2")
        {
            Ours = ["qcow2", "AsIs", "blind", "None"], Theirs = ["cp", "{source}", "{target}"], TheirName = "cp", MinSpeedup = 1 / 3.0, Compare = false,
        };
        yield return new("the same, unverified, SHA-256 and SHA-512 of the file", images.StreamOptimized, "s.qcow2")
        {
            Ours = ["qcow2", "AsIs", "blind", Default], Theirs = ["cp", "{source}", "{target}"], TheirName = "cp", Compare = false,
        };
        yield return Against(new("streamOptimized VMDK -> raw", images.StreamOptimized, "v.raw") { Ours = ["raw", "None", "verify", Default], MinSpeedup = 3 });
        yield return Against(new("streamOptimized VMDK -> uncompressed QCOW2", images.StreamOptimized, "v.qcow2") { Ours = ["qcow2", "None", "verify", Default], MinSpeedup = 3 });
        yield return Against(new("streamOptimized VMDK -> raw, no checksums", images.StreamOptimized, "x.raw") { Ours = ["raw", "None", "verify", "None"], MinSpeedup = 3 });
        yield return Against(new("streamOptimized VMDK -> uncompressed QCOW2, no checksums", images.StreamOptimized, "x.qcow2") { Ours = ["qcow2", "None", "verify", "None"], MinSpeedup = 3 });
    }

    private static IEnumerable<Benchmark> Compressing(SourceImages images)
    {
        yield return new("raw -> zlib QCOW2", images.Raw, "z.qcow2")
        {
            Ours = ["qcow2", "Zlib", "verify", Default], Theirs = ["qemu-img", "convert", "-c", "-O", "qcow2", "-f", "raw", "{source}", "{target}"],
            TheirName = "qemu-img convert -c", MinSpeedup = 2, MaxSizeRatio = 1.05,
        };
        yield return new("raw -> zstd QCOW2", images.Raw, "zs.qcow2")
        {
            Ours = ["qcow2", "Zstd", "verify", Default],
            Theirs = ["qemu-img", "convert", "-c", "-O", "qcow2", "-o", "compression_type=zstd", "-f", "raw", "{source}", "{target}"],
            TheirName = "qemu-img convert -c, zstd", MinSpeedup = 2, MaxSizeRatio = 1.05,
        };
        yield return new("raw -> zstd QCOW2, no checksums", images.Raw, "zn.qcow2")
        {
            Ours = ["qcow2", "Zstd", "verify", "None"],
            Theirs = ["qemu-img", "convert", "-c", "-O", "qcow2", "-o", "compression_type=zstd", "-f", "raw", "{source}", "{target}"],
            TheirName = "qemu-img convert -c, zstd", MinSpeedup = 2, MaxSizeRatio = 1.05,
        };
    }

    private static IEnumerable<Benchmark> Copying(SourceImages images)
    {
        foreach (var (name, source) in new (string, Func<string>)[] { ("raw", images.Raw), ("flat VMDK", images.FlatVmdk), ("VHDX", images.Vhdx) })
        {
            foreach (var format in new[] { "raw", "qcow2" })
            {
                var target = format == "raw" ? "raw" : "uncompressed QCOW2";
                yield return Against(new($"{name} -> {target}", source, "p." + format) { Ours = [format, "None", "verify", Default], MinSpeedup = 1 });
                yield return Against(new($"{name} -> {target}, no checksums", source, "n." + format) { Ours = [format, "None", "verify", "None"], MinSpeedup = 1 });
            }
        }
    }

    private static IEnumerable<Benchmark> Large(SourceImages images)
    {
        foreach (var format in new[] { "qcow2", "raw" })
        {
            yield return Against(new($"empty 8 TiB QCOW2 -> {format}", images.Empty8TiB, "e." + format) { Ours = [format, "None", "verify", Default], MaxSeconds = 2, Compare = false });
            yield return Against(new($"1 TiB raw with 1 GB of data -> {format}", images.OneTiB, "t." + format) { Ours = [format, "None", "verify", Default], Compare = false });
        }
    }

    private static Benchmark Against(Benchmark benchmark) => benchmark with
    {
        Theirs = ["qemu-img", "convert", "-O", benchmark.Ours[0], "{source}", "{target}"],
        TheirName = "qemu-img convert",
    };
}
