using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>Hyper-V's disk format since Windows Server 2012. Read, not written.</summary>
public sealed class VhdxFormat : DiskFormat
{
    private VhdxFormat()
    {
    }

    public static VhdxFormat Instance { get; } = new();

    public override string Name => "vhdx";

    public override string Extension => ".vhdx";

    public override bool Matches(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
        => head.Length >= 8 && head.Slice(0, 8).SequenceEqual("vhdxfile"u8);

    public override DiskImage Open(ByteStore store, Siblings siblings)
    {
        var parts = VhdxParts.Read(store);
        return parts.Metadata.ParentLocator is null
            ? new VhdxImage(parts.Store, parts, parent: null, parentName: null)
            : VhdxParent.Open(parts, siblings);
    }

    public override IEnumerable<ImageFinding> Check(ByteStore store, Siblings siblings, CancellationToken cancel)
        => VhdxCheck.Run(store, siblings, cancel);
}

/// <summary>Everything a VHDX says of itself.</summary>
/// <param name="Store">The file, its log replayed.</param>
internal sealed record VhdxParts(ByteStore Store, VhdxHeader Header, VhdxRegions Regions, VhdxMetadata Metadata, VhdxBlockTable Table)
{
    public static VhdxParts Read(ByteStore file)
    {
        if (!VhdxFormat.Instance.Matches(file.ReadBytes(0, 8), default))
            throw new InvalidImageException(ErrorIds.BadStructure, file.Name, 0, "a VHDX begins with 'vhdxfile', this file does not");
        var header = VhdxHeader.ReadCurrent(file);
        var store = VhdxLog.Replay(file, header);
        var regions = VhdxRegions.Read(store);
        var metadata = VhdxMetadata.Read(store, regions.Metadata);
        return new VhdxParts(store, header, regions, metadata, VhdxBlockTable.Read(store, regions.BlockTable, metadata));
    }
}
