using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhd;

/// <summary>A dynamic or differencing VHD.</summary>
/// <remarks>
/// In a dynamic disk a stored block counts as a whole and its sector bitmap is not consulted: sectors never written are zero in the file.
/// In a differencing disk the bitmap says sector by sector what comes from here and what from the parent.
/// </remarks>
internal sealed class VhdBlockImage : VhdImage
{
    // A longer look ahead would be repeated for every chunk that is read.
    private const int MaxRunBlocks = 4096;
    private const int SectorSize = 512;

    private readonly VhdBlockTable _table;
    private readonly VhdImage? _parent;

    public VhdBlockImage(ByteStore store, VhdLayout layout, VhdBlockTable table, VhdImage? parent, string? parentName = null, IEnumerable<string>? notices = null)
        : base(store, layout)
    {
        (_table, _parent) = (table, parent);
        Info = new DiskImageInfo
        {
            Subformat = parent is null ? "dynamic" : "differencing",
            BlockSizeBytes = table.BlockSize,
            ParentName = parentName,
            Parent = parent?.Info,
            Notices = [.. layout.Notices, .. notices ?? []],
        };
    }

    public override DiskImageInfo Info { get; }

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        while (buffer.Length > 0)
        {
            var within = (int)(offset % _table.BlockSize);
            var n = Math.Min(buffer.Length, _table.BlockSize - within);
            var part = buffer.Slice(0, n);
            var bitmap = _table.BitmapOffset(offset / _table.BlockSize);
            if (bitmap < 0)
                ReadBelow(offset, part);
            else if (_parent is null)
                Store.Read(bitmap + _table.BitmapSize + within, part);
            else
                ReadMixed(bitmap, offset, within, part);
            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    public override Extent NextExtent(long offset)
    {
        var index = offset / _table.BlockSize;
        var bitmap = _table.BitmapOffset(index);
        if (bitmap >= 0)
        {
            var left = Math.Min(((index + 1) * _table.BlockSize) - offset, Length - offset);
            if (_parent is not null)
                return new Extent(offset, left, ExtentKind.Data);
            var stored = Store.NextExtent(bitmap + _table.BitmapSize + (offset % _table.BlockSize));
            return new Extent(offset, Math.Min(left, stored.Length), stored.Kind);
        }

        var last = index;
        while (last + 1 < _table.Count && last - index < MaxRunBlocks && _table.BitmapOffset(last + 1) < 0)
            last++;
        var end = Math.Min((last + 1) * _table.BlockSize, Length);
        if (_parent is null || offset >= _parent.Length)
            return new Extent(offset, end - offset, ExtentKind.Zero);
        var below = _parent.NextExtent(offset);
        return below with { Length = Math.Min(below.Length, end - offset) };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _parent?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Closes the parents only, for a check that leaves the file itself to its owner.</summary>
    internal void DisposeParent() => _parent?.Dispose();

    /// <summary>The parent's content, zeros past its end: a child may be larger.</summary>
    private void ReadBelow(long offset, Span<byte> buffer)
    {
        var n = _parent is null ? 0 : (int)Math.Min(buffer.Length, Math.Max(0, _parent.Length - offset));
        if (n > 0)
            _parent!.Read(offset, buffer.Slice(0, n));
        buffer.Slice(n).Clear();
    }

    /// <summary>Reads from one stored block of a differencing disk, a run of sectors of the same origin at a time.</summary>
    private void ReadMixed(long bitmapOffset, long offset, int within, Span<byte> buffer)
    {
        var first = within / SectorSize;
        var last = (within + buffer.Length - 1) / SectorSize;
        var bits = Store.ReadBytes(bitmapOffset + (first / 8), (last / 8) - (first / 8) + 1);
        bool IsHere(int sector) => (bits[(sector / 8) - (first / 8)] & (0x80 >> (sector % 8))) != 0;
        while (buffer.Length > 0)
        {
            var sector = within / SectorSize;
            var here = IsHere(sector);
            var end = sector + 1;
            while (end <= last && IsHere(end) == here)
                end++;
            var n = Math.Min(buffer.Length, (end * SectorSize) - within);
            if (here)
                Store.Read(bitmapOffset + _table.BitmapSize + within, buffer.Slice(0, n));
            else
                ReadBelow(offset, buffer.Slice(0, n));
            offset += n;
            within += n;
            buffer = buffer.Slice(n);
        }
    }
}
