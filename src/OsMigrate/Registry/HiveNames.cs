namespace OsMigrate.Registry;

/// <summary>Names as the registry stores, orders and hashes them.</summary>
internal static class HiveNames
{
    /// <summary>Upper case as Windows' kernel does it: one character to one character, no language.</summary>
    public static char Upper(char c)
    {
        if (c < 0x80)
            return c is >= 'a' and <= 'z' ? (char)(c - 32) : c;

        // The kernel's table leaves these as they are; .NET knows a capital for them.
        return c is '\u00B5' or '\u0131' or '\u017F' or '\u0345' or '\u1E9B' or '\u1FBE' ? c : char.ToUpperInvariant(c);
    }

    /// <summary>The order of subkeys: upper-cased characters, then length.</summary>
    public static int Compare(string a, string b)
    {
        var n = Math.Min(a.Length, b.Length);
        for (var i = 0; i < n; i++)
        {
            if (a[i] == b[i])
                continue;
            var difference = Upper(a[i]) - Upper(b[i]);
            if (difference != 0)
                return difference;
        }

        return a.Length - b.Length;
    }

    public static bool Same(string a, string b) => a.Length == b.Length && Compare(a, b) == 0;

    /// <summary>The hash of an lh entry.</summary>
    public static uint Hash(string name)
    {
        var hash = 0u;
        foreach (var c in name)
            hash = unchecked((hash * 37) + Upper(c));
        return hash;
    }

    /// <summary>The hint of an lf entry: the first four characters, or nothing where one does not fit into a byte.</summary>
    public static uint Hint(string name)
    {
        var hint = 0u;
        for (var i = 0; i < 4 && i < name.Length; i++)
        {
            if (name[i] > 0xFF)
                return 0;
            hint |= (uint)name[i] << (8 * i);
        }

        return hint;
    }

    /// <summary>True when every character fits into one byte, so that the name is stored "compressed".</summary>
    public static bool IsNarrow(string name)
    {
        foreach (var c in name)
        {
            if (c > 0xFF)
                return false;
        }

        return true;
    }

    public static string Decode(ReadOnlySpan<byte> bytes, bool narrow)
    {
        var characters = new char[narrow ? bytes.Length : bytes.Length / 2];
        for (var i = 0; i < characters.Length; i++)
            characters[i] = narrow ? (char)bytes[i] : (char)(bytes[2 * i] | (bytes[(2 * i) + 1] << 8));
        return new string(characters);
    }

    public static byte[] Encode(string name)
    {
        var narrow = IsNarrow(name);
        var bytes = new byte[narrow ? name.Length : name.Length * 2];
        for (var i = 0; i < name.Length; i++)
        {
            if (narrow)
            {
                bytes[i] = (byte)name[i];
                continue;
            }

            bytes[2 * i] = (byte)name[i];
            bytes[(2 * i) + 1] = (byte)(name[i] >> 8);
        }

        return bytes;
    }
}
