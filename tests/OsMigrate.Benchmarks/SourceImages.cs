namespace OsMigrate.Benchmarks;

/// <summary>The images that are converted, made on first use from the files of this very machine.</summary>
internal sealed class SourceImages(string work, bool quick)
{
    private const long GiB = 1L << 30;
    private readonly Dictionary<string, string> _made = [];
    private MixedContent? _content;

    private long DiskSize => quick ? GiB : 6 * GiB;

    private long DataSize => quick ? 256L << 20 : 1600L << 20;

    public string Raw() => Make("source.raw", path => _content = MixedContent.Write(path, DiskSize, DataSize));

    public string StreamOptimized() => Convert("stream.vmdk", "vmdk", "subformat=streamOptimized");

    public string FlatVmdk() => Convert("plain.vmdk", "vmdk", "subformat=monolithicFlat");

    public string Vhdx() => Convert("dynamic.vhdx", "vhdx", "subformat=dynamic");

    public string Empty8TiB() => Make("empty.qcow2", path => ExternalTool.Check("qemu-img", "create", "-q", "-f", "qcow2", path, "8T"));

    public string OneTiB() => Make("large.raw", path => MixedContent.Write(path, 1024 * GiB, quick ? 64L << 20 : 1L << 30));

    /// <summary>An ext4 a quarter full, on a disk that was full before: what is free holds what was deleted.</summary>
    public string Worn() => Make("worn.raw", path =>
    {
        var folder = Directory.CreateDirectory(path + ".files").FullName;
        MixedContent.Write(Path.Combine(folder, "content"), DataSize, DataSize);
        using (var disk = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1))
        {
            var junk = new byte[1 << 20];
            var random = new Random(1);
            for (var at = 0L; at < DiskSize; at += junk.Length)
            {
                random.NextBytes(junk);
                disk.Write(junk);
            }
        }

        ExternalTool.Check("mke2fs", "-q", "-F", "-t", "ext4", "-E", "nodiscard", "-d", folder, path);
        Directory.Delete(folder, recursive: true);
    });

    public string Describe()
    {
        Raw();
        return _content!.Describe();
    }

    private string Convert(string name, string format, string option)
        => Make(name, path => ExternalTool.Check("qemu-img", "convert", "-f", "raw", "-O", format, "-o", option, Raw(), path));

    private string Make(string name, Action<string> make)
    {
        if (_made.TryGetValue(name, out var known))
            return known;
        var path = Path.Combine(work, name);
        Console.Error.WriteLine("making " + name);
        make(path);
        return _made[name] = path;
    }
}
