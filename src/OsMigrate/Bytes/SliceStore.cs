namespace OsMigrate.Bytes;

/// <summary>A window into another store: a member of a tar file, a partition, a flat extent.</summary>
/// <remarks>Does not own the store below unless <c>owns</c> is set.</remarks>
public sealed class SliceStore : ByteStore, IPlacedStore
{
    private readonly ByteStore _below;
    private readonly long _start;
    private readonly bool _owns;

    public SliceStore(ByteStore below, long start, long length, string? name = null, bool owns = false)
    {
        if (start < 0 || length < 0 || start > below.Length - length)
            throw new InvalidImageException(ErrorIds.Truncated, below.Name, start, $"{length} bytes are needed here, but the file ends at {below.Length}");
        (_below, _start, Length, Name, _owns) = (below, start, length, name ?? below.Name, owns);
    }

    public override long Length { get; }

    public override string Name { get; }

    public override bool CanWrite => _below.CanWrite;

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        _below.Read(_start + offset, buffer);
    }

    public override void Write(long offset, ReadOnlySpan<byte> data)
    {
        CheckRange(offset, data.Length);
        _below.Write(_start + offset, data);
    }

    public override Extent NextExtent(long offset)
    {
        var extent = _below.NextExtent(_start + offset);
        return new Extent(offset, Math.Min(extent.Length, Length - offset), extent.Kind);
    }

    IEnumerable<(ByteStore Store, long Start, long Length)> IPlacedStore.Places(long offset, long length)
    {
        CheckRange(offset, length);
        yield return (_below, _start + offset, length);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _owns)
            _below.Dispose();
    }
}
