using System.Globalization;
using OsMigrate.Appliances.Files;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Raw;

namespace OsMigrate.Appliances.Ovf;

/// <summary>Opens the content of a package's disks: plain, in chunks, gzip'd, as deltas, or empty.</summary>
internal sealed class OvfContents(PackageFiles files, OvfDescriptor descriptor, Func<string?> spoolFolder) : IDisposable
{
    private const int MaxChunks = 100_000;

    private readonly Dictionary<string, GzipSpool> _spools = new(StringComparer.Ordinal);

    public DiskImage OpenDisk(OvfDisk disk, CancellationToken cancel)
    {
        if (disk.FileRef is null)
            return new BlankImage($"{disk.Id} in {descriptor.FileName}", disk.CapacityBytes);
        var store = OpenContent(disk, cancel);
        try
        {
            var image = FormatOf(disk, store).Open(store, new PackageSiblings(this, descriptor, disk));
            if (image.Format == RawFormat.Instance && image.Length < disk.CapacityBytes)
                throw new InvalidImageException(ErrorIds.Truncated, store.Name, store.Length, $"the descriptor promises a disk of {disk.CapacityBytes} bytes, but the file has only {store.Length}");
            return image;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Opens the bytes of a disk's file, put together and expanded.</summary>
    public ByteStore OpenContent(OvfDisk disk, CancellationToken cancel)
    {
        var file = descriptor.Files[disk.FileRef!];
        if (!file.Gzip)
            return OpenPacked(file);
        GzipSpool? spool;
        lock (_spools)
        {
            if (!_spools.TryGetValue(file.Id, out spool))
            {
                using var packed = OpenPacked(file);
                _spools[file.Id] = spool = GzipSpool.Expand(packed, spoolFolder(), Bound(disk, packed.Length), cancel);
            }
        }

        return spool.Open(file.Href);
    }

    /// <summary>The names under which the bytes of a file lie in the package.</summary>
    public IEnumerable<string> NamesOf(OvfFile file)
    {
        yield return file.Href;
        if (file.Href.IndexOf('%') >= 0)
            yield return Uri.UnescapeDataString(file.Href);
        for (long i = 0; i < ChunkCount(file); i++)
            yield return ChunkName(file, i);
    }

    public void Dispose()
    {
        lock (_spools)
        {
            foreach (var spool in _spools.Values)
                spool.Dispose();
            _spools.Clear();
        }
    }

    private ByteStore OpenPacked(OvfFile file) => file.ChunkSizeBytes is null ? files.Open(file.Href) : OpenChunks(file);

    private ChunkedStore OpenChunks(OvfFile file)
    {
        var parts = new List<ByteStore>();
        try
        {
            for (long i = 0; i < ChunkCount(file); i++)
            {
                parts.Add(files.Open(ChunkName(file, i)));
                if (parts[parts.Count - 1].Length != Math.Min(file.ChunkSizeBytes!.Value, file.SizeBytes!.Value - (i * file.ChunkSizeBytes.Value)))
                    throw new InvalidImageException(ErrorIds.Truncated, parts[parts.Count - 1].Name, parts[parts.Count - 1].Length, $"the chunk does not have the size that the descriptor gives ({file.ChunkSizeBytes} bytes, the last one less)");
            }

            return new ChunkedStore(parts, file.Href);
        }
        catch
        {
            foreach (var part in parts)
                part.Dispose();
            throw;
        }
    }

    private long ChunkCount(OvfFile file)
    {
        if (file.ChunkSizeBytes is not { } chunk)
            return 0;
        if (file.SizeBytes is not { } size)
            throw new InvalidImageException(ErrorIds.BadAppliance, descriptor.FileName, -1, $"the file '{Shown.Text(file.Href)}' is delivered in chunks, but its whole size is not stated");
        var count = (size / chunk) + (size % chunk == 0 ? 0 : 1);
        if (count > MaxChunks)
            throw new InvalidImageException(ErrorIds.TooLarge, descriptor.FileName, -1, $"the file '{Shown.Text(file.Href)}' would have {count} chunks; {MaxChunks} are allowed");
        return count;
    }

    /// <summary>DSP0243: the chunk's number with nine digits follows the name.</summary>
    private static string ChunkName(OvfFile file, long number) => $"{file.Href}.{number.ToString("D9", CultureInfo.InvariantCulture)}";

    /// <summary>No image of a disk needs much more than the disk: tables take a few percent. Deflate cannot expand beyond 1032 to 1.</summary>
    private static long Bound(OvfDisk disk, long packed)
    {
        var byRatio = packed > long.MaxValue / 1100 ? long.MaxValue : packed * 1100;
        return disk.CapacityBytes == 0 ? byRatio : Math.Min(byRatio, disk.CapacityBytes + (disk.CapacityBytes / 16) + (64L << 20));
    }

    /// <summary>The stated format when it is raw (its bytes belong to the guest and are not probed), else what the bytes say.</summary>
    private static DiskFormat FormatOf(OvfDisk disk, ByteStore store)
    {
        var stated = (disk.Format ?? "").ToLowerInvariant();
        var isVmdk = stated.Contains("vmdk");
        if (!isVmdk && (stated is "raw" || stated.EndsWith("#raw", StringComparison.Ordinal) || stated.EndsWith("/raw", StringComparison.Ordinal)))
            return RawFormat.Instance;
        var found = DiskFormats.Detect(store);
        if (isVmdk && found == RawFormat.Instance)
            throw new InvalidImageException(ErrorIds.UnknownFormat, store.Name, 0, "the descriptor calls it a VMDK, but it does not begin like one");
        return found;
    }
}
