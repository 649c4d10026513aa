using OsMigrate.Bytes;
using OsMigrate.FileSystems;
using OsMigrate.FileSystems.Ntfs;

namespace OsMigrate.Guests.Windows.Injection;

/// <summary>Puts files into a guest and remembers which.</summary>
internal sealed class GuestFiles(NtfsVolume volume, List<GuestChange> changes)
{
    /// <summary>Writes a file with the folders above it. One with the same content stays as it is.</summary>
    public void Put(string path, ByteStore content)
    {
        if (volume.Find(path) is { } present)
        {
            if (present.IsFolder)
                throw new OsMigrateException(ErrorIds.GuestNotFit, ErrorKind.InvalidData, $"In the guest '{path}' is a folder; it should be a file.", path);
            if (IsSame(present, content))
                return;
            volume.Replace(path, content);
            changes.Add(new GuestChange(path, $"replaced ({content.Length} bytes)"));
            return;
        }

        var folder = path.LastIndexOf('\\') is var at && at > 0 ? path.Substring(0, at) : "";
        if (folder.Length > 0 && volume.Find(folder) is null)
        {
            volume.CreateFolder(folder);
            changes.Add(new GuestChange(folder + "\\", "made"));
        }

        volume.CreateFile(path, content);
        changes.Add(new GuestChange(path, $"made ({content.Length} bytes)"));
    }

    public void Put(string path, FileEntry source)
    {
        using var content = source.OpenContent();
        Put(path, content);
    }

    private static bool IsSame(FileEntry present, ByteStore content)
    {
        if (present.SizeBytes != content.Length)
            return false;
        using var there = present.OpenContent();
        for (long at = 0; at < content.Length; at += 1 << 16)
        {
            var count = (int)Math.Min(1 << 16, content.Length - at);
            if (!there.ReadBytes(at, count).AsSpan().SequenceEqual(content.ReadBytes(at, count)))
                return false;
        }

        return true;
    }
}
