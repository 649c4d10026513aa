using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Xfs;

/// <summary>A file, folder, link or device of an XFS volume.</summary>
/// <remarks>Source: "XFS Algorithms &amp; Data Structures", chapter "Directories". Indexes of large folders are not needed: all entries are read one after another.</remarks>
internal sealed class XfsEntry(XfsVolume volume, string name, ulong number, ulong parent) : FileEntry
{
    private const int MaxFolderBytes = 64 << 20;
    private const ushort Unused = 0xFFFF;

    private XfsInode? _inode;

    public override string Name => name;

    public override bool IsFolder => Inode.IsFolder;

    public override long SizeBytes => Inode.IsFile ? Inode.SizeBytes : 0;

    public override string? LinkTarget => Inode.IsLink ? Inode.LinkTarget(name) : null;

    private XfsInode Inode => _inode ??= volume.Inode(number);

    public override ByteStore OpenContent() => Inode.IsFile
        ? Inode.Open(name, Inode.SizeBytes)
        : throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{name}' is no file; it has no content.", name);

    public override FileEntry? FindChild(string child) => Children().FirstOrDefault(c => string.Equals(c.Name, child, StringComparison.Ordinal));

    public override IEnumerable<FileEntry> Children()
    {
        if (!Inode.IsFolder)
            return [];
        volume.Claims.Claim((long)number, (long)parent);
        return Inode.IsLocal ? Short(Inode.Fork) : Long();
    }

    /// <summary>A small folder lies in its inode: count, count of wide numbers, parent, entries.</summary>
    private List<FileEntry> Short(ReadOnlySpan<byte> fork)
    {
        var entries = new List<FileEntry>();
        if (fork.Length < 6)
            throw Inode.Damaged($"the folder '{name}' is damaged");
        var width = fork[1] > 0 ? 8 : 4;
        var count = Math.Max(fork[0], fork[1]);
        var at = 2 + width;
        for (var i = 0; i < count; i++)
        {
            var length = at < fork.Length ? fork[at] : 0;
            var inodeAt = at + 3 + length + (volume.Super.HasKinds ? 1 : 0);
            if (length == 0 || inodeAt + width > fork.Length)
                throw Inode.Damaged($"the folder '{name}' ends within an entry");
            var inode = width == 8 ? BinaryPrimitives.ReadUInt64BigEndian(fork.Slice(inodeAt)) : BinaryPrimitives.ReadUInt32BigEndian(fork.Slice(inodeAt));
            Take(fork.Slice(at + 3, length), inode, entries);
            at = inodeAt + width;
        }

        return entries;
    }

    private IEnumerable<FileEntry> Long()
    {
        // Entries lie in the first 32 GiB of a folder's space, as far as its size says.
        var length = Inode.SizeBytes;
        if (length is < 0 or > MaxFolderBytes)
            throw Inode.Damaged($"the folder '{name}' has {length} bytes; {MaxFolderBytes} are the most");
        using var content = Inode.Open(name, length);
        var size = volume.Super.FolderBlockSize;
        for (var at = 0L; at + size <= length; at += size)
        {
            foreach (var child in InBlock(content.ReadBytes(at, size)))
                yield return child;
        }
    }

    private List<FileEntry> InBlock(byte[] block)
    {
        var entries = new List<FileEntry>();
        var (at, end) = BinaryPrimitives.ReadUInt32BigEndian(block) switch
        {
            0x58443244 => (16, block.Length),
            0x58444433 => (64, block.Length),
            0x58443242 => (16, EndOfSingle(block)),
            0x58444233 => (64, EndOfSingle(block)),
            // A hole reads as zeros.
            0 => (block.Length, block.Length),
            _ => throw Inode.Damaged($"a block of the folder '{name}' is damaged"),
        };
        while (at + 8 <= end)
        {
            int length;
            if (BinaryPrimitives.ReadUInt16BigEndian(block.AsSpan(at)) == Unused)
            {
                length = BinaryPrimitives.ReadUInt16BigEndian(block.AsSpan(at + 2));
            }
            else
            {
                var nameLength = at + 9 <= end ? block[at + 8] : 0;
                length = (11 + nameLength + (volume.Super.HasKinds ? 1 : 0) + 7) & ~7;
                if (nameLength == 0 || at + length > end)
                    throw Inode.Damaged($"the folder '{name}' ends within an entry");
                Take(block.AsSpan(at + 9, nameLength), BinaryPrimitives.ReadUInt64BigEndian(block.AsSpan(at)), entries);
            }

            if (length < 8 || length % 8 != 0)
                throw Inode.Damaged($"the folder '{name}' has an entry of {length} bytes");
            at += length;
        }

        return entries;
    }

    /// <summary>A folder of one block carries its index at the end: count, stale count, and 8 bytes for each before them.</summary>
    private int EndOfSingle(byte[] block)
    {
        var count = BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(block.Length - 8));
        return count <= (uint)(block.Length - 8) / 8 ? block.Length - 8 - ((int)count * 8) : throw Inode.Damaged($"the index of the folder '{name}' is damaged");
    }

    private void Take(ReadOnlySpan<byte> bytes, ulong inode, List<FileEntry> entries)
    {
        var text = Encoding.UTF8.GetString(bytes.ToArray());
        if (text is not ("." or "..") && text.IndexOfAny(['/', '\0']) < 0)
            entries.Add(new XfsEntry(volume, text, inode, number));
    }
}
