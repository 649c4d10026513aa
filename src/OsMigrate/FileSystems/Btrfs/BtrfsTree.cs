using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Btrfs;

/// <summary>A key: object, kind of item, and a third number whose meaning depends on the kind.</summary>
internal readonly record struct BtrfsKey(ulong Object, byte Kind, ulong Offset) : IComparable<BtrfsKey>
{
    public const int Size = 17;

    public const byte InodeItem = 1;
    public const byte InodeRef = 12;
    public const byte DirItem = 84;
    public const byte DirIndex = 96;
    public const byte ExtentData = 108;
    public const byte RootItem = 132;
    public const byte RootRef = 156;
    public const byte ChunkItem = 228;

    public static BtrfsKey Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), bytes[8], BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(9)));

    public int CompareTo(BtrfsKey other)
    {
        var byObject = Object.CompareTo(other.Object);
        var byKind = byObject != 0 ? byObject : Kind.CompareTo(other.Kind);
        return byKind != 0 ? byKind : Offset.CompareTo(other.Offset);
    }
}

/// <summary>One B-tree of Btrfs.</summary>
/// <remarks>Source: btrfs documentation, "On-disk Format", sections "Node", "Leaf". Bounded: levels fall, and a search visits a limited number of nodes.</remarks>
internal sealed class BtrfsTree(BtrfsChunks chunks, int nodeSize, ulong root, int level, string source)
{
    private const int Header = 101;
    private const int ItemSize = 25;
    private const int PointerSize = 33;
    private const int MaxNodes = 1 << 17;

    /// <summary>Items from one key to another, both included, in order.</summary>
    public IEnumerable<(BtrfsKey Key, ReadOnlyMemory<byte> Data)> Items(BtrfsKey from, BtrfsKey to)
    {
        var open = new Stack<(ulong Address, int Level)>();
        open.Push((root, level));
        for (var visited = 0; open.Count > 0; visited++)
        {
            var (address, depth) = open.Pop();
            if (visited > MaxNodes)
                throw Damaged(address, "the tree is endless");
            var node = new byte[nodeSize];
            chunks.Read(address, node);
            var count = BinaryPrimitives.ReadUInt32LittleEndian(node.AsSpan(96));
            if (node[100] != depth || BinaryPrimitives.ReadUInt64LittleEndian(node.AsSpan(48)) != address || count > (uint)((nodeSize - Header) / (depth == 0 ? ItemSize : PointerSize)))
                throw Damaged(address, "it is damaged");
            if (depth > 0)
            {
                Push(node, (int)count, depth, from, to, open);
                continue;
            }

            foreach (var item in Leaf(node, (int)count, address, from, to))
                yield return item;
        }
    }

    /// <summary>The first item from a key on, up to another; null when there is none.</summary>
    public (BtrfsKey Key, ReadOnlyMemory<byte> Data)? First(BtrfsKey from, BtrfsKey to)
    {
        foreach (var item in Items(from, to))
            return item;
        return null;
    }

    /// <summary>Children whose keys may be wanted; the last is pushed first, so that they come in order.</summary>
    private static void Push(byte[] node, int count, int depth, BtrfsKey from, BtrfsKey to, Stack<(ulong, int)> open)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            var at = Header + (i * PointerSize);
            var isBehind = BtrfsKey.Read(node.AsSpan(at)).CompareTo(to) > 0;
            var isBefore = i + 1 < count && BtrfsKey.Read(node.AsSpan(at + PointerSize)).CompareTo(from) <= 0 && BtrfsKey.Read(node.AsSpan(at + PointerSize)) != from;
            if (!isBehind && !isBefore)
                open.Push((BinaryPrimitives.ReadUInt64LittleEndian(node.AsSpan(at + BtrfsKey.Size)), depth - 1));
        }
    }

    private IEnumerable<(BtrfsKey Key, ReadOnlyMemory<byte> Data)> Leaf(byte[] node, int count, ulong address, BtrfsKey from, BtrfsKey to)
    {
        for (var i = 0; i < count; i++)
        {
            var at = Header + (i * ItemSize);
            var key = BtrfsKey.Read(node.AsSpan(at));
            if (key.CompareTo(from) < 0)
                continue;
            if (key.CompareTo(to) > 0)
                yield break;
            var (start, size) = (BinaryPrimitives.ReadUInt32LittleEndian(node.AsSpan(at + 17)), BinaryPrimitives.ReadUInt32LittleEndian(node.AsSpan(at + 21)));
            if (start > nodeSize || size > nodeSize || Header + (long)start + size > nodeSize)
                throw Damaged(address, $"item {i} reaches past its end");
            yield return (key, node.AsMemory((int)(Header + start), (int)size));
        }
    }

    private InvalidImageException Damaged(ulong address, string reason) => new(ErrorIds.BadStructure, source, -1, $"the tree node at the address {address}: {reason}");
}
