using OsMigrate.Bytes;

namespace OsMigrate.Disks;

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>Space is lost, nothing else: a leaked cluster.</summary>
    Leak,

    /// <summary>Legal but worth knowing.</summary>
    Warning,

    /// <summary>Content is or may be wrong.</summary>
    Corruption,
}

/// <summary>One result of a structure check.</summary>
/// <param name="Offset">Byte offset in the file, or -1.</param>
/// <param name="Reason">What was found and what was expected.</param>
public sealed record ImageFinding(FindingSeverity Severity, string ErrorId, string FileName, long Offset, string Reason)
{
    public static ImageFinding From(InvalidImageException e) => new(FindingSeverity.Corruption, e.ErrorId, e.FileName, e.Offset, e.Reason);
}
