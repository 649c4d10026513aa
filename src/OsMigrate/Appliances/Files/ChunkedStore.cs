using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Files;

/// <summary>Several stores one after the other: a file that was delivered in chunks (DSP0243, ovf:chunkSize). Owns them.</summary>
internal sealed class ChunkedStore : ByteStore
{
    private readonly ByteStore[] _parts;
    private readonly long[] _starts;

    public ChunkedStore(IReadOnlyList<ByteStore> parts, string name)
    {
        Name = name;
        _parts = [.. parts];
        _starts = new long[_parts.Length];
        for (var i = 0; i < _parts.Length; i++)
        {
            _starts[i] = Length;
            Length = checked(Length + _parts[i].Length);
        }
    }

    public override long Length { get; }

    public override string Name { get; }

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        for (var i = PartAt(offset); buffer.Length > 0; i++)
        {
            var within = offset - _starts[i];
            var n = (int)Math.Min(buffer.Length, _parts[i].Length - within);
            _parts[i].Read(within, buffer.Slice(0, n));
            offset += n;
            buffer = buffer.Slice(n);
        }
    }

    public override Extent NextExtent(long offset)
    {
        var i = PartAt(offset);
        var extent = _parts[i].NextExtent(offset - _starts[i]);
        return new Extent(offset, extent.Length, extent.Kind);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var part in _parts)
            part.Dispose();
    }

    /// <summary>The part that holds the offset; empty parts start where the next one does and are passed over.</summary>
    private int PartAt(long offset)
    {
        var i = Array.BinarySearch(_starts, offset);
        if (i < 0)
            return ~i - 1;
        while (i + 1 < _starts.Length && _starts[i + 1] == offset)
            i++;
        return i;
    }
}
