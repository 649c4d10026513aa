using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Appliances.Tar;

/// <summary>One 512-byte header block of a tar archive (POSIX.1-1988 ustar, pax, GNU, V7).</summary>
/// <param name="Name">Prefix and name together, not yet replaced by a long-name record.</param>
/// <param name="SizeBytes">Bytes of content that follow; may be negative or huge in a hostile file, the caller checks.</param>
/// <param name="Type">The type flag; a zero byte (V7) reads as '0'.</param>
internal readonly record struct TarHeader(string Name, long SizeBytes, char Type)
{
    public const int Size = 512;

    private const int NameAt = 0, NameLength = 100;
    private const int SizeAt = 124, SizeLength = 12;
    private const int ChecksumAt = 148, ChecksumLength = 8;
    private const int TypeAt = 156;
    private const int MagicAt = 257;
    private const int PrefixAt = 345, PrefixLength = 155;

    private static readonly Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <summary>Does a file that begins with these bytes look like a tar archive? Asks for a right checksum and a name.</summary>
    public static bool Looks(ReadOnlySpan<byte> head)
        => head.Length >= Size && head[0] != 0
           && TryOctal(head.Slice(ChecksumAt, ChecksumLength), out var stored) && IsSum(head.Slice(0, Size), stored);

    /// <summary>Reads a header block.</summary>
    /// <param name="offset">Where the block lies, for the error.</param>
    public static TarHeader Parse(ReadOnlySpan<byte> block, string fileName, long offset)
    {
        if (!TryOctal(block.Slice(ChecksumAt, ChecksumLength), out var stored) || !IsSum(block, stored))
            throw new InvalidImageException(ErrorIds.BadChecksum, fileName, offset, "the checksum of this tar header is wrong, so the archive is damaged or is no tar archive");
        if (!TryNumber(block.Slice(SizeAt, SizeLength), out var size))
            throw new InvalidImageException(ErrorIds.BadAppliance, fileName, offset + SizeAt, "the size field of this tar header is no number");
        var name = TextField(block.Slice(NameAt, NameLength));

        // Only POSIX ustar ("ustar", NUL) has a prefix field; GNU ("ustar  ") keeps other things there.
        if (block.Slice(MagicAt, 6).SequenceEqual("ustar\0"u8))
        {
            var prefix = TextField(block.Slice(PrefixAt, PrefixLength));
            if (prefix.Length > 0)
                name = prefix + "/" + name;
        }

        return new TarHeader(name, size, block[TypeAt] == 0 ? '0' : (char)block[TypeAt]);
    }

    /// <summary>Text up to the first zero byte; UTF-8, or Latin-1 where it is not.</summary>
    public static string TextField(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        var bytes = (end < 0 ? field : field.Slice(0, end)).ToArray();
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return new string(Array.ConvertAll(bytes, b => (char)b));
        }
    }

    /// <summary>An octal field (leading spaces, ended by space or zero), or GNU's base-256 when the first bit is set.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> field, out long value)
    {
        if ((field[0] & 0x80) == 0)
            return TryOctal(field, out value);
        value = (field[0] & 0x40) != 0 ? -1 : field[0] & 0x3F;
        foreach (var b in field.Slice(1))
        {
            if (value is > long.MaxValue >> 8 or < long.MinValue >> 8)
                return false;
            value = (value << 8) | b;
        }

        return true;
    }

    private static bool TryOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        var i = 0;
        while (i < field.Length && field[i] == ' ')
            i++;
        for (; i < field.Length && field[i] is >= (byte)'0' and <= (byte)'7'; i++)
            value = (value << 3) | (long)(field[i] - '0');
        for (; i < field.Length; i++)
        {
            if (field[i] is not ((byte)' ' or 0))
                return false;
        }

        return true;
    }

    /// <summary>The sum of all bytes with the checksum field taken as spaces; some old writers summed signed bytes.</summary>
    private static bool IsSum(ReadOnlySpan<byte> block, long stored)
    {
        long unsigned = 0, signed = 0;
        for (var i = 0; i < Size; i++)
        {
            var b = i is >= ChecksumAt and < ChecksumAt + ChecksumLength ? (byte)' ' : block[i];
            unsigned += b;
            signed += (sbyte)b;
        }

        return stored == unsigned || stored == signed;
    }
}
