using System.IO.Compression;

namespace OsMigrate.Benchmarks;

/// <summary>A raw disk of real, mixed data: programs, libraries, texts and archives of this machine, with gaps as a file system leaves them.</summary>
internal sealed record MixedContent
{
    private const int Alignment = 4096;
    private const long MaxFileSize = 64 << 20;
    private static readonly string[] PackedExtensions = [".gz", ".xz", ".zip", ".jar", ".nupkg", ".png", ".jpg", ".bz2", ".zst", ".whl"];
    private static readonly string[] TextExtensions = [".txt", ".md", ".xml", ".json", ".h", ".py", ".pl", ".pm", ".cs", ".js", ".html", ".conf", ".sh", ".c", ".po"];

    public long DiskSize { get; init; }

    public int Files { get; private set; }

    public long BinaryBytes { get; private set; }

    public long TextBytes { get; private set; }

    public long PackedBytes { get; private set; }

    public static MixedContent Write(string path, long diskSize, long dataSize)
    {
        var content = new MixedContent { DiskSize = diskSize };
        using var disk = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
        var gap = Math.Max(Alignment, (diskSize - dataSize) / 2000 / Alignment * Alignment);
        long written = 0, nextGap = dataSize / 1000;
        foreach (var (bytes, kind) in Pieces(dataSize))
        {
            content.Count(kind, bytes.Length);
            disk.Write(bytes);
            written += bytes.Length;
            disk.Position += (Alignment - (disk.Position % Alignment)) % Alignment;
            if (written >= nextGap && disk.Position + gap + dataSize - written < diskSize - (64 << 20))
            {
                disk.Position += gap;
                nextGap = written + (dataSize / 1000);
            }

            if (written >= dataSize)
                break;
        }

        disk.SetLength(diskSize);
        return content;
    }

    public string Describe()
        => $"{Files} files of this machine: {BinaryBytes >> 20} MiB programs and libraries, {TextBytes >> 20} MiB text, {PackedBytes >> 20} MiB already compressed, on a {DiskSize >> 30} GiB disk, the rest zeros";

    private void Count(string kind, long size)
    {
        Files++;
        if (string.Equals(kind, "packed", StringComparison.Ordinal))
            PackedBytes += size;
        else if (string.Equals(kind, "text", StringComparison.Ordinal))
            TextBytes += size;
        else
            BinaryBytes += size;
    }

    /// <summary>Files in a fixed order until there is enough; about a sixth is compressed data, made by gzip where the machine has too little.</summary>
    private static IEnumerable<(byte[] Bytes, string Kind)> Pieces(long dataSize)
    {
        long total = 0, packed = 0;
        while (true)
        {
            var before = total;
            foreach (var file in FilesOfThisMachine())
            {
                byte[] bytes;
                try
                {
                    bytes = File.ReadAllBytes(file);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    continue;
                }

                if (bytes.Length == 0)
                    continue;
                var kind = Kind(file);
                if (!string.Equals(kind, "packed", StringComparison.Ordinal) && packed * 6 < total && bytes.Length > 1 << 20)
                    (bytes, kind) = (Gzip(bytes), "packed");
                total += bytes.Length;
                if (string.Equals(kind, "packed", StringComparison.Ordinal))
                    packed += bytes.Length;
                yield return (bytes, kind);
                if (total >= dataSize)
                    yield break;
            }

            if (total == before)
                throw new InvalidOperationException("this machine has no files to make a disk of");
        }
    }

    private static IEnumerable<string> FilesOfThisMachine()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device };
        string[] roots = OperatingSystem.IsWindows()
            ? [Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), Environment.SystemDirectory]
            : ["/usr/bin", "/usr/lib", "/usr/share", "/opt", AppContext.BaseDirectory];
        return roots.Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateFiles(root, "*", options))
            .OrderBy(Scatter)
            .Where(file => new FileInfo(file) is { Exists: true, Length: > 0 and <= MaxFileSize });
    }

    /// <summary>An order that mixes the folders and is the same on every run.</summary>
    private static ulong Scatter(string path)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in path)
            hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }

    private static string Kind(string file)
    {
        var extension = Path.GetExtension(file).ToLowerInvariant();
        return PackedExtensions.Contains(extension) ? "packed" : TextExtensions.Contains(extension) ? "text" : "binary";
    }

    private static byte[] Gzip(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(data);
        return packed.ToArray();
    }
}
