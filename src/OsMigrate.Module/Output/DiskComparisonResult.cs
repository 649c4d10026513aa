using OsMigrate.Disks.Copying;

namespace OsMigrate.Module.Output;

/// <summary>What <c>Compare-DiskImage</c> found. Offsets and sizes in bytes.</summary>
public sealed class DiskComparisonResult
{
    internal DiskComparisonResult(string referencePath, string differencePath, ComparisonResult result)
        => (ReferencePath, DifferencePath, Identical, ContentDiffers, FirstDifference, ReferenceSizeBytes, DifferenceSizeBytes)
            = (referencePath, differencePath, result.Identical, result.ContentDiffers, result.FirstDifferenceOffset, result.ReferenceSizeBytes, result.DifferenceSizeBytes);

    public string ReferencePath { get; }

    public string DifferencePath { get; }

    /// <summary>Same size and same content.</summary>
    public bool Identical { get; }

    /// <summary>A byte differs, beyond one disk being shorter than the other.</summary>
    public bool ContentDiffers { get; }

    /// <summary>Offset on the disk of the first byte that differs, or where the shorter disk ends; null when identical.</summary>
    public long? FirstDifference { get; }

    public long ReferenceSizeBytes { get; }

    public long DifferenceSizeBytes { get; }
}
