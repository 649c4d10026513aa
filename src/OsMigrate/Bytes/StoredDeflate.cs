using System.Buffers.Binary;

namespace OsMigrate.Bytes;

/// <summary>Deflate without compression, for data that would only grow. Source: RFC 1951, section 3.2.4, "Non-compressed blocks".</summary>
public static class StoredDeflate
{
    private const int MaxBlock = 65535;
    private const int BlockHeader = 5;

    /// <summary>Bytes that <see cref="Write"/> needs for so many bytes of data.</summary>
    public static int SizeFor(int length) => length + (Math.Max(1, (length + MaxBlock - 1) / MaxBlock) * BlockHeader);

    /// <summary>Writes a whole deflate stream.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> data, Span<byte> output)
    {
        var at = 0;
        do
        {
            var n = Math.Min(data.Length, MaxBlock);
            output[at] = (byte)(n == data.Length ? 1 : 0);
            BinaryPrimitives.WriteUInt16LittleEndian(output.Slice(at + 1), (ushort)n);
            BinaryPrimitives.WriteUInt16LittleEndian(output.Slice(at + 3), (ushort)~n);
            data.Slice(0, n).CopyTo(output.Slice(at + BlockHeader));
            data = data.Slice(n);
            at += BlockHeader + n;
        }
        while (data.Length > 0);
        return at;
    }
}
