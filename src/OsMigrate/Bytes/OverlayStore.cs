namespace OsMigrate.Bytes;

/// <summary>Copy-on-write over another store: writes land in memory, the store below is never touched. Dropping the overlay is the undo.</summary>
public sealed class OverlayStore(ByteStore below) : ByteStore
{
    /// <summary>Bytes per overlay page.</summary>
    public const int PageSize = 65536;

    private readonly Dictionary<long, byte[]> _pages = [];
    private readonly object _gate = new();

    public override long Length => below.Length;

    public override string Name => below.Name;

    public override bool CanWrite => true;

    /// <summary>The store underneath, as it was before any edit.</summary>
    public ByteStore Below => below;

    /// <summary>Offsets of the pages that have been written to, ascending.</summary>
    public IReadOnlyList<long> EditedPages
    {
        get
        {
            lock (_gate)
                return [.. _pages.Keys.OrderBy(static page => page).Select(static page => page * PageSize)];
        }
    }

    /// <summary>True when any byte of the range has been written.</summary>
    public bool IsEdited(long offset, long length)
    {
        lock (_gate)
        {
            for (var page = offset / PageSize; page * PageSize < offset + length; page++)
            {
                if (_pages.ContainsKey(page))
                    return true;
            }
        }

        return false;
    }

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        while (buffer.Length > 0)
        {
            var within = (int)(offset % PageSize);
            var n = Math.Min(buffer.Length, PageSize - within);
            byte[]? page;
            lock (_gate)
                _pages.TryGetValue(offset / PageSize, out page);
            if (page is null)
                below.Read(offset, buffer.Slice(0, n));
            else
                page.AsSpan(within, n).CopyTo(buffer);
            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    public override void Write(long offset, ReadOnlySpan<byte> data)
    {
        CheckRange(offset, data.Length);
        while (data.Length > 0)
        {
            var within = (int)(offset % PageSize);
            var n = Math.Min(data.Length, PageSize - within);
            lock (_gate)
                data.Slice(0, n).CopyTo(PageFor(offset / PageSize, isWhole: n == PageSize).AsSpan(within));
            offset += n;
            data = data.Slice(n);
        }
    }

    public override Extent NextExtent(long offset)
    {
        var extent = below.NextExtent(offset);
        if (extent.Kind == ExtentKind.Data)
            return extent;
        lock (_gate)
        {
            // A zero run below ends where the first edited page begins.
            long? edited = null;
            foreach (var page in _pages.Keys)
            {
                var start = Math.Max(page * PageSize, offset);
                if (start < extent.End && (page + 1) * PageSize > offset && (edited is null || start < edited))
                    edited = start;
            }

            if (edited is null)
                return extent;
            return edited == offset
                ? new Extent(offset, Math.Min(PageSize - (offset % PageSize), Length - offset), ExtentKind.Data)
                : new Extent(offset, edited.Value - offset, ExtentKind.Zero);
        }
    }

    /// <summary>Forgets the edits. The store below belongs to whoever gave it.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
            _pages.Clear();
    }

    /// <param name="isWhole">All of the page is about to be overwritten: what is below need not be read.</param>
    private byte[] PageFor(long number, bool isWhole)
    {
        if (_pages.TryGetValue(number, out var page))
            return page;
        page = new byte[PageSize];
        var start = number * PageSize;
        if (!isWhole)
            below.Read(start, page.AsSpan(0, (int)Math.Min(PageSize, Length - start)));
        return _pages[number] = page;
    }
}
