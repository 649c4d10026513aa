using OsMigrate.Bytes;
using OsMigrate.Disks;

namespace OsMigrate.VSphere.Datastores;

/// <summary>A disk of which the host says what is allocated: all else reads as zeros and is not fetched.</summary>
/// <param name="areas">Start and length, ascending, without overlaps.</param>
internal sealed class AllocatedAreas(DiskImage below, IReadOnlyList<Extent> areas) : DiskImage
{
    public override long Length => below.Length;

    public override string Name => below.Name;

    public override DiskFormat Format => below.Format;

    public override DiskImageInfo Info => below.Info;

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        while (buffer.Length > 0)
        {
            var extent = NextExtent(offset);
            var part = buffer.Slice(0, (int)Math.Min(buffer.Length, extent.Length));
            if (extent.Kind == ExtentKind.Zero)
                part.Clear();
            else
                below.Read(offset, part);
            buffer = buffer.Slice(part.Length);
            offset += part.Length;
        }
    }

    public override Extent NextExtent(long offset)
    {
        var index = FirstEndingAfter(offset);
        if (index == areas.Count)
            return new Extent(offset, Length - offset, ExtentKind.Zero);
        var area = areas[index];
        return offset < area.Start
            ? new Extent(offset, area.Start - offset, ExtentKind.Zero)
            : new Extent(offset, Math.Min(Length, area.Start + area.Length) - offset, ExtentKind.Data);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            below.Dispose();
    }

    private int FirstEndingAfter(long offset)
    {
        var (low, high) = (0, areas.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (areas[middle].Start + areas[middle].Length > offset)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
