namespace OsMigrate.Bytes;

/// <summary>What the symbols of a deflate block stand for, as packed table entries (RFC 1951, section 3.2.5).</summary>
/// <remarks>
/// An entry, 32 bits: 31 literal; 30..16 the literal, the smallest length, the smallest distance or the place of a further table;
/// 15 exception, with 14 further table, 13 end of block, neither: no meaning; 11..8 bits of the code alone or index bits of the
/// further table; 5..0 bits to take, extra bits included. The code's own bits are added by <see cref="DeflateTable"/>.
/// </remarks>
internal static class DeflateSymbols
{
    public const uint Literal = 1u << 31;
    public const uint Exception = 1u << 15;
    public const uint FurtherTable = Exception | (1u << 14);
    public const uint EndOfBlock = Exception | (1u << 13);
    public const uint NoMeaning = Exception;

    public const int EndOfBlockSymbol = 256;
    public const int LengthCodes = 288;
    public const int DistanceCodes = 32;

    /// <summary>Literals, end of block and lengths; 286 and 287 may get a code in the fixed set only and mean nothing.</summary>
    public static readonly uint[] Lengths = MakeLengths();

    /// <summary>Distances; 30 and 31 mean nothing.</summary>
    public static readonly uint[] Distances = MakeDistances();

    /// <summary>The codes that code lengths are written in: the symbol itself.</summary>
    public static readonly uint[] CodeLengths = [.. Enumerable.Range(0, 19).Select(i => (uint)i << 16)];

    private static uint[] MakeLengths()
    {
        var entries = new uint[LengthCodes];
        for (var i = 0; i < 256; i++)
            entries[i] = Literal | ((uint)i << 16);
        entries[256] = EndOfBlock;
        var smallest = 3u;
        for (var i = 257; i < 285; i++)
        {
            var extra = i < 265 ? 0 : (i - 261) / 4;
            entries[i] = (smallest << 16) | (uint)extra;
            smallest += 1u << extra;
        }

        entries[285] = 258u << 16;
        entries[286] = entries[287] = NoMeaning;
        return entries;
    }

    private static uint[] MakeDistances()
    {
        var entries = new uint[DistanceCodes];
        var smallest = 1u;
        for (var i = 0; i < 30; i++)
        {
            var extra = i < 4 ? 0 : (i - 2) / 2;
            entries[i] = (smallest << 16) | (uint)extra;
            smallest += 1u << extra;
        }

        entries[30] = entries[31] = NoMeaning;
        return entries;
    }
}
