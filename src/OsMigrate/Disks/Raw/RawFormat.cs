using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.InPlace;

namespace OsMigrate.Disks.Raw;

/// <summary>A plain image: byte n of the file is byte n of the disk.</summary>
public sealed class RawFormat : DiskFormat
{
    private RawFormat()
    {
    }

    public static RawFormat Instance { get; } = new();

    public override string Name => "raw";

    public override string Extension => ".raw";

    public override bool Matches(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail) => true;

    public override DiskImage Open(ByteStore store, Siblings siblings) => new RawImage(store);

    public override IReadOnlyList<string> WritableSubformats { get; } = ["sparse"];

    public override EncodeResult Encode(DiskImage source, Sink target, EncodeOptions options) => RawEncoder.Encode(source, target, options);

    internal override IInPlaceEditor EditorFor(StagedStore file) => new PlainEditor(file);
}
