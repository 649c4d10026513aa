using OsMigrate.Appliances;
using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Raw;
using OsMigrate.Machines;
using OsMigrate.OpenStack.Images;

namespace OsMigrate.Migrations;

/// <summary>What can be uploaded from a file: one disk, or the disks of an appliance.</summary>
public sealed class UploadSource : IDisposable
{
    private readonly Appliance? _appliance;

    private UploadSource(IReadOnlyList<UploadDisk> disks, Appliance? appliance) => (Disks, _appliance) = (disks, appliance);

    public IReadOnlyList<UploadDisk> Disks { get; }

    /// <param name="stated">The format as the user states it; null to tell it from the content.</param>
    /// <exception cref="OsMigrateException">Not there, damaged, or nothing to upload in it.</exception>
    public static UploadSource Open(string path, DiskFormat? stated)
    {
        if (stated is not null || !Appliance.Looks(path))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            return new UploadSource([new UploadDisk(0, name, path, [], _ => OpenedDisk.Of(path, stated))], null);
        }

        var appliance = Appliance.Open(path);
        var disks = from machine in appliance.Machines
                    from disk in machine.Disks.Select((d, i) => (Disk: d, Index: i))
                    let name = machine.Disks.Count == 1 ? machine.Name : $"{machine.Name}-disk{disk.Index}"
                    select new UploadDisk(
                        disk.Index,
                        name,
                        $"{disk.Disk.FileName ?? disk.Disk.Label} in {Path.GetFileName(path)}",
                        disk.Index == 0 ? ImageProperties.For(machine) : [],
                        cancel => new OpenedDisk(appliance.OpenDisk(disk.Disk, cancel), null));
        return new UploadSource(disks.ToList(), appliance);
    }

    public void Dispose() => _appliance?.Dispose();
}

/// <summary>One disk that can be uploaded.</summary>
/// <param name="Index">Position in its machine, from 0.</param>
/// <param name="Name">Name for its image.</param>
/// <param name="SourceName">For messages.</param>
/// <param name="Properties">Image properties the source asks for.</param>
/// <param name="Open">Opens the content.</param>
public sealed record UploadDisk(int Index, string Name, string SourceName, IReadOnlyList<ImageProperty> Properties, Func<CancellationToken, OpenedDisk> Open)
{
    /// <summary>The properties that the source asks for, with the user's own over them.</summary>
    public IReadOnlyDictionary<string, string> PropertiesWith(IReadOnlyDictionary<string, string> own)
    {
        var all = Properties.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        foreach (var property in own)
            all[property.Key] = property.Value;
        return all;
    }
}

/// <summary>An opened disk, with its file where it is a single one.</summary>
public sealed class OpenedDisk(DiskImage image, ByteStore? file) : IDisposable
{
    public DiskImage Image => image;

    /// <summary>The file as it is, for sending it unchanged; null when the disk is not one file.</summary>
    public ByteStore? File => file;

    /// <summary>Digest of the content, where it was computed before; see <see cref="Disks.Copying.ContentDigest"/>.</summary>
    public string? ContentDigest { get; internal init; }

    public void Dispose()
    {
        image.Dispose();
        file?.Dispose();
    }

    internal static OpenedDisk Of(string path, DiskFormat? stated)
    {
        var image = DiskFormats.OpenFile(path, stated);
        try
        {
            return new OpenedDisk(image, FileStore.OpenRead(path));
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }
}

/// <summary>What Glance would refuse is told before a byte is sent.</summary>
public static class UploadRules
{
    /// <param name="anyway">The user knows and wants to try.</param>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.BadRequest"/>.</exception>
    public static void Check(DiskImage disk, DiskFormat format, bool anyway)
    {
        if (format != RawFormat.Instance || anyway)
            return;
        var head = disk.ReadBytes(0, (int)Math.Min(disk.Length, 512));
        if (RawSafety.Problem(head) is { } problem)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.NotSupported, $"A current Glance refuses '{disk.Name}' as raw: {problem}.", disk.Name) { Advice = "Send it as qcow2 (the default), which it accepts, or use -Force to try all the same." };
    }
}
