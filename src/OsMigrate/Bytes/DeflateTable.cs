namespace OsMigrate.Bytes;

/// <summary>A decoding table for one set of Huffman codes (RFC 1951, section 3.2.2): the next bits are the index, long codes go on in further tables.</summary>
internal sealed class DeflateTable
{
    private const int MaxCodeBits = 15;

    private readonly ushort[] _sorted = new ushort[DeflateSymbols.LengthCodes];
    private readonly string _name;

    /// <param name="indexBits">Bits that index the first table.</param>
    /// <param name="capacity">Entries that any legal set needs at most, further tables included.</param>
    /// <param name="name">For errors.</param>
    public DeflateTable(int indexBits, int capacity, string name)
    {
        IndexBits = indexBits;
        _name = name;
        Entries = new uint[capacity];
    }

    public int IndexBits { get; }

    public uint[] Entries { get; }

    // Capacities: the largest sums of a 2^index table and its further tables over all complete codes of up to 15 bits, as zlib's "enough" counts them.
    public static DeflateTable ForLengths() => new(11, 2342, "literal and length");

    public static DeflateTable ForDistances() => new(8, 402, "distance");

    public static DeflateTable ForCodeLengths() => new(7, 128, "code length");

    /// <summary>Builds the table.</summary>
    /// <param name="codeBits">Bits of each symbol's code, 0 for none, at most 15.</param>
    /// <param name="symbols">What each symbol stands for.</param>
    /// <param name="allowSingle">Accept a single code of one bit: incomplete, but legal for distances and lengths. No code at all is always legal.</param>
    /// <exception cref="InvalidDataException">The set is over-subscribed or incomplete.</exception>
    public void Build(ReadOnlySpan<byte> codeBits, ReadOnlySpan<uint> symbols, bool allowSingle)
    {
        Span<int> counts = stackalloc int[MaxCodeBits + 1];
        counts.Clear();
        foreach (var bits in codeBits)
            counts[bits]++;
        var used = Sort(codeBits, counts);
        if (!IsComplete(counts))
        {
            if (used > 0 && (!allowSingle || used > 1 || counts[1] != 1))
                DeflateFaults.BadCodeSet(_name);
            // One bit, as in zlib, so that the end of the input is seen before the lack of meaning.
            Entries.AsSpan().Fill(DeflateSymbols.NoMeaning | 1);
            for (var i = 0; used == 1 && i < 1 << IndexBits; i += 2)
                Entries[i] = Entry(symbols[_sorted[0]], 1);
            return;
        }

        FillComplete(counts, symbols);
    }

    /// <summary>Symbols in the order of their codes: by length, then by number.</summary>
    private int Sort(ReadOnlySpan<byte> codeBits, ReadOnlySpan<int> counts)
    {
        Span<int> places = stackalloc int[MaxCodeBits + 2];
        places[1] = 0;
        for (var bits = 1; bits <= MaxCodeBits; bits++)
            places[bits + 1] = places[bits] + counts[bits];
        for (var symbol = 0; symbol < codeBits.Length; symbol++)
        {
            if (codeBits[symbol] != 0)
                _sorted[places[codeBits[symbol]]++] = (ushort)symbol;
        }

        return places[MaxCodeBits + 1];
    }

    private bool IsComplete(ReadOnlySpan<int> counts)
    {
        var free = 1;
        for (var bits = 1; bits <= MaxCodeBits; bits++)
        {
            free = (free << 1) - counts[bits];
            if (free < 0)
                DeflateFaults.BadCodeSet(_name);
        }

        return free == 0;
    }

    /// <summary>Fills a complete set: the table grows by doubling with the code length, so each short code is written once and copied.</summary>
    private void FillComplete(ReadOnlySpan<int> counts, ReadOnlySpan<uint> symbols)
    {
        var next = 0;
        var code = 0u;
        var size = 1;
        for (var bits = 1; bits <= IndexBits; bits++)
        {
            Array.Copy(Entries, 0, Entries, size, size);
            size <<= 1;
            for (var left = counts[bits]; left > 0; left--)
            {
                Entries[code] = Entry(symbols[_sorted[next++]], bits);
                code = Following(code, bits);
            }
        }

        FillFurther(counts, symbols, next, code);
    }

    private void FillFurther(ReadOnlySpan<int> counts, ReadOnlySpan<uint> symbols, int next, uint code)
    {
        var mask = (1u << IndexBits) - 1;
        var owner = uint.MaxValue;
        int place = 0, indexBits = 0, end = 1 << IndexBits;
        for (var bits = IndexBits + 1; bits <= MaxCodeBits; bits++)
        {
            for (var left = counts[bits]; left > 0; left--)
            {
                if ((code & mask) != owner)
                {
                    owner = code & mask;
                    place = end;
                    indexBits = FurtherIndexBits(counts, bits, left);
                    end += 1 << indexBits;
                    if (end > Entries.Length)
                        DeflateFaults.BadCodeSet(_name);
                    Entries[owner] = DeflateSymbols.FurtherTable | ((uint)place << 16) | ((uint)indexBits << 8) | (uint)IndexBits;
                }

                var entry = Entry(symbols[_sorted[next++]], bits - IndexBits);
                for (var i = (int)(code >> IndexBits); i < 1 << indexBits; i += 1 << (bits - IndexBits))
                    Entries[place + i] = entry;
                code = Following(code, bits);
            }
        }
    }

    /// <summary>How many bits index a further table that starts with codes of <paramref name="bits"/> bits, so that it is full.</summary>
    private int FurtherIndexBits(ReadOnlySpan<int> counts, int bits, int left)
    {
        var indexBits = bits - IndexBits;
        var used = left;
        while (used < 1 << indexBits)
        {
            indexBits++;
            used = (used << 1) + counts[IndexBits + indexBits];
        }

        return indexBits;
    }

    /// <summary>The code after this one of the same length; codes lie with their first bit lowest, so the carry runs downwards.</summary>
    private static uint Following(uint code, int bits)
    {
        var bit = 1u << (bits - 1);
        while ((code & bit) != 0)
        {
            code ^= bit;
            bit >>= 1;
        }

        return code | bit;
    }

    private static uint Entry(uint symbol, int bits) => symbol + ((uint)bits << 8) + (uint)bits;
}
