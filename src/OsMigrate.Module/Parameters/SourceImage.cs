using OsMigrate.Appliances;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Raw;

namespace OsMigrate.Module.Parameters;

/// <summary>Opens a disk image that the user names.</summary>
internal static class SourceImage
{
    /// <param name="format">The format as the user states it; null to tell it from the content.</param>
    /// <exception cref="OsMigrateException">Not there, damaged, or an appliance, which would otherwise pass for a raw disk.</exception>
    public static DiskImage Open(string path, string? format)
    {
        var image = DiskFormats.OpenFile(path, format is null ? null : DiskFormats.Find(format));
        if (format is not null || image.Format != RawFormat.Instance || Appliance.Detect(path) is not { } kind)
            return image;
        image.Dispose();
        throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{path}' is an appliance ({kind}), not a disk image.", path)
        {
            Advice = "Use Get-VirtualAppliance to look into it and Convert-ToOpenStack to convert its disks.",
        };
    }
}
