using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Btrfs;

/// <summary>A file, folder, link or device of a Btrfs volume.</summary>
internal sealed class BtrfsEntry(BtrfsVolume volume, string name, ulong subvolume, ulong inode, ulong parent) : FileEntry
{
    private const int MaxExtents = 4 << 20;

    private byte[]? _item;

    public override string Name => name;

    public override bool IsFolder => Mode == 0x4000;

    public override long SizeBytes => Mode == 0x8000 ? Size : 0;

    public override string? LinkTarget => Mode == 0xA000 ? Link() : null;

    private int Mode => (int)BinaryPrimitives.ReadUInt32LittleEndian(Item.AsSpan(52)) & 0xF000;

    private long Size => BinaryPrimitives.ReadInt64LittleEndian(Item.AsSpan(16));

    private byte[] Item => _item ??= ReadItem();

    public override ByteStore OpenContent() => Mode == 0x8000
        ? Open()
        : throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{name}' is no file; it has no content.", name);

    public override FileEntry? FindChild(string child) => Children().FirstOrDefault(c => string.Equals(c.Name, child, StringComparison.Ordinal));

    public override IEnumerable<FileEntry> Children()
    {
        if (!IsFolder)
            yield break;
        volume.Claims.Claim((long)((subvolume << 40) ^ inode), (long)parent);
        foreach (var (_, data) in volume.Tree(subvolume).Items(new BtrfsKey(inode, BtrfsKey.DirIndex, 0), new BtrfsKey(inode, BtrfsKey.DirIndex, ulong.MaxValue)))
        {
            if (Named(data) is not { } named || named.Name is "" or "." or ".." || named.Name.IndexOfAny(['/', '\0']) >= 0)
                continue;
            // A subvolume looks like a folder of the one around it.
            yield return named.Location.Kind == BtrfsKey.RootItem
                ? new BtrfsEntry(volume, named.Name, named.Location.Object, BtrfsVolume.FirstInode, 0)
                : new BtrfsEntry(volume, named.Name, subvolume, named.Location.Object, inode);
        }
    }

    /// <summary>The first name in an item of a folder, and where it leads; null when it is damaged.</summary>
    internal static (string Name, BtrfsKey Location)? Named(ReadOnlyMemory<byte> data)
    {
        var item = data.Span;
        if (item.Length < 30)
            return null;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(item.Slice(27));
        return 30 + length <= item.Length ? (Encoding.UTF8.GetString(item.Slice(30, length).ToArray()), BtrfsKey.Read(item)) : null;
    }

    private string Link()
    {
        if (Size is < 0 or > 4096)
            throw Damaged($"the link '{name}' is {Size} bytes long");
        using var content = Open();
        return Encoding.UTF8.GetString(content.ReadBytes(0, (int)Size));
    }

    private BtrfsContent Open()
    {
        var extents = new List<BtrfsExtent>();
        foreach (var (key, data) in volume.Tree(subvolume).Items(new BtrfsKey(inode, BtrfsKey.ExtentData, 0), new BtrfsKey(inode, BtrfsKey.ExtentData, ulong.MaxValue)))
        {
            if (extents.Count > MaxExtents || key.Offset > long.MaxValue || (extents.Count > 0 && (long)key.Offset < extents[extents.Count - 1].End))
                throw Damaged($"the extents of '{name}' overlap, or are too many");
            extents.Add(BtrfsExtent.Read((long)key.Offset, data) ?? throw Damaged($"an extent of '{name}' is damaged"));
        }

        return Size >= 0 ? new BtrfsContent(volume, extents, Size, name) : throw Damaged($"'{name}' has {Size} bytes");
    }

    private byte[] ReadItem()
    {
        var key = new BtrfsKey(inode, BtrfsKey.InodeItem, 0);
        return volume.Tree(subvolume).First(key, key) is { Data.Length: >= 160 } item ? item.Data.ToArray() : throw Damaged("it is not there");
    }

    private InvalidImageException Damaged(string reason) => new(ErrorIds.BadStructure, volume.Store.Name, -1, $"inode {inode} of subvolume {subvolume}: {reason}");
}
