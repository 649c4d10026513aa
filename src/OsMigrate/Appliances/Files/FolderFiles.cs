using OsMigrate.Bytes;
using OsMigrate.Disks;

namespace OsMigrate.Appliances.Files;

/// <summary>An OVF package as files beside its descriptor. Folders below it are entered, nothing above it.</summary>
internal sealed class FolderFiles(string descriptorPath) : PackageFiles
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(descriptorPath))!;

    public override string DescriptorName => descriptorPath;

    public override string DescriptorFileName => Path.GetFileName(descriptorPath);

    public override ByteStore OpenDescriptor() => FileStore.OpenRead(descriptorPath);

    public override ByteStore? TryOpen(string name)
    {
        while (name.StartsWith("./", StringComparison.Ordinal))
            name = name.Substring(2);
        var parts = name.Split('/');
        foreach (var part in parts)
            Siblings.RequirePlainName(part, DescriptorName);
        var folder = _folder;
        foreach (var part in parts.Take(parts.Length - 1))
        {
            folder = Path.Combine(folder, part);
            var info = new DirectoryInfo(folder);
            if (!info.Exists)
                return null;
            if ((info.Attributes & FileAttributes.ReparsePoint) != 0)
                throw new InvalidImageException(ErrorIds.OutsideFolder, DescriptorName, -1, $"it names the file '{Shown.Text(name)}', and '{Shown.Text(part)}' is a link that may lead out of its folder");
        }

        var file = parts[parts.Length - 1];
        return File.Exists(Path.Combine(folder, file)) ? Siblings.InFolder(folder).Open(file, DescriptorName) : null;
    }

    public override IEnumerable<string> NamesEndingWith(string extension)
    {
        var expected = Path.GetFileNameWithoutExtension(descriptorPath) + extension;
        return File.Exists(Path.Combine(_folder, expected)) ? [expected] : [];
    }
}
