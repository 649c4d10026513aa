using OsMigrate.Bytes;
using OsMigrate.Disks;

namespace OsMigrate.Module.Parameters;

/// <summary>Decides the name of each file that a command writes, and sees to it that no two sources get the same one.</summary>
/// <param name="destination">Full path of a file or folder.</param>
/// <param name="given">The path as the user wrote it.</param>
internal sealed class Destinations(string destination, string given)
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A folder that exists, or a path that ends like one.</summary>
    public bool IsFolder { get; } = Directory.Exists(destination) || given.EndsWith("/", StringComparison.Ordinal) || given.EndsWith("\\", StringComparison.Ordinal);

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>: another source of this command has the name already, or it is the source itself.</exception>
    public string For(string source, DiskFormat format) => For(source, format.Extension);

    /// <param name="extension">Of the name made up in a folder, with its dot.</param>
    /// <exception cref="OsMigrateException">As above.</exception>
    public string For(string source, string extension)
    {
        var path = IsFolder ? Path.Combine(destination, Path.GetFileNameWithoutExtension(source) + extension) : destination;
        if (string.Equals(Path.GetFullPath(source), Path.GetFullPath(path), StringComparison.OrdinalIgnoreCase))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{source}' cannot be converted into itself.", source) { Advice = "Choose another -Destination." };
        if (!_taken.Add(path))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{path}' is already the target of another image of this command.", source) { Advice = "Give a folder as -Destination, or convert images of the same name one by one." };
        return path;
    }
}
