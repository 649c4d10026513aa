using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vdi;

/// <summary>A dynamic or fixed VDI. Both have a block map; in a fixed one every block has its place.</summary>
internal sealed class VdiImage(ByteStore store, VdiBlockMap map) : DiskImage
{
    private const int MaxBlocksPerExtent = 65536;

    public override DiskFormat Format => VdiFormat.Instance;

    public override DiskImageInfo Info { get; } = new()
    {
        Subformat = map.Header.Type == VdiType.Fixed ? "fixed" : "dynamic",
        BlockSizeBytes = map.BlockSize,
    };

    public override string Name => store.Name;

    public override long Length => map.VirtualSize;

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        while (buffer.Length > 0)
        {
            var within = (int)(offset % map.BlockSize);
            var n = Math.Min(map.BlockSize - within, buffer.Length);
            var stored = map.Find((int)(offset / map.BlockSize));
            if (stored < 0)
                buffer.Slice(0, n).Clear();
            else
                store.Read(map.Offset(stored) + within, buffer.Slice(0, n));
            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    public override Extent NextExtent(long offset)
    {
        var block = (int)(offset / map.BlockSize);
        var isZero = map.Find(block) < 0;
        var end = block + 1;
        var limit = Math.Min(map.Count, (long)block + MaxBlocksPerExtent);
        while (end < limit && map.Find(end) < 0 == isZero)
            end++;
        return new Extent(offset, Math.Min((long)end * map.BlockSize, Length) - offset, isZero ? ExtentKind.Zero : ExtentKind.Data);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            store.Dispose();
    }
}
