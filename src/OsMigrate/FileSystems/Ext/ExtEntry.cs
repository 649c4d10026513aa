using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ext;

/// <summary>A file, folder, link or device of an ext volume.</summary>
/// <remarks>Source: kernel.org, ext4 "Directory Entries". The hash tree of a large folder hides in entries that look deleted, so all are read one after another.</remarks>
internal sealed class ExtEntry(ExtVolume volume, string name, uint number, uint parent) : FileEntry
{
    private const long MaxFolderBytes = 64 << 20;

    private ExtInode? _inode;

    public override string Name => name;

    public override bool IsFolder => Inode.IsFolder;

    public override long SizeBytes => Inode.IsFile ? Inode.SizeBytes : 0;

    public override DateTime? ModifiedTime => Inode.Modified;

    public override string? LinkTarget => Inode.IsLink ? Inode.LinkTarget(name) : null;

    private ExtInode Inode => _inode ??= volume.Inode(number);

    public override ByteStore OpenContent() => Inode.IsFile
        ? Inode.Open(name)
        : throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{name}' is no file; it has no content.", name);

    public override FileEntry? FindChild(string child) => Children().FirstOrDefault(c => string.Equals(c.Name, child, StringComparison.Ordinal));

    public override IEnumerable<FileEntry> Children()
    {
        if (!Inode.IsFolder)
            yield break;
        volume.Claims.Claim(number, parent);
        using var content = Inode.Open(name);
        if (content.Length > MaxFolderBytes)
            throw Inode.Damaged($"the folder has {content.Length} bytes; {MaxFolderBytes} are the most");
        if (Inode.HasInlineContent)
        {
            // First the number of the folder above, then entries up to where the attribute begins, then those in it.
            var all = content.ReadBytes(0, (int)content.Length);
            if (all.Length < 4)
                throw Inode.Damaged($"the folder '{name}' has {all.Length} bytes");
            var inNode = Math.Min(all.Length, ExtInode.BlocksSize);
            foreach (var child in InBlock(all.AsSpan(4, Math.Max(0, inNode - 4)).ToArray()).Concat(InBlock(all.AsSpan(inNode).ToArray())))
                yield return child;
            yield break;
        }

        for (var at = 0L; at < content.Length; at += volume.BlockSize)
        {
            var block = content.ReadBytes(at, (int)Math.Min(volume.BlockSize, content.Length - at));
            foreach (var child in InBlock(block))
                yield return child;
        }
    }

    private IEnumerable<FileEntry> InBlock(byte[] block)
    {
        for (var at = 0; at + 8 <= block.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(block.AsSpan(at + 4)), nameLength = block[at + 6];
            // A block of 64 KiB cannot say its own length in 16 bits.
            if (length is 0 or 65535)
                length = block.Length - at;
            if (length < 8 || length % 4 != 0 || at + length > block.Length || 8 + nameLength > length)
                throw Inode.Damaged($"the folder '{name}' has an entry of {length} bytes with a name of {nameLength}");
            var inode = BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(at));
            var text = Encoding.UTF8.GetString(block, at + 8, nameLength);
            if (inode != 0 && text is not ("" or "." or "..") && text.IndexOfAny(['/', '\0']) < 0)
                yield return new ExtEntry(volume, text, inode, number);
            at += length;
        }
    }
}
