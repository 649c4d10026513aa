using System.Text;

namespace OsMigrate.Disks.Vhd;

/// <summary>What the structures of a VHD share: their checksum and their strings.</summary>
internal static class VhdText
{
    /// <summary>The one's complement of the sum of all bytes, the four at <paramref name="checksumOffset"/> left out.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes, int checksumOffset)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i < checksumOffset || i >= checksumOffset + 4)
                sum += bytes[i];
        }

        return ~sum;
    }

    /// <summary>A short code of ASCII characters; all others become spaces.</summary>
    public static string Ascii(ReadOnlySpan<byte> bytes)
    {
        var chars = new char[bytes.Length];
        for (var i = 0; i < chars.Length; i++)
            chars[i] = bytes[i] is > 32 and < 127 ? (char)bytes[i] : ' ';
        return new string(chars);
    }

    /// <summary>A UTF-16 string up to its first NUL.</summary>
    public static string Utf16(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        var encoding = bigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode;
        var text = encoding.GetString(bytes.ToArray());
        var end = text.IndexOf('\0');
        return end < 0 ? text : text.Substring(0, end);
    }
}
