using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Iso9660;

/// <summary>Which of an ISO's trees to read.</summary>
public enum IsoNames
{
    /// <summary>Rock Ridge where the image has it, else Joliet, else the plain tree.</summary>
    Best,

    /// <summary>The primary tree, capitals of 8.3 or up to 31 characters.</summary>
    Primary,

    /// <summary>The primary tree with the names of Rock Ridge.</summary>
    RockRidge,

    /// <summary>The tree of Microsoft's Joliet extension.</summary>
    Joliet,
}

/// <summary>An ISO 9660 volume, as on a CD or in an .iso file. Read only; does not own the store.</summary>
public sealed class Iso9660Volume : FileVolume
{
    private const int FirstDescriptor = 16 * IsoDescriptor.Size;
    private const int MaxDescriptors = 64;

    private Iso9660Volume(ByteStore store, IsoDescriptor descriptor, IsoNames names, int skip)
    {
        (Store, Descriptor, Names, Skip) = (store, descriptor, names, skip);
        Claims = new FolderClaims(store.Name);
        Root = new IsoEntry(this, descriptor.Root, descriptor.Root.Block);
    }

    public override string Kind => "ISO 9660";

    public override string? Label => Descriptor.Label.Length == 0 ? null : Descriptor.Label;

    public override FileEntry Root { get; }

    /// <summary>The tree that is read; never <see cref="IsoNames.Best"/>.</summary>
    public IsoNames Names { get; }

    internal ByteStore Store { get; }

    internal IsoDescriptor Descriptor { get; }

    internal FolderClaims Claims { get; }

    /// <summary>Bytes in front of the Rock Ridge entries of each record.</summary>
    internal int Skip { get; }

    /// <summary>True when the store has a volume descriptor of ISO 9660 in its place.</summary>
    public static bool Matches(ByteStore store)
        => store.Length >= FirstDescriptor + IsoDescriptor.Size && IsoDescriptor.Matches(store.ReadBytes(FirstDescriptor, 7));

    /// <exception cref="InvalidImageException">It is no ISO 9660 volume, or its descriptors are damaged.</exception>
    /// <exception cref="OsMigrateException">It has no tree of the wanted kind.</exception>
    public static Iso9660Volume Open(ByteStore store, IsoNames names = IsoNames.Best)
    {
        IsoDescriptor? primary = null;
        IsoDescriptor? joliet = null;
        for (var i = 0; i < MaxDescriptors; i++)
        {
            var at = FirstDescriptor + ((long)i * IsoDescriptor.Size);
            if (at > store.Length - IsoDescriptor.Size)
                break;
            var sector = store.ReadBytes(at, IsoDescriptor.Size);
            if (!IsoDescriptor.Matches(sector) || sector[0] == IsoDescriptor.EndType)
                break;
            if (sector[0] == IsoDescriptor.PrimaryType)
                primary ??= IsoDescriptor.Parse(sector, store.Name, at);
            else if (sector[0] == IsoDescriptor.SupplementaryType && IsoDescriptor.Parse(sector, store.Name, at) is { IsJoliet: true } found)
                joliet ??= found;
        }

        if (primary is not { } first)
            throw new InvalidImageException(ErrorIds.UnknownFormat, store.Name, FirstDescriptor, "no primary volume descriptor of ISO 9660 is here");
        return Choose(store, first, joliet, names);
    }

    private static Iso9660Volume Choose(ByteStore store, IsoDescriptor primary, IsoDescriptor? joliet, IsoNames names)
    {
        var skip = RockRidgeSkip(store, primary);
        var chosen = names != IsoNames.Best ? names : skip is not null ? IsoNames.RockRidge : joliet is not null ? IsoNames.Joliet : IsoNames.Primary;
        return chosen switch
        {
            IsoNames.Joliet when joliet is { } found => new Iso9660Volume(store, found, chosen, 0),
            IsoNames.RockRidge when skip is { } bytes => new Iso9660Volume(store, primary, chosen, bytes),
            IsoNames.Primary => new Iso9660Volume(store, primary, chosen, 0),
            _ => throw new OsMigrateException(ErrorIds.UnsupportedFeature, ErrorKind.NotFound, $"'{store.Name}' has no names of the kind {chosen}.", store.Name),
        };
    }

    private static int? RockRidgeSkip(ByteStore store, IsoDescriptor primary)
    {
        var at = primary.Root.Block * primary.BlockSize;
        if (at > store.Length - IsoDescriptor.Size)
            return null;
        return IsoRecord.Parse(store.ReadBytes(at, IsoDescriptor.Size)) is { } self ? RockRidge.Announced(self.SystemUse) : null;
    }
}
