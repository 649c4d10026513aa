using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Slices of tables, read when needed; only so many are held. Safe to call from several threads.</summary>
/// <remarks>The L2 tables of an 8 TiB disk take 1 GiB with 64 KiB clusters.</remarks>
internal sealed class TableCache(ByteStore store, int sliceSize)
{
    private const int MaxHeldBytes = 16 << 20;

    private readonly object _gate = new();
    private readonly Dictionary<long, byte[]> _held = [];
    private readonly Queue<long> _order = new();
    private (long Offset, byte[] Slice)? _last;

    /// <summary>Bytes per slice.</summary>
    public int SliceSize { get; } = sliceSize;

    /// <summary>A slice by its byte offset in the file.</summary>
    /// <param name="what">What the slice is part of, for the error.</param>
    public byte[] Get(long offset, string what)
    {
        lock (_gate)
        {
            if (_last is { } last && last.Offset == offset)
                return last.Slice;
            if (_held.TryGetValue(offset, out var held))
            {
                _last = (offset, held);
                return held;
            }
        }

        if (offset > store.Length - SliceSize)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, offset, $"{what} reaches past the end of the file at {store.Length}");
        var slice = store.ReadBytes(offset, SliceSize);
        lock (_gate)
        {
            if (!_held.ContainsKey(offset))
            {
                while (_held.Count > 0 && (long)_held.Count * SliceSize >= MaxHeldBytes)
                    _held.Remove(_order.Dequeue());
                _held[offset] = slice;
                _order.Enqueue(offset);
            }

            _last = (offset, slice);
        }

        return slice;
    }
}
