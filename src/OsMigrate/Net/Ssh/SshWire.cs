using System.Buffers.Binary;
using System.Text;

namespace OsMigrate.Net.Ssh;

/// <summary>Reads strings of SSH's wire format out of a blob. Source: RFC 4251, section 5 (a string is a 32-bit length, big-endian, and its bytes).</summary>
internal ref struct SshWire(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _left = data;

    public uint Number()
    {
        Need(sizeof(uint));
        var number = BinaryPrimitives.ReadUInt32BigEndian(_left);
        _left = _left[sizeof(uint)..];
        return number;
    }

    /// <exception cref="FormatException">The blob ends before the string does.</exception>
    public byte[] Bytes()
    {
        var length = Number();
        Need(length);
        var bytes = _left[..(int)length].ToArray();
        _left = _left[(int)length..];
        return bytes;
    }

    /// <summary>The type that a public key says of itself: its first string; null when the blob is not a key.</summary>
    public static string? KeyType(ReadOnlySpan<byte> key)
    {
        if (key.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32BigEndian(key) is var length && (length == 0 || length > key.Length - sizeof(uint)))
            return null;
        return Encoding.ASCII.GetString(key.Slice(sizeof(uint), (int)length).ToArray());
    }

    public static void Append(List<byte> to, byte[] text)
    {
        Append(to, (uint)text.Length);
        to.AddRange(text);
    }

    public static void Append(List<byte> to, uint number)
    {
        Span<byte> four = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(four, number);
        to.AddRange(four.ToArray());
    }

    private readonly void Need(uint count)
    {
        if (count > _left.Length)
            throw new FormatException($"{count} bytes are announced and {_left.Length} are there");
    }
}
