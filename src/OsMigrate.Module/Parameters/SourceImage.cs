using OsMigrate.Appliances;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Raw;

namespace OsMigrate.Module.Parameters;

/// <summary>Opens a disk image that the user names.</summary>
internal static class SourceImage
{
    /// <param name="stated">The format as the user states it; null to tell it from the content.</param>
    /// <exception cref="OsMigrateException">Not there, damaged, or an appliance, which would otherwise pass for a raw disk.</exception>
    public static DiskImage Open(string path, string? stated)
    {
        UndoJournal.RequireNone(path);
        var store = FileStore.OpenRead(path);
        try
        {
            return FormatOf(store, path, stated).Open(store, Siblings.Of(path));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The stated format, or the one that the content has.</summary>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>: the file is an appliance.</exception>
    public static DiskFormat FormatOf(ByteStore store, string path, string? stated)
    {
        if (stated is not null)
            return DiskFormats.Find(stated)!;
        var format = DiskFormats.Detect(store);
        if (format != RawFormat.Instance || Appliance.Detect(path) is not { } kind)
            return format;
        throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{path}' is an appliance ({kind}), not a disk image.", path)
        {
            Advice = "Use Get-VirtualAppliance to look into it and Convert-ToOpenStack to convert its disks.",
        };
    }
}
