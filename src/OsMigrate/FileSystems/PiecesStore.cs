using OsMigrate.Bytes;

namespace OsMigrate.FileSystems;

/// <summary>A run of a file's content: where it lies in the volume, or that it lies nowhere and reads as zeros.</summary>
/// <param name="Start">Byte offset in the volume; negative for zeros.</param>
/// <param name="Length">Bytes; more than 0.</param>
internal readonly record struct ContentPiece(long Start, long Length);

/// <summary>A file's content put together from pieces of its volume. Does not own the volume.</summary>
internal sealed class PiecesStore : ByteStore
{
    private readonly ByteStore _volume;
    private readonly ContentPiece[] _pieces;
    private readonly long[] _begins;

    /// <param name="length">Bytes of the file; the pieces may reach further, what they lack reads as zeros.</param>
    /// <exception cref="InvalidImageException"><see cref="ErrorIds.Truncated"/>: a piece reaches past the end of the volume.</exception>
    public PiecesStore(ByteStore volume, IEnumerable<ContentPiece> pieces, long length, string name)
    {
        (_volume, Length, Name) = (volume, length, name);
        var kept = new List<ContentPiece>();
        var begins = new List<long>();
        long at = 0;
        foreach (var piece in pieces)
        {
            if (at >= length)
                break;
            var use = piece with { Length = Math.Min(piece.Length, length - at) };
            if (use.Length <= 0)
                continue;
            if (use.Start >= 0 && use.Start > volume.Length - use.Length)
                throw new InvalidImageException(ErrorIds.Truncated, volume.Name, use.Start, $"'{name}' has {use.Length} bytes here, but the volume ends at {volume.Length}");
            begins.Add(at);
            kept.Add(use);
            at += use.Length;
        }

        if (at < length)
        {
            begins.Add(at);
            kept.Add(new ContentPiece(-1, length - at));
        }

        (_pieces, _begins) = (kept.ToArray(), begins.ToArray());
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
            if (_pieces[i].Start < 0)
                buffer.Slice(0, n).Clear();
            else
                _volume.Read(_pieces[i].Start + within, buffer.Slice(0, n));
            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    public override Extent NextExtent(long offset)
    {
        var i = IndexAt(offset);
        return new Extent(offset, _pieces[i].Length - (offset - _begins[i]), _pieces[i].Start < 0 ? ExtentKind.Zero : ExtentKind.Data);
    }

    private int IndexAt(long offset)
    {
        var found = Array.BinarySearch(_begins, offset);
        return found >= 0 ? found : ~found - 1;
    }
}
