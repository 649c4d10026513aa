using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Fat;

/// <summary>A file or folder of a FAT volume.</summary>
/// <param name="named">Null for the root.</param>
internal sealed class FatEntry(FatVolume volume, FatNamed? named) : FileEntry
{
    public override string Name => named?.Name ?? "";

    public override bool IsFolder => named?.IsFolder ?? true;

    public override long SizeBytes => IsFolder ? 0 : named!.SizeBytes;

    public override DateTime? CreatedTime => Time(16, 14);

    public override DateTime? ModifiedTime => Time(24, 22);

    public override DateTime? AccessedTime => named is null ? null : FatTimes.Read(BinaryPrimitives.ReadUInt16LittleEndian(named.Slot.AsSpan(18)), 0);

    /// <summary>First cluster of the content; 0 for the root and for empty files.</summary>
    public uint FirstCluster => named?.FirstCluster ?? 0;

    public override ByteStore OpenContent()
    {
        if (named is null || IsFolder)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{Name}' is a folder; it has no content.", Name);
        return volume.Content(named);
    }

    public override IEnumerable<FileEntry> Children()
    {
        if (!IsFolder)
            return [];
        if (named is not null)
            volume.Claim(named);
        return volume.Slots.Named(FirstCluster).Select(child => new FatEntry(volume, child));
    }

    public override FileEntry? FindChild(string name)
        => IsFolder && volume.Slots.Named(FirstCluster).FirstOrDefault(n => n.Has(name)) is { } found ? new FatEntry(volume, found) : null;

    private DateTime? Time(int dateAt, int timeAt) => named is null
        ? null
        : FatTimes.Read(BinaryPrimitives.ReadUInt16LittleEndian(named.Slot.AsSpan(dateAt)), BinaryPrimitives.ReadUInt16LittleEndian(named.Slot.AsSpan(timeAt)));
}
