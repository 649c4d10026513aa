using OsMigrate.Bytes;

namespace OsMigrate.Fuzz;

/// <summary>The first bytes of an array as a file.</summary>
internal sealed class InputStore(byte[] bytes, int length, string name) : ByteStore
{
    public override long Length => length;

    public override string Name => name;

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
    }
}
