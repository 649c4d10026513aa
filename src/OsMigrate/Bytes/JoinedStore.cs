namespace OsMigrate.Bytes;

/// <summary>Pieces of stores, one after another. Read only; the stores stay with their owners.</summary>
public sealed class JoinedStore : ByteStore, IPlacedStore
{
    private readonly (ByteStore Store, long Start, long Length)[] _pieces;
    private readonly long[] _begins;

    /// <exception cref="InvalidImageException"><see cref="ErrorIds.Truncated"/>: a piece reaches past the end of its store.</exception>
    public JoinedStore(IEnumerable<(ByteStore Store, long Start, long Length)> pieces, string name)
    {
        Name = name;
        _pieces = pieces.Where(static p => p.Length > 0).ToArray();
        _begins = new long[_pieces.Length];
        for (var i = 0; i < _pieces.Length; i++)
        {
            var (store, start, length) = _pieces[i];
            if (start < 0 || start > store.Length - length)
                throw new InvalidImageException(ErrorIds.Truncated, store.Name, start, $"'{name}' has {length} bytes here, but this ends at {store.Length}");
            _begins[i] = Length;
            Length = checked(Length + length);
        }
    }

    public override long Length { get; }

    public override string Name { get; }

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        for (var i = buffer.Length > 0 ? IndexAt(offset) : 0; buffer.Length > 0; i++)
        {
            var within = offset - _begins[i];
            var n = (int)Math.Min(buffer.Length, _pieces[i].Length - within);
            _pieces[i].Store.Read(_pieces[i].Start + within, buffer.Slice(0, n));
            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    IEnumerable<(ByteStore Store, long Start, long Length)> IPlacedStore.Places(long offset, long length)
    {
        CheckRange(offset, length);
        for (var i = length > 0 ? IndexAt(offset) : 0; length > 0; i++)
        {
            var within = offset - _begins[i];
            var n = Math.Min(length, _pieces[i].Length - within);
            yield return (_pieces[i].Store, _pieces[i].Start + within, n);
            (offset, length) = (offset + n, length - n);
        }
    }

    private int IndexAt(long offset)
    {
        var found = Array.BinarySearch(_begins, offset);
        return found >= 0 ? found : ~found - 1;
    }
}
