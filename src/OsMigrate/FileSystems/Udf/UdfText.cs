using System.Buffers.Binary;
using System.Text;

namespace OsMigrate.FileSystems.Udf;

/// <summary>Texts and times of UDF.</summary>
internal static class UdfText
{
    /// <summary>OSTA compressed Unicode: a first byte of 8 or 16 bits per character, then these. UDF 2.60, 2.1.1.</summary>
    public static string Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
            return "";
        var text = new StringBuilder(bytes.Length);
        if (bytes[0] is 16 or 255)
        {
            for (var i = 1; i + 1 < bytes.Length; i += 2)
                text.Append((char)BinaryPrimitives.ReadUInt16BigEndian(bytes.Slice(i)));
        }
        else
        {
            for (var i = 1; i < bytes.Length; i++)
                text.Append((char)bytes[i]);
        }

        return text.ToString();
    }

    /// <summary>A field of fixed size whose last byte says how many are used. ECMA-167, 1/7.2.12.</summary>
    public static string ReadField(ReadOnlySpan<byte> field)
        => Read(field.Slice(0, Math.Min(field[field.Length - 1], field.Length - 1))).TrimEnd('\0');

    /// <summary>A time in UTC; null where the bytes are none. ECMA-167, 1/7.3: the type and offset in minutes come first.</summary>
    public static DateTime? Time(ReadOnlySpan<byte> b)
    {
        var zone = BinaryPrimitives.ReadUInt16LittleEndian(b);
        var year = BinaryPrimitives.ReadInt16LittleEndian(b.Slice(2));
        // The offset is 12 bits with a sign; -2047 means that none is given.
        var minutes = (short)(zone << 4) >> 4;
        if (year is < 2 or > 9998 || b[4] is < 1 or > 12 || b[5] < 1 || b[5] > DateTime.DaysInMonth(year, b[4]) || b[6] > 23 || b[7] > 59 || b[8] > 59)
            return null;
        var local = new DateTime(year, b[4], b[5], b[6], b[7], b[8], DateTimeKind.Utc);
        return zone >> 12 == 1 && minutes is >= -1440 and <= 1440 ? local.AddMinutes(-minutes) : local;
    }
}
