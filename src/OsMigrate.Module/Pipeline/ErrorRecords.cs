using System.Management.Automation;
using OsMigrate.Bytes;

namespace OsMigrate.Module.Pipeline;

/// <summary>Turns exceptions into PowerShell's error records: the only place that does.</summary>
internal static class ErrorRecords
{
    /// <param name="target">What the cmdlet was working on; the error's own target, when it has one, comes first.</param>
    public static ErrorRecord From(Exception exception, object? target)
    {
        var error = exception is AggregateException { InnerExceptions.Count: 1 } wrapped ? wrapped.InnerExceptions[0] : exception;
        return error is OsMigrateException known ? FromKnown(known, target) : FromUnknown(error, target);
    }

    private static ErrorRecord FromKnown(OsMigrateException error, object? target)
    {
        var record = new ErrorRecord(error, error.ErrorId, Category(error.Kind), error.Target ?? target);
        if (error.Advice is { } advice)
            record.ErrorDetails = new ErrorDetails($"{error.Message} {advice}") { RecommendedAction = advice };
        return record;
    }

    private static ErrorRecord FromUnknown(Exception error, object? target)
        => new(error, ErrorIds.Unexpected, ErrorCategory.NotSpecified, target)
        {
            ErrorDetails = new ErrorDetails($"Unexpected: {error.Message}")
            {
                RecommendedAction = "This is a fault in OsMigrate. Please report it with the output of: $Error[0].Exception.ToString()",
            },
        };

    private static ErrorCategory Category(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidData => ErrorCategory.InvalidData,
        ErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.NotSupported => ErrorCategory.NotImplemented,
        ErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        ErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        ErrorKind.IntegrityFailure => ErrorCategory.InvalidResult,
        ErrorKind.ResourceUnavailable => ErrorCategory.ResourceUnavailable,
        ErrorKind.Cancelled => ErrorCategory.OperationStopped,
        _ => ErrorCategory.NotSpecified,
    };
}
