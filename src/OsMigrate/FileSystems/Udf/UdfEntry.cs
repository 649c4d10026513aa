using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Udf;

/// <summary>A file or folder of a UDF volume.</summary>
/// <param name="place">Tells the entry that leads here apart from others; -1 for the root.</param>
internal sealed class UdfEntry(UdfVolume volume, string name, UdfNode node, UdfAddress address, long place) : FileEntry
{
    public override string Name => name;

    public override bool IsFolder => node.IsFolder;

    public override long SizeBytes => node.IsFolder ? 0 : node.SizeBytes;

    public override DateTime? CreatedTime => node.CreatedTime;

    public override DateTime? ModifiedTime => node.ModifiedTime;

    public override DateTime? AccessedTime => node.AccessedTime;

    public override ByteStore OpenContent() => node.IsFolder
        ? throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{Name}' is a folder; it has no content.", Name)
        : volume.Content(node, name);

    public override IEnumerable<FileEntry> Children()
    {
        if (!IsFolder)
            return [];
        volume.Claims.Claim(address.Key, place);
        return UdfFolder.Read(volume, node, address, name);
    }
}
