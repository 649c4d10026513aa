using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Btrfs;

/// <summary>A Btrfs volume on one disk. Read only; names are told apart by case; subvolumes are folders. The log is not replayed. Does not own the store.</summary>
/// <remarks>Source: btrfs documentation, "On-disk Format".</remarks>
public sealed class BtrfsVolume : FileVolume
{
    internal const ulong FirstInode = 256;

    private const ulong TopLevel = 5;
    private const ulong RootFolder = 6;
    private const int MaxSubvolumes = 10_000;

    private readonly BtrfsSuperblock _super;
    private readonly BtrfsTree _roots;
    private readonly Dictionary<ulong, BtrfsTree> _trees = [];

    private BtrfsVolume(ByteStore store)
    {
        (Store, _super, Claims) = (store, BtrfsSuperblock.Read(store), new FolderClaims(store.Name));
        Chunks = new BtrfsChunks(store, _super.DeviceId);
        ReadChunks();
        _roots = new BtrfsTree(Chunks, _super.NodeSize, _super.RootTree, _super.RootLevel, store.Name);
        Root = new BtrfsEntry(this, "", DefaultSubvolume(), FirstInode, 0);
        if (!Root.IsFolder)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, -1, "the root of the Btrfs file system is no folder");
    }

    public override string Kind => "Btrfs";

    public override string? Label => _super.Label;

    public Guid Uuid => _super.Uuid;

    /// <summary>The root of the subvolume that is mounted when none is named.</summary>
    public override FileEntry Root { get; }

    /// <summary>Roots of all subvolumes with their paths from the top: "@", "@/.snapshots/1/snapshot".</summary>
    public IEnumerable<(string Path, FileEntry Root)> Subvolumes
    {
        get
        {
            var refs = _roots.Items(new BtrfsKey(TopLevel, 0, 0), new BtrfsKey(ulong.MaxValue, byte.MaxValue, ulong.MaxValue)).Where(static i => i.Key.Kind == BtrfsKey.RootRef && i.Data.Length >= 18)
                .Take(MaxSubvolumes).GroupBy(static i => i.Key.Offset).ToDictionary(static g => g.Key, static g => (Parent: g.First().Key.Object, g.First().Data));
            foreach (var id in refs.Keys.OrderBy(static k => k))
            {
                var path = PathOf(id, refs);
                if (path is not null)
                    yield return (path, new BtrfsEntry(this, "", id, FirstInode, 0));
            }
        }
    }

    internal ByteStore Store { get; }

    internal BtrfsChunks Chunks { get; }

    internal FolderClaims Claims { get; }

    /// <exception cref="InvalidImageException">It is no Btrfs file system, is damaged, or uses features that are not read here.</exception>
    public static BtrfsVolume Open(ByteStore store) => new(store);

    /// <summary>The tree of files of a subvolume.</summary>
    internal BtrfsTree Tree(ulong subvolume)
    {
        if (_trees.TryGetValue(subvolume, out var known))
            return known;
        if (_roots.First(new BtrfsKey(subvolume, BtrfsKey.RootItem, 0), new BtrfsKey(subvolume, BtrfsKey.RootItem, ulong.MaxValue)) is not { } item || item.Data.Length < 239 || item.Data.Span[238] > 7)
            throw new InvalidImageException(ErrorIds.BadStructure, Store.Name, -1, $"subvolume {subvolume} of the Btrfs file system has no root");
        return _trees[subvolume] = new BtrfsTree(Chunks, _super.NodeSize, BinaryPrimitives.ReadUInt64LittleEndian(item.Data.Span.Slice(176)), item.Data.Span[238], Store.Name);
    }

    /// <summary>First those of the superblock, which lead to the tree with all.</summary>
    private void ReadChunks()
    {
        var system = _super.SystemChunks;
        for (var at = 0; at + BtrfsKey.Size < system.Length;)
        {
            var key = BtrfsKey.Read(system.AsSpan(at));
            var chunk = system.AsSpan(at + BtrfsKey.Size);
            Chunks.Add(key.Offset, chunk);
            at += BtrfsKey.Size + BtrfsChunks.SizeOf(chunk);
        }

        var tree = new BtrfsTree(Chunks, _super.NodeSize, _super.ChunkTree, _super.ChunkLevel, Store.Name);
        // The tree is read through the chunks that are already there, so the list must not grow meanwhile.
        foreach (var (key, data) in tree.Items(new BtrfsKey(256, BtrfsKey.ChunkItem, 0), new BtrfsKey(256, BtrfsKey.ChunkItem, ulong.MaxValue)).ToList())
            Chunks.Add(key.Offset, data.Span);
    }

    private ulong DefaultSubvolume()
    {
        foreach (var (_, data) in _roots.Items(new BtrfsKey(RootFolder, BtrfsKey.DirItem, 0), new BtrfsKey(RootFolder, BtrfsKey.DirItem, ulong.MaxValue)))
        {
            if (BtrfsEntry.Named(data) is { } named && named.Name == "default" && named.Location.Kind == BtrfsKey.RootItem)
                return named.Location.Object;
        }

        return TopLevel;
    }

    private string? PathOf(ulong id, Dictionary<ulong, (ulong Parent, ReadOnlyMemory<byte> Data)> refs)
    {
        var parts = new List<string>();
        for (var depth = 0; id != TopLevel && depth < 64; depth++)
        {
            if (!refs.TryGetValue(id, out var place))
                return null;
            var data = place.Data.Span;
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(data.Slice(16)), data.Length - 18);
            parts.Add(Encoding.UTF8.GetString(data.Slice(18, length).ToArray()));
            if (!AddFolders(Tree(place.Parent), BinaryPrimitives.ReadUInt64LittleEndian(data), parts))
                return null;
            id = place.Parent;
        }

        parts.Reverse();
        return string.Join("/", parts);
    }

    /// <summary>The names of the folders above, from the inside out.</summary>
    private static bool AddFolders(BtrfsTree tree, ulong folder, List<string> parts)
    {
        for (var depth = 0; folder != FirstInode; depth++)
        {
            if (depth > 64 || tree.First(new BtrfsKey(folder, BtrfsKey.InodeRef, 0), new BtrfsKey(folder, BtrfsKey.InodeRef, ulong.MaxValue)) is not { } up || up.Data.Length < 10)
                return false;
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(up.Data.Span.Slice(8)), up.Data.Length - 10);
            parts.Add(Encoding.UTF8.GetString(up.Data.Span.Slice(10, length).ToArray()));
            folder = up.Key.Offset;
        }

        return true;
    }
}
