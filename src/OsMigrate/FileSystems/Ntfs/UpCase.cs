using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>The volume's own table of upper-case letters, and the order of names that follows from it.</summary>
internal sealed class UpCase
{
    private const int TableBytes = 65536 * 2;

    private readonly char[] _table;

    private UpCase(char[] table) => _table = table;

    public static UpCase Read(ByteStore content)
    {
        if (content.Length != TableBytes)
            throw new InvalidImageException(ErrorIds.BadStructure, content.Name, -1, $"$UpCase has {content.Length} bytes instead of {TableBytes}");
        var bytes = content.ReadBytes(0, TableBytes);
        var table = new char[65536];
        for (var i = 0; i < table.Length; i++)
            table[i] = (char)Le.U16(bytes, 2 * i);
        return new UpCase(table);
    }

    public char Of(char c) => _table[c];

    public string Of(string text)
    {
        var upper = new char[text.Length];
        for (var i = 0; i < upper.Length; i++)
            upper[i] = _table[text[i]];
        return new string(upper);
    }

    /// <summary>Order without regard to case: by upper-case code unit, then by length.</summary>
    public int CompareIgnoringCase(string a, string b)
    {
        var n = Math.Min(a.Length, b.Length);
        for (var i = 0; i < n; i++)
        {
            int x = _table[a[i]], y = _table[b[i]];
            if (x != y)
                return x - y;
        }

        return a.Length - b.Length;
    }

    /// <summary>Order of names in a folder (COLLATION_FILE_NAME): without regard to case first, with regard to it among equals.</summary>
    public int Compare(string a, string b)
    {
        var order = CompareIgnoringCase(a, b);
        return order != 0 ? order : string.CompareOrdinal(a, b);
    }
}
