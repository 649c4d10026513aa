using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Xfs;

/// <summary>An XFS volume. Read only; names are told apart by case. The log is not replayed. Does not own the store.</summary>
public sealed class XfsVolume : FileVolume, IFreeSpace
{
    private readonly Lazy<string?> _doubt;

    private XfsVolume(ByteStore store)
    {
        _doubt = new Lazy<string?>(() => new XfsDoubt(this).Find());
        (Store, Super, Claims) = (store, XfsSuperblock.Read(store), new FolderClaims(store.Name));
        Root = new XfsEntry(this, "", Super.RootInode, Super.RootInode);
        if (!Root.IsFolder)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, -1, "the root of the XFS file system is no folder");
    }

    public override string Kind => "XFS";

    public override string? Label => Super.Label;

    public Guid Uuid => Super.Uuid;

    public override FileEntry Root { get; }

    /// <remarks>Looked for once.</remarks>
    public string? FreeSpaceDoubt => _doubt.Value;

    internal ByteStore Store { get; }

    internal XfsSuperblock Super { get; }

    internal FolderClaims Claims { get; }

    /// <exception cref="InvalidImageException">It is no XFS file system, is damaged, or uses features that are not read here.</exception>
    public static XfsVolume Open(ByteStore store) => new(store);

    /// <remarks>Nothing is free where <see cref="FreeSpaceDoubt"/> has a reason.</remarks>
    public IEnumerable<Extent> FreeExtents(CancellationToken cancel)
        => FreeSpaceDoubt is null ? new XfsFreeSpace(this).Find(cancel).Extents(Super.BlockSize) : [];

    internal XfsInode Inode(ulong number)
    {
        var at = Super.PlaceOf(number);
        if (at < 0)
            throw new InvalidImageException(ErrorIds.BadStructure, Store.Name, -1, $"inode {number} lies outside the XFS file system");
        return new XfsInode(this, number, at, Store.ReadBytes(at, Super.InodeSize));
    }
}
