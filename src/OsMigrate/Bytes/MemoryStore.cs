namespace OsMigrate.Bytes;

/// <summary>Bytes held in memory; writable in place, never grows.</summary>
public sealed class MemoryStore(byte[] bytes, string name = "memory") : ByteStore
{
    public override long Length => bytes.Length;

    public override string Name => name;

    public override bool CanWrite => true;

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
    }

    public override void Write(long offset, ReadOnlySpan<byte> data)
    {
        CheckRange(offset, data.Length);
        data.CopyTo(bytes.AsSpan((int)offset));
    }
}
