using OsMigrate.Bytes;

namespace OsMigrate.Disks.Raw;

/// <summary>A raw image: its store is its content. The file need not be a multiple of 512 bytes.</summary>
public sealed class RawImage(ByteStore store) : DiskImage
{
    public override DiskFormat Format => RawFormat.Instance;

    public override DiskImageInfo Info { get; } = new();

    public override long Length => store.Length;

    public override string Name => store.Name;

    public override void Read(long offset, Span<byte> buffer) => store.Read(offset, buffer);

    public override Extent NextExtent(long offset) => store.NextExtent(offset);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            store.Dispose();
    }
}
