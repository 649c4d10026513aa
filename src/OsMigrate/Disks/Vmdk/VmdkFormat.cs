using System.Buffers.Binary;
using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;

namespace OsMigrate.Disks.Vmdk;

/// <summary>What the first bytes of a sparse extent say.</summary>
internal enum VmdkMagic
{
    None,
    Hosted,
    Cowd,
    SeSparse,
}

/// <summary>VMware's virtual disks, of Workstation and of ESXi.</summary>
public sealed class VmdkFormat : DiskFormat
{
    internal const int SectorSize = 512;

    internal const string StreamOptimized = "streamOptimized";

    /// <summary>Beyond this, byte offsets would not fit 63 bits.</summary>
    internal const ulong MaxSectors = long.MaxValue / SectorSize / 4;

    private VmdkFormat()
    {
    }

    public static VmdkFormat Instance { get; } = new();

    public override string Name => "vmdk";

    public override string Extension => ".vmdk";

    public override IReadOnlyList<string> WritableSubformats { get; } = [StreamOptimized];

    public override bool Matches(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail) => Magic(head) != VmdkMagic.None || VmdkDescriptor.Looks(head);

    public override DiskImage Open(ByteStore store, Siblings siblings) => new VmdkOpener(store, siblings).Open();

    public override EncodeResult Encode(DiskImage source, Sink target, EncodeOptions options) => StreamOptimizedEncoder.Encode(source, target, options);

    public override IEnumerable<ImageFinding> Check(ByteStore store, Siblings siblings, CancellationToken cancel) => VmdkCheck.Run(store, siblings, cancel);

    internal static VmdkMagic Magic(ReadOnlySpan<byte> head)
        => head.StartsWith("KDMV"u8) ? VmdkMagic.Hosted
            : head.StartsWith("COWD"u8) ? VmdkMagic.Cowd
            : head.Length >= 8 && BinaryPrimitives.ReadUInt64LittleEndian(head) == 0xCAFEBABE ? VmdkMagic.SeSparse
            : VmdkMagic.None;
}
