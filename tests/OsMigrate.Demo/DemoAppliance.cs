using System.Formats.Tar;
using System.Security.Cryptography;
using OsMigrate.Disks;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Demo;

/// <summary>A machine as ESXi exports it: an OVA with descriptor, manifest and two streamOptimized disks.</summary>
public static class DemoAppliance
{
    /// <summary>The text in the first sector of the second disk, which the guest prints.</summary>
    public const string Marker = "OsMigrate demo guest: this line comes from the second disk.";

    private const string Name = "osmigrate-demo";

    /// <summary>Writes the OVA into the folder, over an earlier one, and returns its path.</summary>
    public static string Create(string folder)
    {
        Directory.CreateDirectory(folder);
        DemoDisk[] disks = [DemoDisk.Boot, DemoDisk.Data];
        foreach (var disk in disks)
            Pack(disk, folder);
        var descriptor = Descriptor.Text(disks, disk => new FileInfo(Path.Combine(folder, disk.FileName)).Length);
        File.WriteAllText(Path.Combine(folder, Name + ".ovf"), descriptor);
        string[] files = [Name + ".ovf", .. disks.Select(disk => disk.FileName)];
        var manifest = string.Concat(files.Select(file => $"SHA256({file})= {Sum(Path.Combine(folder, file))}\n"));
        File.WriteAllText(Path.Combine(folder, Name + ".mf"), manifest);

        var path = Path.Combine(folder, Name + ".ova");
        Tar(path, folder, [files[0], Name + ".mf", .. files[1..]]);
        return path;
    }

    private static void Pack(DemoDisk disk, string folder)
    {
        var raw = Path.Combine(folder, disk.FileName + ".raw");
        disk.WriteRaw(raw);
        using (var image = DiskFormats.OpenFile(raw, DiskFormats.Find("raw")))
            DiskConversion.Run(image, Path.Combine(folder, disk.FileName), DiskFormats.Find("vmdk")!, new EncodeOptions(), overwrite: true);
        File.Delete(raw);
    }

    private static string Sum(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Packs files, and removes them: only the OVA stays.</summary>
    private static void Tar(string path, string folder, string[] files)
    {
        using var tar = new TarWriter(File.Create(path), TarEntryFormat.Ustar);
        foreach (var file in files)
        {
            var full = Path.Combine(folder, file);
            using (var content = File.OpenRead(full))
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, file) { DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch });
            File.Delete(full);
        }
    }
}
