using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>What every part of the reader needs: the bytes and the sizes.</summary>
internal sealed record NtfsLayout(ByteStore Store, NtfsBoot Boot)
{
    public string Name => Store.Name;

    public InvalidImageException Bad(long at, string reason) => new(ErrorIds.BadStructure, Name, at, reason);
}
