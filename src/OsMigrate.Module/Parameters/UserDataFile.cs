using OsMigrate.Bytes;

namespace OsMigrate.Module.Parameters;

/// <summary>Reads a file that the guest's first start gets, such as a cloud-init configuration.</summary>
internal static class UserDataFile
{
    /// <summary>65,535 bytes once encoded in base64 (Compute API v2.1, "Create server", user_data).</summary>
    private const int MaxBytes = 65535 / 4 * 3;

    /// <exception cref="OsMigrateException">It is too large, or cannot be read.</exception>
    public static byte[] Read(string path)
    {
        var length = new FileInfo(path).Length;
        if (length > MaxBytes)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{path}' has {length} bytes; user data may have {MaxBytes} at most.", path);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OsMigrateException(ErrorIds.FileAccess, ErrorKind.PermissionDenied, $"'{path}' cannot be read: {e.Message}", path, e);
        }
    }
}
