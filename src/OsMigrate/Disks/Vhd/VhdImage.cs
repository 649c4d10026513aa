using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhd;

/// <summary>An opened VHD of any kind.</summary>
internal abstract class VhdImage(ByteStore store, VhdLayout layout) : DiskImage
{
    public override DiskFormat Format => VhdFormat.Instance;

    public override long Length => layout.VirtualSizeBytes;

    public override string Name => store.Name;

    /// <summary>What a child knows this disk by.</summary>
    public VhdFooter Footer => layout.Footer;

    protected ByteStore Store => store;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            store.Dispose();
    }
}

/// <summary>A fixed VHD: the content, then the footer.</summary>
internal sealed class VhdFixedImage : VhdImage
{
    public VhdFixedImage(ByteStore store, VhdLayout layout)
        : base(store, layout)
    {
        if (Length > layout.FooterOffset)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, layout.FooterOffset, $"the disk has {Length} bytes, but its footer starts here already");
        Info = new DiskImageInfo { Subformat = "fixed", Notices = layout.Notices };
    }

    public override DiskImageInfo Info { get; }

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        Store.Read(offset, buffer);
    }

    public override Extent NextExtent(long offset)
    {
        var extent = Store.NextExtent(offset);
        return extent with { Length = Math.Min(extent.Length, Length - offset) };
    }
}
