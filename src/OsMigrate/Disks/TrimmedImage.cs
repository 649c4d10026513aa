using OsMigrate.Bytes;

namespace OsMigrate.Disks;

/// <summary>A disk with areas of which it is known that nobody needs what is there: they read as zeros, and are not read below. Owns the disk.</summary>
/// <param name="free">Ascending, without overlaps.</param>
internal sealed class TrimmedImage(DiskImage below, IReadOnlyList<Extent> free) : DiskImage, IDeflatedBlocks
{
    public override IDeflatedBlocks? DeflatedBlocks => below.DeflatedBlocks is null ? null : this;

    int IDeflatedBlocks.BlockSize => below.DeflatedBlocks!.BlockSize;

    public override long Length => below.Length;

    public override string Name => below.Name;

    public override DiskFormat Format => below.Format;

    public override DiskImageInfo Info => below.Info;

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        while (buffer.Length > 0)
        {
            var (isFree, end) = Run(offset);
            var part = buffer.Slice(0, (int)Math.Min(buffer.Length, end - offset));
            if (isFree)
                part.Clear();
            else
                below.Read(offset, part);
            buffer = buffer.Slice(part.Length);
            offset += part.Length;
        }
    }

    public override Extent NextExtent(long offset)
    {
        var (isFree, end) = Run(offset);
        if (isFree)
            return new Extent(offset, end - offset, ExtentKind.Zero);
        var extent = below.NextExtent(offset);
        return extent with { Length = Math.Min(extent.Length, end - offset) };
    }

    /// <summary>A block that is free in part is made anew of the rest.</summary>
    bool IDeflatedBlocks.TryGet(long offset, out DeflatedBlock block)
    {
        block = default;
        var (isFree, end) = Run(offset);
        return !isFree && end - offset >= below.DeflatedBlocks!.BlockSize && below.DeflatedBlocks.TryGet(offset, out block);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            below.Dispose();
    }

    /// <summary>Whether an offset is free, and how far the same is true.</summary>
    private (bool IsFree, long End) Run(long offset)
    {
        var (low, high) = (0, free.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (free[middle].End > offset)
                high = middle;
            else
                low = middle + 1;
        }

        if (low == free.Count)
            return (false, Length);
        return offset >= free[low].Start ? (true, Math.Min(Length, free[low].End)) : (false, Math.Min(Length, free[low].Start));
    }
}
