using OsMigrate.Bytes;
using OsMigrate.Disks.Copying;
using OsMigrate.Disks.InPlace;

namespace OsMigrate.Disks.Vhd;

/// <summary>Microsoft's Virtual Hard Disk: Virtual PC, Hyper-V before 2012, Azure, XenServer. QEMU calls it vpc.</summary>
public sealed class VhdFormat : DiskFormat
{
    private VhdFormat()
    {
    }

    public static VhdFormat Instance { get; } = new();

    public override string Name => "vhd";

    public override string Extension => ".vhd";

    public override IReadOnlyList<string> WritableSubformats { get; } = ["dynamic", "fixed"];

    /// <summary>Dynamic and differencing disks have a copy of the footer in front; a fixed disk has its footer at the end only.</summary>
    public override bool Matches(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
        => VhdFooter.HasCookie(head) || HasFooter(tail, VhdFooter.Size) || HasFooter(tail, VhdFooter.OldSize);

    public override DiskImage Open(ByteStore store, Siblings siblings) => OpenVhd(store, siblings);

    public override EncodeResult Encode(DiskImage source, Sink target, EncodeOptions options) => VhdEncoder.Encode(source, target, options);

    public override IEnumerable<ImageFinding> Check(ByteStore store, Siblings siblings, CancellationToken cancel)
        => VhdCheck.Run(store, siblings, cancel);

    /// <summary>A fixed disk only: its content lies at the start of the file.</summary>
    internal override IInPlaceEditor EditorFor(StagedStore file)
        => VhdLayout.Read(file).Footer.Type == VhdType.Fixed ? new PlainEditor(file) : throw InPlaceImage.NotInPlace(file.Name, "of the VHD disks only fixed ones are changed in place");

    internal static VhdImage OpenVhd(ByteStore store, Siblings siblings)
    {
        var layout = VhdLayout.Read(store);
        if (layout.Footer.Type == VhdType.Fixed)
            return new VhdFixedImage(store, layout);
        var table = VhdBlockTable.Read(store, layout);
        return layout.Footer.Type == VhdType.Dynamic
            ? new VhdBlockImage(store, layout, table, parent: null)
            : VhdParent.Open(store, layout, table, siblings);
    }

    private static bool HasFooter(ReadOnlySpan<byte> tail, int size)
        => tail.Length >= size && VhdFooter.HasCookie(tail.Slice(tail.Length - size));
}
