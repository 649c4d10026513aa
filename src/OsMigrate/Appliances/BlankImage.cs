using OsMigrate.Bytes;
using OsMigrate.Disks;
using OsMigrate.Disks.Raw;

namespace OsMigrate.Appliances;

/// <summary>A disk that an appliance delivers empty: all zeros, no file.</summary>
internal sealed class BlankImage(string name, long length) : DiskImage
{
    public override DiskFormat Format => RawFormat.Instance;

    public override DiskImageInfo Info { get; } = new() { Notices = ["The appliance delivers this disk empty."] };

    public override long Length => length;

    public override string Name => name;

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        buffer.Clear();
    }

    public override Extent NextExtent(long offset) => new(offset, length - offset, ExtentKind.Zero);
}
