using System.Buffers;

namespace OsMigrate.Bytes;

/// <summary>A rented byte array with several readers; it goes back to the pool when the last one lets go.</summary>
/// <remarks>Starts with one reference, the creator's.</remarks>
public sealed class SharedBuffer(int size)
{
    private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(size);
    private int _references = 1;

    /// <summary>At least as long as was asked for.</summary>
    public byte[] Bytes => _bytes;

    public Span<byte> Span(int start, int length) => _bytes.AsSpan(start, length);

    public SharedBuffer Share()
    {
        Interlocked.Increment(ref _references);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            ArrayPool<byte>.Shared.Return(_bytes);
    }
}
