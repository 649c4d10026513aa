using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Iso9660;

/// <summary>A file or folder of an ISO 9660 volume.</summary>
internal sealed class IsoEntry : FileEntry
{
    private readonly Iso9660Volume _volume;
    private readonly IReadOnlyList<IsoRecord> _extents;
    private readonly RockRidge? _rockRidge;
    private readonly long _place;

    /// <summary>The root.</summary>
    public IsoEntry(Iso9660Volume volume, IsoRecord record, long block)
        : this(volume, "", [record], null, -1) => FolderBlock = block;

    /// <param name="extents">All records of the file, in order; a folder has one.</param>
    /// <param name="place">Byte offset of the first record; -1 for the root.</param>
    public IsoEntry(Iso9660Volume volume, string name, IReadOnlyList<IsoRecord> extents, RockRidge? rockRidge, long place)
    {
        (_volume, Name, _extents, _rockRidge, _place) = (volume, name, extents, rockRidge, place);
        FolderBlock = rockRidge?.MovedToBlock ?? extents[0].Block + extents[0].AttributeBlocks;
    }

    public override string Name { get; }

    public override bool IsFolder => _extents[0].IsFolder || _rockRidge?.MovedToBlock is not null;

    public override long SizeBytes => IsFolder ? 0 : _extents.Sum(static e => e.ContentBytes);

    public override DateTime? CreatedTime => _rockRidge?.CreatedUtc ?? _extents[0].RecordedUtc;

    public override DateTime? ModifiedTime => _rockRidge?.ModifiedUtc ?? _extents[0].RecordedUtc;

    public override DateTime? AccessedTime => _rockRidge?.AccessedUtc;

    private long FolderBlock { get; init; }

    public override ByteStore OpenContent()
    {
        if (IsFolder)
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{Name}' is a folder; it has no content.", Name);
        if (_rockRidge?.IsCompressed == true)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, _volume.Store.Name, _place, $"the content of '{Name}' is compressed by zisofs, which is not read here");
        if (_extents.Any(static e => e.UnitBlocks != 0))
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, _volume.Store.Name, _place, $"the content of '{Name}' is interleaved, which is not read here");
        var block = (long)_volume.Descriptor.BlockSize;
        return new PiecesStore(_volume.Store, _extents.Select(e => new ContentPiece((e.Block + e.AttributeBlocks) * block, e.ContentBytes)), SizeBytes, Name);
    }

    public override IEnumerable<FileEntry> Children()
    {
        if (!IsFolder)
            return [];
        _volume.Claims.Claim(FolderBlock, _place);
        return IsoFolder.Read(_volume, FolderBlock, SizeOfFolder());
    }

    /// <summary>A moved folder's size stands in its own first record, not in the placeholder.</summary>
    private long SizeOfFolder()
    {
        if (_rockRidge?.MovedToBlock is null)
            return _extents[0].ContentBytes;
        var at = FolderBlock * _volume.Descriptor.BlockSize;
        var self = IsoRecord.Parse(_volume.Store.ReadBytes(at, (int)Math.Min(IsoDescriptor.Size, Math.Max(0, _volume.Store.Length - at))));
        return self?.ContentBytes ?? throw new InvalidImageException(ErrorIds.BadStructure, _volume.Store.Name, at, $"the folder '{Name}' should begin here, but no record does");
    }
}
