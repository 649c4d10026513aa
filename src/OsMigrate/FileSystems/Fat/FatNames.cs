using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Fat;

/// <summary>Short names of 8.3 and long names. Microsoft FAT specification 1.03, "FAT Long Directory Entries" and "Name Limits and Character Sets".</summary>
internal static class FatNames
{
    public const int MaxLongChars = 255;

    private const string ShortExtra = "$%'-_@~`!(){}^#&";
    private const string Forbidden = "\"*/:<>?\\|";

    // Code page 437, the upper half: what short names of most systems are in.
    private const string Upper437 =
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

    /// <summary>The eleven bytes of a slot as "NAME.EXT"; byte 12 says which half is shown in small letters.</summary>
    public static string Short(ReadOnlySpan<byte> slot)
    {
        var stem = Decode(slot.Slice(0, 8), (slot[12] & 0x08) != 0);
        var extension = Decode(slot.Slice(8, 3), (slot[12] & 0x10) != 0);
        return extension.Length == 0 ? stem : $"{stem}.{extension}";
    }

    /// <summary>The sum of a short name that its long slots carry.</summary>
    public static byte Checksum(ReadOnlySpan<byte> shortName)
    {
        byte sum = 0;
        for (var i = 0; i < 11; i++)
            sum = (byte)((sum >> 1) + (sum << 7) + shortName[i]);
        return sum;
    }

    /// <exception cref="OsMigrateException">No file may have that name.</exception>
    public static void RequireValid(string name)
    {
        var trimmed = name.TrimEnd(' ', '.');
        if (trimmed.Length != name.Length || name.Length is 0 or > MaxLongChars || name.Any(static c => c < ' ' || Forbidden.IndexOf(c) >= 0))
            throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.InvalidArgument, $"'{name}' cannot be the name of a file on a FAT volume.", name);
    }

    /// <summary>The eleven bytes for a name that is 8.3 in capitals already; null when it needs a long name.</summary>
    public static byte[]? Exact(string name)
    {
        var made = Fit(name, out var isExact);
        return isExact ? made : null;
    }

    /// <summary>A short name for a long one that no other file of the folder has.</summary>
    /// <param name="isTaken">Tells whether the folder has these eleven bytes already.</param>
    public static byte[] Alias(string name, Func<byte[], bool> isTaken)
    {
        var basis = Fit(name.ToUpperInvariant(), out var fits);
        if (fits && !isTaken(basis))
            return basis;
        var stemLength = Array.FindLastIndex(basis, 7, 8, static b => b != ' ') + 1;
        for (var number = 1; number < 1_000_000; number++)
        {
            var tail = $"~{number}";
            var alias = (byte[])basis.Clone();
            var at = Math.Min(stemLength, 8 - tail.Length);
            alias.AsSpan(at, 8 - at).Fill((byte)' ');
            Encoding.ASCII.GetBytes(tail).CopyTo(alias, at);
            if (!isTaken(alias))
                return alias;
        }

        throw new OsMigrateException(ErrorIds.BadRequest, ErrorKind.ResourceUnavailable, $"No short name is left for '{name}'.", name);
    }

    private static byte[] Fit(string name, out bool isExact)
    {
        var result = new byte[11];
        result.AsSpan().Fill((byte)' ');
        var point = name.LastIndexOf('.');
        var hasExtension = point > 0;
        isExact = point != 0;
        Copy(hasExtension ? name.Substring(0, point) : name, result.AsSpan(0, 8), ref isExact);
        Copy(hasExtension ? name.Substring(point + 1) : "", result.AsSpan(8, 3), ref isExact);
        if (result[0] == ' ')
            (result[0], isExact) = ((byte)'_', false);
        return result;
    }

    private static void Copy(string part, Span<byte> target, ref bool isExact)
    {
        var n = 0;
        foreach (var c in part)
        {
            // Blanks and points are left out, what has no place in a short name becomes an underscore.
            if (c is ' ' or '.')
                isExact = false;
            else if (n == target.Length)
                isExact = false;
            else if (c is (>= 'A' and <= 'Z') or (>= '0' and <= '9') || ShortExtra.IndexOf(c) >= 0)
                target[n++] = (byte)c;
            else
                (target[n++], isExact) = ((byte)'_', false);
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes, bool small)
    {
        var text = new StringBuilder(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            // 05 stands for E5, which marks a deleted slot.
            var value = i == 0 && bytes.Length == 8 && bytes[0] == 0x05 ? (byte)0xE5 : bytes[i];
            text.Append(value < 0x80 ? (char)value : Upper437[value - 0x80]);
        }

        var name = text.ToString().TrimEnd(' ');
        return small ? name.ToLowerInvariant() : name;
    }
}
