using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Fat;

/// <summary>A FAT12, FAT16 or FAT32 volume, such as an EFI system partition. Does not own the store; edits need one that can be written.</summary>
/// <remarks>Reading is safe from several threads as long as none edits.</remarks>
public sealed class FatVolume : FileVolume
{
    private readonly FatEditor _editor;
    private readonly Dictionary<uint, long> _folders = [];

    private FatVolume(ByteStore store, FatGeometry geometry)
    {
        (Store, Geometry) = (store, geometry);
        Table = new FatTable(store, geometry);
        Slots = new FatSlots(store, geometry, Table);
        _editor = new FatEditor(this);
        Root = new FatEntry(this, null);
        var label = Slots.Label() ?? geometry.Label;
        Label = label is "" or "NO NAME" ? null : label;
    }

    public override string Kind => Geometry.Kind;

    public override string? Label { get; }

    public override FileEntry Root { get; }

    /// <summary>Bytes in clusters that no file uses.</summary>
    public long FreeBytes => (long)Table.FreeClusters * Geometry.ClusterSize;

    internal ByteStore Store { get; }

    internal FatGeometry Geometry { get; }

    internal FatTable Table { get; }

    internal FatSlots Slots { get; }

    /// <summary>True when the store begins with the boot sector of a FAT volume.</summary>
    public static bool Matches(ByteStore store) => store.Length >= 512 && FatGeometry.Matches(store.ReadBytes(0, 512));

    /// <exception cref="InvalidImageException">It is no FAT volume, or its boot sector is damaged.</exception>
    public static FatVolume Open(ByteStore store) => new(store, FatGeometry.Parse(store));

    /// <summary>Makes a folder and those above it that are missing; one that exists is left as it is.</summary>
    /// <param name="made">What is noted as the time; null for now.</param>
    /// <exception cref="OsMigrateException">A file is in the way, the name is not possible, or the volume is full.</exception>
    public FileEntry CreateFolder(string path, DateTime? made = null)
    {
        _editor.CreateFolder(SplitPath(path), made ?? DateTime.Now);
        return Find(path)!;
    }

    /// <summary>Makes a file or replaces its content; the folder must exist. A replaced file keeps its attributes and its time of creation.</summary>
    /// <param name="modified">What is noted as the time of writing; null for now.</param>
    /// <exception cref="OsMigrateException">The folder is missing, a folder of that name exists, or the volume is full; nothing is changed then.</exception>
    public FileEntry WriteFile(string path, ByteStore content, DateTime? modified = null)
    {
        _editor.WriteFile(SplitPath(path), content, modified ?? DateTime.Now);
        return Find(path)!;
    }

    /// <summary>Deletes a file or a folder.</summary>
    /// <param name="recurse">Delete what the folder holds too; otherwise a folder must be empty.</param>
    /// <exception cref="OsMigrateException">There is no such entry, or the folder is not empty.</exception>
    public void Delete(string path, bool recurse = false) => _editor.Delete(SplitPath(path), recurse);

    internal PiecesStore Content(FatNamed file)
    {
        if (file.SizeBytes == 0)
            return new PiecesStore(Store, [], 0, file.Name);
        long cluster = Geometry.ClusterSize;
        var needed = (file.SizeBytes + cluster - 1) / cluster;
        var pieces = new List<ContentPiece>();
        long taken = 0;
        foreach (var one in Table.Chain(file.FirstCluster))
        {
            if (taken++ == needed)
                break;
            var at = Geometry.OffsetOf(one);
            if (pieces.Count > 0 && pieces[pieces.Count - 1] is var last && last.Start + last.Length == at)
                pieces[pieces.Count - 1] = last with { Length = last.Length + cluster };
            else
                pieces.Add(new ContentPiece(at, cluster));
        }

        return taken >= needed
            ? new PiecesStore(Store, pieces, file.SizeBytes, file.Name)
            : throw new InvalidImageException(ErrorIds.BadStructure, Store.Name, file.Places[file.Places.Count - 1], $"'{file.Name}' has {file.SizeBytes} bytes, but only {taken} clusters");
    }

    /// <summary>Notes that a folder is entered through this entry, and refuses a second one: a damaged volume must not be walked for ever.</summary>
    internal void Claim(FatNamed folder)
    {
        var place = folder.Places[folder.Places.Count - 1];
        lock (_folders)
        {
            if (folder.FirstCluster < 2 || folder.FirstCluster == Geometry.RootCluster || (_folders.TryGetValue(folder.FirstCluster, out var first) && first != place))
                throw new InvalidImageException(ErrorIds.Overlap, Store.Name, place, $"the folder '{folder.Name}' begins in cluster {folder.FirstCluster}, as another folder does");
            _folders[folder.FirstCluster] = place;
        }
    }

    /// <summary>Forgets who led to which folder, after an edit.</summary>
    internal void ForgetClaims()
    {
        lock (_folders)
            _folders.Clear();
    }
}
