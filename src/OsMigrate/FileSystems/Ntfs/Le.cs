using System.Buffers.Binary;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>Little-endian numbers in a span; everything in NTFS is little endian.</summary>
internal static class Le
{
    public static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(at));

    public static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(at));

    public static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(at));

    public static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.Slice(at));

    public static void Put16(Span<byte> bytes, int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.Slice(at), (ushort)value);

    public static void Put32(Span<byte> bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.Slice(at), value);

    public static void Put64(Span<byte> bytes, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(bytes.Slice(at), value);

    public static void Put64(Span<byte> bytes, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(at), value);

    /// <summary>UTF-16 text of <paramref name="units"/> code units; unpaired surrogates survive.</summary>
    public static string Text(ReadOnlySpan<byte> bytes, int at, int units)
    {
        var text = new char[units];
        for (var i = 0; i < units; i++)
            text[i] = (char)U16(bytes, at + (2 * i));
        return new string(text);
    }

    public static void PutText(Span<byte> bytes, int at, string text)
    {
        for (var i = 0; i < text.Length; i++)
            Put16(bytes, at + (2 * i), text[i]);
    }

    /// <summary>Rounds up to a multiple of 8, the alignment of everything inside records.</summary>
    public static int Align8(int value) => (value + 7) & ~7;
}
