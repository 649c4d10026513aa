namespace OsMigrate.Bytes;

/// <summary>What kind of thing went wrong; the module turns it into PowerShell's ErrorCategory in one place.</summary>
public enum ErrorKind
{
    InvalidData,
    InvalidArgument,
    NotFound,
    NotSupported,
    AlreadyExists,
    PermissionDenied,
    IntegrityFailure,
    ResourceUnavailable,
    Cancelled,
}

/// <summary>The root of every error the library raises on purpose.</summary>
/// <remarks>
/// <see cref="ErrorId"/> is one of <see cref="ErrorIds"/>, never changes between releases and is what scripts test for
/// (as <c>FullyQualifiedErrorId</c>). The message is one or two sentences for an administrator.
/// </remarks>
public class OsMigrateException : Exception
{
    public OsMigrateException(string errorId, ErrorKind kind, string message, string? target = null, Exception? inner = null)
        : base(message, inner)
    {
        ErrorId = errorId;
        Kind = kind;
        Target = target;
    }

    /// <summary>Stable id, for example <c>Image.Truncated</c>.</summary>
    public string ErrorId { get; }

    public ErrorKind Kind { get; }

    /// <summary>What the error is about: a path, a member of an archive, a disk. Null when there is no such thing.</summary>
    public string? Target { get; }

    /// <summary>What the user can do about it, where there is something; shown as RecommendedAction.</summary>
    public string? Advice { get; init; }
}

/// <summary>A disk image, container or descriptor breaks its format: says which file, at which byte, and why.</summary>
public sealed class InvalidImageException : OsMigrateException
{
    /// <param name="offset">Byte offset in the file, or -1 where the fault has no single place.</param>
    /// <param name="reason">What was found and what was expected; no file name, no offset, no final full stop.</param>
    public InvalidImageException(string errorId, string fileName, long offset, string reason, Exception? inner = null)
        : base(errorId, ErrorKind.InvalidData, Describe(fileName, offset, reason), fileName, inner)
    {
        FileName = fileName;
        Offset = offset;
        Reason = reason;
    }

    public string FileName { get; }

    public long Offset { get; }

    public string Reason { get; }

    private static string Describe(string fileName, long offset, string reason)
        => offset < 0 ? $"'{fileName}': {reason}." : $"'{fileName}', offset {offset} (0x{offset:x}): {reason}.";
}
