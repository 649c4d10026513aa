using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Udf;

/// <summary>Reads the file identifier descriptors of a folder. ECMA-167, 4/14.4.</summary>
internal static class UdfFolder
{
    private const int FixedSize = 38;
    private const int FolderFlag = 0x02;
    private const int DeletedFlag = 0x04;
    private const int ParentFlag = 0x08;
    private const int MaxFolderBytes = 256 << 20;

    public static IEnumerable<FileEntry> Read(UdfVolume volume, UdfNode folder, UdfAddress address, string name)
    {
        using var content = volume.Content(folder, name);
        if (content.Length > MaxFolderBytes)
            throw new InvalidImageException(ErrorIds.TooLarge, volume.Store.Name, -1, $"the folder '{name}' has {content.Length} bytes; more than {MaxFolderBytes} are not read");
        var head = new byte[FixedSize];
        for (long at = 0; at + FixedSize <= content.Length;)
        {
            content.Read(at, head);
            var use = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(36));
            var size = (FixedSize + head[19] + use + 3) & ~3;
            if (at + size > content.Length)
                throw Damaged(volume, name, at, "reaches past the folder's end");
            var bytes = content.ReadBytes(at, size);
            if (!UdfTag.TryParse(bytes, out var tag) || tag.Id != UdfTag.FileIdentifier)
                throw Damaged(volume, name, at, "is no file identifier, or its checksum does not fit");
            var place = (address.Key << 20) ^ at;
            at += size;
            if ((head[18] & (DeletedFlag | ParentFlag)) == 0 && Entry(volume, bytes, use, place) is { } entry)
                yield return entry;
        }
    }

    private static UdfEntry? Entry(UdfVolume volume, byte[] bytes, int use, long place)
    {
        var name = Safe(UdfText.Read(bytes.AsSpan(FixedSize + use, bytes[19])));
        var address = UdfAddress.Parse(bytes.AsSpan(24));
        var node = volume.Node(address);
        // Only folders and plain files: no links, devices or streams.
        return node.IsFolder != ((bytes[18] & FolderFlag) != 0) || !(node.IsFolder || node.Type is 0 or 5 or 249) ? null : new UdfEntry(volume, name, node, address, place);
    }

    private static InvalidImageException Damaged(UdfVolume volume, string name, long at, string what)
        => new(ErrorIds.BadStructure, volume.Store.Name, -1, $"the entry at byte {at} of the folder '{name}' {what}");

    private static string Safe(string name)
        => name.Length == 0 || name is "." or ".." ? "_" : name.Replace('/', '_').Replace('\\', '_').Replace('\0', '_');
}
