using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Partitions;

namespace OsMigrate.Module.Output;

/// <summary>What <c>Get-DiskImage</c> says about an image. Sizes in bytes; the text properties are for people.</summary>
public sealed class DiskImageDetail
{
    /// <summary>Full path of the image.</summary>
    public required string Path { get; init; }

    /// <summary>Glance's word for the format.</summary>
    public required string Format { get; init; }

    /// <summary>The format's own name of the variant, or null.</summary>
    public string? Subformat { get; init; }

    /// <summary>Size of the disk as a guest sees it.</summary>
    public long VirtualSizeBytes { get; init; }

    /// <summary>Length of the file.</summary>
    public long FileSizeBytes { get; init; }

    /// <summary>Bytes of the disk that hold data, as far as the format knows; the rest reads as zeros.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Bytes of content that one allocation unit holds; null for raw.</summary>
    public int? BlockSizeBytes { get; init; }

    /// <summary>Names of the parents, the nearest first; empty for an image that stands alone.</summary>
    public IReadOnlyList<string> Chain { get; init; } = [];

    /// <summary>Other files that hold content.</summary>
    public IReadOnlyList<string> Extents { get; init; } = [];

    public IReadOnlyList<string> Snapshots { get; init; } = [];

    public IReadOnlyList<string> Features { get; init; } = [];

    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>How the disk is divided: None, Mbr or Gpt.</summary>
    public PartitionScheme PartitionScheme { get; init; }

    public IReadOnlyList<DiskPartition> Partitions { get; init; } = [];

    public string VirtualSize => ByteSize.Text(VirtualSizeBytes);

    public string FileSize => ByteSize.Text(FileSizeBytes);

    public string Allocated => ByteSize.Text(AllocatedBytes);

    public override string ToString() => Path;

    internal static DiskImageDetail Of(string path, DiskImage image, long allocatedBytes) => Of(path, image, allocatedBytes, Table(image));

    private static DiskImageDetail Of(string path, DiskImage image, long allocatedBytes, PartitionTable table) => new()
    {
        Path = path,
        Format = image.Format.Name,
        Subformat = image.Info.Subformat,
        VirtualSizeBytes = image.Length,
        FileSizeBytes = new FileInfo(path).Length,
        AllocatedBytes = allocatedBytes,
        BlockSizeBytes = image.Info.BlockSizeBytes,
        Chain = [.. Parents(image.Info)],
        Extents = image.Info.ExtentNames,
        Snapshots = image.Info.Snapshots,
        Features = image.Info.Features,
        PartitionScheme = table.Scheme,
        Partitions = [.. table.Partitions.Select(p => new DiskPartition(p))],
        Notices = [.. image.Info.Notices, .. table.Notices],
    };

    /// <summary>A disk whose first sectors cannot be read still has a format and sizes worth showing.</summary>
    private static PartitionTable Table(DiskImage image)
    {
        try
        {
            return PartitionTable.Read(image);
        }
        catch (InvalidImageException e)
        {
            return new PartitionTable { Notices = [$"The partition table cannot be read. {e.Message}"] };
        }
    }

    private static IEnumerable<string> Parents(DiskImageInfo info)
    {
        for (var child = info; child?.ParentName is { } name; child = child.Parent)
            yield return name;
    }
}
