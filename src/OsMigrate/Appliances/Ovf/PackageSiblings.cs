using OsMigrate.Bytes;
using OsMigrate.Disks;

namespace OsMigrate.Appliances.Ovf;

/// <summary>The gate of a disk inside a package: only files that the descriptor's References list, and the parent that the descriptor states.</summary>
internal sealed class PackageSiblings : Siblings
{
    private readonly OvfContents _contents;
    private readonly OvfDescriptor _descriptor;
    private readonly OvfDisk _disk;
    private readonly string[] _visited;

    public PackageSiblings(OvfContents contents, OvfDescriptor descriptor, OvfDisk disk)
        : this(contents, descriptor, disk, [], 0)
    {
    }

    private PackageSiblings(OvfContents contents, OvfDescriptor descriptor, OvfDisk disk, string[] visited, int depth)
    {
        (_contents, _descriptor, _disk, _visited) = (contents, descriptor, disk, visited);
        Depth = depth;
    }

    public override ByteStore Open(string name, string referrer)
    {
        RequirePlainName(name, referrer);
        var file = _descriptor.Files.Values.FirstOrDefault(f => LastPart(f.Href) == name);
        if (file is not null)
            return _contents.OpenContent(_descriptor.DiskFor(file), CancellationToken.None);

        // An exporter renames the files, but not the parent's name inside the child.
        if (_disk.ParentRef is { } parent && _descriptor.FindDisk(parent) is { FileRef: not null } stated)
            return _contents.OpenContent(stated, CancellationToken.None);
        throw new InvalidImageException(ErrorIds.MissingSibling, referrer, -1, $"it needs the file '{Shown.Text(name)}', which the descriptor's References do not list");
    }

    public override Siblings ForParent(string name, string referrer)
    {
        CheckChain(name, referrer, _visited, Depth);
        var parent = _disk.ParentRef is { } id ? _descriptor.FindDisk(id) ?? _disk : _disk;
        return new PackageSiblings(_contents, _descriptor, parent, [.. _visited, name], Depth + 1);
    }

    private static string LastPart(string href) => href.Substring(href.LastIndexOf('/') + 1);
}
