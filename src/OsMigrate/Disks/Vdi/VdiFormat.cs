using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vdi;

/// <summary>VirtualBox's own image format, read only.</summary>
public sealed class VdiFormat : DiskFormat
{
    private VdiFormat()
    {
    }

    public static VdiFormat Instance { get; } = new();

    public override string Name => "vdi";

    public override string Extension => ".vdi";

    public override bool Matches(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
        => head.Length >= VdiHeader.MarkOffset + 4 && BinaryPrimitives.ReadUInt32LittleEndian(head.Slice(VdiHeader.MarkOffset)) == VdiHeader.MarkValue;

    public override DiskImage Open(ByteStore store, Siblings siblings) => new VdiImage(store, VdiBlockMap.Read(store));

    public override IEnumerable<ImageFinding> Check(ByteStore store, Siblings siblings, CancellationToken cancel) => VdiCheck.Run(store, cancel);
}
