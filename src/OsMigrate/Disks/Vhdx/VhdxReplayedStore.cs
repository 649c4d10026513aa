using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhdx;

/// <summary>A file with the changes of its log laid over it in memory. The file is never written.</summary>
/// <remarks>Zeros are kept as ranges: a log may clear gigabytes with one entry. Owns the store below. Complete before the first read.</remarks>
internal sealed class VhdxReplayedStore(ByteStore below) : ByteStore
{
    // Sorted, apart from each other.
    private readonly List<Change> _changes = [];
    private long _length = below.Length;

    public override long Length => _length;

    public override string Name => below.Name;

    public void PutData(long offset, byte[] data) => Put(new Change(offset, offset + data.Length, data, offset));

    public void PutZeros(long offset, long length)
    {
        if (length > 0)
            Put(new Change(offset, offset + length, null, offset));
    }

    /// <summary>Makes the file at least this long; what is added is zero.</summary>
    public void Extend(long length) => _length = Math.Max(_length, length);

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        for (var i = FirstEndingAfter(offset); buffer.Length > 0; i++)
        {
            var next = i < _changes.Count ? _changes[i] : new Change(long.MaxValue, long.MaxValue, null, 0);
            var untouched = (int)Math.Min(buffer.Length, Math.Max(0, next.Start - offset));
            ReadBelow(offset, buffer.Slice(0, untouched));
            offset += untouched;
            buffer = buffer.Slice(untouched);
            if (buffer.Length == 0)
                return;
            var n = (int)Math.Min(buffer.Length, next.End - offset);
            if (next.Data is null)
                buffer.Slice(0, n).Clear();
            else
                next.Data.AsSpan((int)(offset - next.DataStart), n).CopyTo(buffer);
            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    public override Extent NextExtent(long offset)
    {
        var i = FirstEndingAfter(offset);
        var end = _length;
        if (i < _changes.Count)
        {
            if (_changes[i].Start <= offset)
                return new Extent(offset, Math.Min(_changes[i].End, _length) - offset, _changes[i].Data is null ? ExtentKind.Zero : ExtentKind.Data);
            end = Math.Min(end, _changes[i].Start);
        }

        if (offset >= below.Length)
            return new Extent(offset, end - offset, ExtentKind.Zero);
        var extent = below.NextExtent(offset);
        return extent with { Length = Math.Min(extent.Length, end - offset) };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            below.Dispose();
    }

    private void ReadBelow(long offset, Span<byte> buffer)
    {
        var n = (int)Math.Min(buffer.Length, Math.Max(0, below.Length - offset));
        if (n > 0)
            below.Read(offset, buffer.Slice(0, n));
        buffer.Slice(n).Clear();
    }

    /// <summary>Puts a change over those before it.</summary>
    private void Put(Change change)
    {
        Extend(change.End);
        var first = FirstEndingAfter(change.Start);
        var last = first;
        var pieces = new List<Change>(3);
        while (last < _changes.Count && _changes[last].Start < change.End)
            last++;
        if (first < last && _changes[first].Start < change.Start)
            pieces.Add(_changes[first] with { End = change.Start });
        pieces.Add(change);
        if (first < last && _changes[last - 1].End > change.End)
            pieces.Add(_changes[last - 1] with { Start = change.End });
        _changes.RemoveRange(first, last - first);
        _changes.InsertRange(first, pieces);
    }

    private int FirstEndingAfter(long offset)
    {
        int low = 0, high = _changes.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_changes[middle].End > offset)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    /// <param name="Data">Content from <paramref name="DataStart"/> on; null for zeros.</param>
    private readonly record struct Change(long Start, long End, byte[]? Data, long DataStart);
}
