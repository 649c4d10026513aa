using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Guests.Windows.Inf;

/// <summary>The text of an INF file, whatever it is encoded in: UTF-16, UTF-8, or the writer's ANSI code page, read as Windows-1252.</summary>
internal static class InfText
{
    /// <summary>The largest INF that is read, in bytes; those of Windows itself stay below 3 MB.</summary>
    public const int MaxBytes = 8 << 20;

    // Windows-1252 differs from Latin-1 in these 32 places only.
    private const string Western = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

    /// <exception cref="InvalidImageException"><see cref="ErrorIds.TooLarge"/>.</exception>
    public static string Read(ByteStore file)
    {
        if (file.Length > MaxBytes)
            throw new InvalidImageException(ErrorIds.TooLarge, file.Name, -1, $"an INF file of {file.Length} bytes is not read; {MaxBytes} are the most");
        return Decode(file.ReadBytes(0, (int)file.Length));
    }

    public static string Decode(byte[] bytes)
    {
        switch (bytes)
        {
            case [0xFF, 0xFE, ..]:
                return Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2);
            case [0xFE, 0xFF, ..]:
                return Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2);
            case [0xEF, 0xBB, 0xBF, ..]:
                return Encoding.UTF8.GetString(bytes, 3, bytes.Length - 3);
            // UTF-16 without its mark: an INF begins with plain letters.
            case [not 0, 0, not 0, 0, ..]:
                return Encoding.Unicode.GetString(bytes);
        }

        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return new string(Array.ConvertAll(bytes, static b => b is >= 0x80 and < 0xA0 ? Western[b - 0x80] : (char)b));
        }
    }
}
