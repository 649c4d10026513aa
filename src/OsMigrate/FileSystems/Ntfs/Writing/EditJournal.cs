using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Holds the writes of one operation back until all of it is known to succeed; readers see them at once.</summary>
internal sealed class EditJournal(ByteStore below) : ByteStore
{
    private const int PageSize = 4096;

    private readonly Dictionary<long, byte[]> _pages = [];
    private readonly object _gate = new();

    public override long Length => below.Length;

    public override string Name => below.Name;

    public override bool CanWrite => below.CanWrite;

    /// <summary>Writes at once, for places that nobody can see before the operation is done.</summary>
    /// <remarks>A page may hold such places beside others, where clusters are smaller than it: the part that is held back must not bring old bytes over the new ones.</remarks>
    public ByteStore Through => new PastStore(this);

    public override void Read(long offset, Span<byte> buffer)
    {
        lock (_gate)
        {
            if (_pages.Count > 0)
            {
                ReadOver(offset, buffer);
                return;
            }
        }

        below.Read(offset, buffer);
    }

    public override void Write(long offset, ReadOnlySpan<byte> data)
    {
        CheckRange(offset, data.Length);
        lock (_gate)
        {
            while (data.Length > 0)
            {
                var within = (int)(offset % PageSize);
                var n = Math.Min(data.Length, PageSize - within);
                data.Slice(0, n).CopyTo(PageFor(offset / PageSize, whole: n == PageSize).AsSpan(within));
                offset += n;
                data = data.Slice(n);
            }
        }
    }

    public override Extent NextExtent(long offset)
    {
        lock (_gate)
            return _pages.Count > 0 ? base.NextExtent(offset) : below.NextExtent(offset);
    }

    /// <summary>Hands everything to the store below.</summary>
    public void Commit()
    {
        lock (_gate)
        {
            foreach (var page in _pages.OrderBy(static p => p.Key))
                below.Write(page.Key * PageSize, page.Value.AsSpan(0, SizeOf(page.Key)));
            _pages.Clear();
        }
    }

    public void Drop()
    {
        lock (_gate)
            _pages.Clear();
    }

    private void ReadOver(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        while (buffer.Length > 0)
        {
            var within = (int)(offset % PageSize);
            var n = Math.Min(buffer.Length, PageSize - within);
            if (_pages.TryGetValue(offset / PageSize, out var page))
                page.AsSpan(within, n).CopyTo(buffer);
            else
                below.Read(offset, buffer.Slice(0, n));
            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    private int SizeOf(long number) => (int)Math.Min(PageSize, Length - (number * PageSize));

    private byte[] PageFor(long number, bool whole)
    {
        if (_pages.TryGetValue(number, out var page))
            return page;
        page = new byte[PageSize];
        if (!whole)
            below.Read(number * PageSize, page.AsSpan(0, SizeOf(number)));
        return _pages[number] = page;
    }

    private void WriteThrough(long offset, ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            below.Write(offset, data);
            while (data.Length > 0)
            {
                var within = (int)(offset % PageSize);
                var n = Math.Min(data.Length, PageSize - within);
                if (_pages.TryGetValue(offset / PageSize, out var page))
                    data.Slice(0, n).CopyTo(page.AsSpan(within));
                offset += n;
                data = data.Slice(n);
            }
        }
    }

    private sealed class PastStore(EditJournal journal) : ByteStore
    {
        public override long Length => journal.Length;

        public override string Name => journal.Name;

        public override bool CanWrite => journal.CanWrite;

        public override void Read(long offset, Span<byte> buffer) => journal.Read(offset, buffer);

        public override void Write(long offset, ReadOnlySpan<byte> data) => journal.WriteThrough(offset, data);
    }
}
