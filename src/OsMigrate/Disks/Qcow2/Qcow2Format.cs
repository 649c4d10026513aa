using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.InPlace;

namespace OsMigrate.Disks.Qcow2;

/// <summary>QEMU's copy-on-write format, version 2 and 3.</summary>
public sealed class Qcow2Format : DiskFormat
{
    private Qcow2Format()
    {
    }

    public static Qcow2Format Instance { get; } = new();

    public override string Name => "qcow2";

    public override string Extension => ".qcow2";

    public override IReadOnlyList<string> WritableSubformats { get; } = ["v3"];

    public override bool Matches(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
        => head.Length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(head) == Qcow2Header.MagicValue
           && BinaryPrimitives.ReadUInt32BigEndian(head.Slice(4)) >= 2;

    public override DiskImage Open(ByteStore store, Siblings siblings) => Qcow2Opener.Open(store, siblings);

    public override EncodeResult Encode(DiskImage source, Sink target, EncodeOptions options) => Qcow2Encoder.Encode(source, target, options);

    internal override IInPlaceEditor EditorFor(StagedStore file) => new Qcow2Editor(file);

    /// <summary>Looks at the image itself, not at its backing files.</summary>
    public override IEnumerable<ImageFinding> Check(ByteStore store, Siblings siblings, CancellationToken cancel) => Qcow2Check.Run(store, cancel);
}
