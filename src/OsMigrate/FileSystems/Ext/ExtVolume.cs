using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ext;

/// <summary>An ext2, ext3 or ext4 volume. Read only; names are told apart by case. The journal is not replayed. Does not own the store.</summary>
public sealed class ExtVolume : FileVolume
{
    private const uint RootInode = 2;

    private readonly ExtSuperblock _super;

    private ExtVolume(ByteStore store)
    {
        (Store, _super, Claims) = (store, ExtSuperblock.Read(store), new FolderClaims(store.Name));
        Root = new ExtEntry(this, "", RootInode, RootInode);
        if (!Root.IsFolder)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, -1, "the root of the ext file system is no folder");
    }

    public override string Kind => _super.Kind;

    public override string? Label => _super.Label;

    public Guid Uuid => _super.Uuid;

    /// <summary>True when the volume was not unmounted in order: some of what it holds may be older than what the guest wrote last.</summary>
    public bool NeedsRecovery => _super.NeedsRecovery;

    public override FileEntry Root { get; }

    internal ByteStore Store { get; }

    internal FolderClaims Claims { get; }

    internal int BlockSize => _super.BlockSize;

    internal long BlockCount => _super.BlockCount;

    /// <exception cref="InvalidImageException">It is no ext file system, is damaged, or uses features that are not read here.</exception>
    public static ExtVolume Open(ByteStore store) => new(store);

    internal ExtInode Inode(uint number)
    {
        var at = _super.PlaceOf(Store, number);
        return new ExtInode(this, number, at, Store.ReadBytes(at, _super.InodeSize));
    }
}
