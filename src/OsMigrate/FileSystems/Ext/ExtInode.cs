using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ext;

/// <summary>One inode: what it is, and where its content lies.</summary>
/// <remarks>Source: kernel.org, ext4 "Index Nodes", "The Contents of inode.i_block".</remarks>
internal sealed class ExtInode(ExtVolume volume, uint number, long place, byte[] bytes)
{
    /// <summary>Bytes for block numbers, an extent tree, or content.</summary>
    public const int BlocksSize = 60;

    private const uint UsesExtents = 0x80000;
    private const uint IsInline = 0x10000000;
    private const int BlocksAt = 40;

    public uint Number => number;

    /// <summary>Byte offset of the inode in the volume, for errors.</summary>
    public long Place => place;

    public bool IsFolder => Mode == 0x4000;

    public bool IsFile => Mode == 0x8000;

    public bool IsLink => Mode == 0xA000;

    public long SizeBytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) | ((long)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(108)) << 32);

    public DateTime Modified => DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(16))).UtcDateTime;

    /// <summary>True when the content lies in the inode: where block numbers would be, and the rest in an attribute.</summary>
    public bool HasInlineContent => (Flags & IsInline) != 0;

    private int Mode => BinaryPrimitives.ReadUInt16LittleEndian(bytes) & 0xF000;

    private uint Flags => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(32));

    private Span<byte> Blocks => bytes.AsSpan(BlocksAt, BlocksSize);

    /// <summary>The content; for a link the path it leads to.</summary>
    public ByteStore Open(string name)
    {
        var size = SizeBytes;
        if (size < 0)
            throw Damaged($"'{name}' has {size} bytes");
        // A short link, and a small file of a volume with that feature, lie in the inode itself.
        if ((IsLink && size < BlocksSize && (Flags & UsesExtents) == 0) || (HasInlineContent && size <= BlocksSize))
            return new MemoryStore(Blocks.Slice(0, (int)size).ToArray(), name);
        if (HasInlineContent)
            return new MemoryStore(InlineContent(size, name), name);
        return new PiecesStore(volume.Store, new ExtBlocks(volume, this).Pieces(Blocks.ToArray(), (Flags & UsesExtents) != 0, size), size, name);
    }

    public string LinkTarget(string name)
    {
        using var content = Open(name);
        if (content.Length > 4096)
            throw Damaged($"the link '{name}' is {content.Length} bytes long");
        return Encoding.UTF8.GetString(content.ReadBytes(0, (int)content.Length));
    }

    /// <summary>The rest lies in the attribute "system.data". Source: kernel.org, ext4 "Extended Attributes", "Inline Data".</summary>
    private byte[] InlineContent(long size, string name)
    {
        var at = 128 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(128)) + 4;
        var first = at;
        while (size <= bytes.Length && at + 16 <= bytes.Length && bytes[at] != 0)
        {
            int nameLength = bytes[at], value = first + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 2)), length = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8));
            if (bytes[at + 1] == 7 && nameLength == 4 && bytes.AsSpan(at + 16).StartsWith("data"u8) && length >= size - BlocksSize && value <= bytes.Length - length)
                return [.. Blocks.ToArray(), .. bytes.AsSpan(value, (int)size - BlocksSize).ToArray()];
            at += (16 + nameLength + 3) & ~3;
        }

        throw Damaged($"the rest of '{name}' is not in its attributes");
    }

    public InvalidImageException Damaged(string reason) => new(ErrorIds.BadStructure, volume.Store.Name, place, $"inode {number}: {reason}");
}
