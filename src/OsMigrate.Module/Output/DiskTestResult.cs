using OsMigrate.Bytes;
using OsMigrate.Disks;

namespace OsMigrate.Module.Output;

/// <summary>What <c>Test-DiskImage</c> found.</summary>
public sealed class DiskTestResult
{
    private DiskTestResult(string path, string format, IReadOnlyList<ImageFinding> findings)
        => (Path, Format, Findings) = (path, format, [.. findings.Select(f => new DiskFinding(f))]);

    public string Path { get; }

    /// <summary>Glance's word for the format.</summary>
    public string Format { get; }

    /// <summary>False when content is or may be wrong; lost space and warnings do not count.</summary>
    public bool IsHealthy => Findings.All(f => f.Severity != FindingSeverity.Corruption);

    public IReadOnlyList<DiskFinding> Findings { get; }

    /// <summary>Checks an image. A fault that ends the check is its last finding.</summary>
    internal static DiskTestResult Of(string path, ByteStore store, DiskFormat format, CancellationToken cancel)
    {
        var findings = new List<ImageFinding>();
        try
        {
            findings.AddRange(format.Check(store, Siblings.Of(path), cancel));
        }
        catch (InvalidImageException e)
        {
            findings.Add(ImageFinding.From(e));
        }

        return new DiskTestResult(path, format.Name, findings);
    }
}

/// <summary>One finding of a structure check.</summary>
public sealed class DiskFinding
{
    internal DiskFinding(ImageFinding finding)
        => (Severity, Id, Path, Offset, Reason) = (finding.Severity, finding.ErrorId, finding.FileName, finding.Offset < 0 ? null : finding.Offset, finding.Reason);

    public FindingSeverity Severity { get; }

    /// <summary>The error id; see about_OsMigrate_Errors.</summary>
    public string Id { get; }

    /// <summary>The file the finding is in: the image itself, an extent or a parent.</summary>
    public string Path { get; }

    /// <summary>Byte offset in the file, or null.</summary>
    public long? Offset { get; }

    public string Reason { get; }

    public override string ToString() => Offset is { } at ? $"{Severity} at offset {at} (0x{at:x}): {Reason}" : $"{Severity}: {Reason}";
}
