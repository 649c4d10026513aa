using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Xfs;

/// <summary>One inode: what it is, and where its content lies.</summary>
/// <remarks>Source: "XFS Algorithms &amp; Data Structures", chapters "Inodes", "Data Extents", "Symbolic Links".</remarks>
internal sealed class XfsInode
{
    private const int LinkHeader = 56;

    private readonly XfsVolume _volume;
    private readonly byte[] _bytes;
    private readonly ulong _number;
    private readonly long _place;

    public XfsInode(XfsVolume volume, ulong number, long place, byte[] bytes)
    {
        (_volume, _number, _place, _bytes) = (volume, number, place, bytes);
        if (BinaryPrimitives.ReadUInt16BigEndian(bytes) != 0x494E || Version is < 1 or > 3)
            throw Damaged("the mark of an inode is missing");
    }

    public bool IsFolder => Mode == 0x4000;

    public bool IsFile => Mode == 0x8000;

    public bool IsLink => Mode == 0xA000;

    public long SizeBytes => BinaryPrimitives.ReadInt64BigEndian(_bytes.AsSpan(56));

    /// <summary>True when the content lies in the inode.</summary>
    public bool IsLocal => Format == 1;

    /// <summary>The part of the inode that holds the content or the map to it.</summary>
    public ReadOnlySpan<byte> Fork
    {
        get
        {
            var start = Version == 3 ? 176 : 100;
            var length = _bytes[82] == 0 ? _bytes.Length - start : _bytes[82] * 8;
            return length <= _bytes.Length - start ? _bytes.AsSpan(start, length) : throw Damaged("its parts do not fit");
        }
    }

    private int Mode => BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(2)) & 0xF000;

    private int Version => _bytes[4];

    private int Format => _bytes[5];

    /// <summary>Number of extents: 64 bits wide where the flag says so.</summary>
    private ulong ExtentCount => Version == 3 && (BinaryPrimitives.ReadUInt64BigEndian(_bytes.AsSpan(120)) & 0x10) != 0
        ? BinaryPrimitives.ReadUInt64BigEndian(_bytes.AsSpan(24))
        : BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(76));

    /// <summary>The content as it lies in the volume.</summary>
    /// <param name="length">Bytes of it; a folder's blocks reach further than its size says.</param>
    public ByteStore Open(string name, long length)
    {
        if (length < 0)
            throw Damaged($"'{name}' has {length} bytes");
        if (IsLocal)
            return length <= Fork.Length ? new MemoryStore(Fork.Slice(0, (int)length).ToArray(), name) : throw Damaged($"'{name}' has {length} bytes in itself");
        return new PiecesStore(_volume.Store, Pieces(length), length, name);
    }

    /// <summary>Runs of blocks, from the start on, with holes between them.</summary>
    public IReadOnlyList<ContentPiece> Pieces(long length)
    {
        var map = new XfsMap(_volume, this);
        return Format switch
        {
            2 => map.FromExtents(Fork, ExtentCount, length),
            3 => map.FromTree(Fork, length),
            _ => throw Damaged($"its content is stored in the form {Format}, which a file does not have"),
        };
    }

    public string LinkTarget(string name)
    {
        var size = SizeBytes;
        if (size is < 0 or > 4096)
            throw Damaged($"the link '{name}' is {size} bytes long");
        if (IsLocal)
        {
            using var content = Open(name, size);
            return Encoding.UTF8.GetString(content.ReadBytes(0, (int)size));
        }

        // Each block of a long link has a header of its own since version 5.
        var header = _volume.Super.IsVersion5 ? LinkHeader : 0;
        var block = _volume.Super.BlockSize;
        using var blocks = Open(name, (size + block - header - 1) / (block - header) * block);
        var text = new List<byte>();
        for (var at = 0L; at < blocks.Length; at += block)
            text.AddRange(blocks.ReadBytes(at + header, (int)Math.Min(block - header, size - text.Count)));
        return Encoding.UTF8.GetString([.. text]);
    }

    public InvalidImageException Damaged(string reason) => new(ErrorIds.BadStructure, _volume.Store.Name, _place, $"inode {_number}: {reason}");
}
