using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ext;

/// <summary>An ext2, ext3 or ext4 volume. Read only; names are told apart by case. The journal is not replayed. Does not own the store.</summary>
public sealed class ExtVolume : FileVolume, IFreeSpace
{
    private const uint RootInode = 2;

    private readonly Lazy<string?> _doubt;

    private ExtVolume(ByteStore store)
    {
        _doubt = new Lazy<string?>(() => new ExtDoubt(this).Find());
        (Store, Super, Claims) = (store, ExtSuperblock.Read(store), new FolderClaims(store.Name));
        Root = new ExtEntry(this, "", RootInode, RootInode);
        if (!Root.IsFolder)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, -1, "the root of the ext file system is no folder");
    }

    public override string Kind => Super.Kind;

    public override string? Label => Super.Label;

    public Guid Uuid => Super.Uuid;

    /// <summary>True when the volume was not unmounted in order: some of what it holds may be older than what the guest wrote last.</summary>
    public bool NeedsRecovery => Super.NeedsRecovery;

    public override FileEntry Root { get; }

    /// <remarks>Looked for once.</remarks>
    public string? FreeSpaceDoubt => _doubt.Value;

    internal ByteStore Store { get; }

    internal ExtSuperblock Super { get; }

    internal FolderClaims Claims { get; }

    internal int BlockSize => Super.BlockSize;

    internal long BlockCount => Super.BlockCount;

    /// <exception cref="InvalidImageException">It is no ext file system, is damaged, or uses features that are not read here.</exception>
    public static ExtVolume Open(ByteStore store) => new(store);

    /// <remarks>Nothing is free where <see cref="FreeSpaceDoubt"/> has a reason.</remarks>
    public IEnumerable<Extent> FreeExtents(CancellationToken cancel)
        => FreeSpaceDoubt is null ? new ExtFreeSpace(this).Find(cancel).Extents(BlockSize) : [];

    internal ExtInode Inode(uint number)
    {
        var at = Super.PlaceOf(Store, number);
        return new ExtInode(this, number, at, Store.ReadBytes(at, Super.InodeSize));
    }
}
