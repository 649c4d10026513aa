namespace OsMigrate.Bytes;

/// <summary>A file as it shall become: changes lie in memory, page by page, and the file may grow. <see cref="UndoJournal"/> carries them to the file.</summary>
/// <param name="below">The file as it is; it stays with its owner.</param>
public sealed class StagedStore(ByteStore below) : ByteStore
{
    /// <summary>Bytes per page: a small one, as every page that is changed is written twice.</summary>
    public const int PageSize = 4096;

    private readonly SortedDictionary<long, byte[]> _pages = [];
    private long _length = below.Length;

    public override long Length => _length;

    public override string Name => below.Name;

    public override bool CanWrite => true;

    /// <summary>Pages whose content is another than on the file, ascending by offset. The last one may reach past <see cref="Length"/>, with zeros.</summary>
    public IEnumerable<(long Offset, byte[] Content)> ChangedPages => _pages.Select(static p => (p.Key * PageSize, p.Value));

    /// <summary>Makes room at the end.</summary>
    /// <param name="alignment">A power of two; the room starts at a multiple of it.</param>
    /// <returns>Where the room starts; it is zeros.</returns>
    public long Append(long count, int alignment)
    {
        var start = (_length + alignment - 1) & -(long)alignment;
        _length = checked(start + count);
        return start;
    }

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        while (buffer.Length > 0)
        {
            var within = (int)(offset % PageSize);
            var n = Math.Min(buffer.Length, PageSize - within);
            if (_pages.TryGetValue(offset / PageSize, out var page))
                page.AsSpan(within, n).CopyTo(buffer);
            else
                ReadBelow(offset, buffer.Slice(0, n));
            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    /// <summary>Past the end the file grows. What is there already makes no change.</summary>
    public override void Write(long offset, ReadOnlySpan<byte> data)
    {
        if (offset < 0)
            CheckRange(offset, data.Length);
        _length = Math.Max(_length, checked(offset + data.Length));
        var old = new byte[PageSize];
        while (data.Length > 0)
        {
            var within = (int)(offset % PageSize);
            var n = Math.Min(data.Length, PageSize - within);
            var number = offset / PageSize;
            if (!_pages.TryGetValue(number, out var page))
            {
                ReadBelow(number * PageSize, old);
                if (!old.AsSpan(within, n).SequenceEqual(data.Slice(0, n)))
                    _pages[number] = page = (byte[])old.Clone();
            }

            if (page is not null)
                data.Slice(0, n).CopyTo(page.AsSpan(within));
            offset += n;
            data = data.Slice(n);
        }
    }

    private void ReadBelow(long offset, Span<byte> buffer)
    {
        var there = (int)Math.Min(Math.Max(0, below.Length - offset), buffer.Length);
        if (there > 0)
            below.Read(offset, buffer.Slice(0, there));
        buffer.Slice(there).Clear();
    }
}
