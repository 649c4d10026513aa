using System.Runtime.InteropServices;

namespace OsMigrate.Bytes;

/// <summary>Turns what the file system throws into our own errors. The only place that does.</summary>
internal static class FileErrors
{
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullWindows = unchecked((int)0x80070027);
    private const int NoSpaceLinux = 28;
    private const int QuotaLinux = 122;

    public static OsMigrateException Map(Exception e, string path, string verb) => e switch
    {
        OsMigrateException known => known,
        FileNotFoundException or DirectoryNotFoundException
            => new OsMigrateException(ErrorIds.FileNotFound, ErrorKind.NotFound, $"'{path}' does not exist.", path, e),
        UnauthorizedAccessException
            => new OsMigrateException(ErrorIds.FileAccess, ErrorKind.PermissionDenied, $"Cannot {verb} '{path}': access is denied.", path, e),
        IOException io when IsDiskFull(io)
            => new OsMigrateException(ErrorIds.DiskFull, ErrorKind.ResourceUnavailable, $"Cannot {verb} '{path}': the disk is full.", path, e),
        _ => new OsMigrateException(ErrorIds.FileAccess, ErrorKind.ResourceUnavailable, $"Cannot {verb} '{path}': {e.Message}", path, e),
    };

    private static bool IsDiskFull(IOException e)
        => e.HResult is DiskFullWindows or HandleDiskFullWindows
           || (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows) && (e.HResult is NoSpaceLinux or QuotaLinux));
}
