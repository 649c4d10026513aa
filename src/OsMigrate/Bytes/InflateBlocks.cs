namespace OsMigrate.Bytes;

/// <summary>Expands a deflate stream block by block: stored, fixed codes, codes of its own (RFC 1951, section 3.2.3).</summary>
internal unsafe ref struct InflateBlocks
{
    private const int MaxLengthCodes = 286;
    private const int MaxDistanceCodes = 30;

    [ThreadStatic]
    private static Tables? _threadTables;

    private readonly byte* _start;
    private readonly byte* _end;
    private byte* _at;

    public InflateBlocks(byte* start, byte* end)
    {
        _start = _at = start;
        _end = end;
    }

    /// <summary>Bytes expanded so far.</summary>
    public readonly int Count => (int)(_at - _start);

    /// <summary>Expands one block.</summary>
    /// <returns>True after the final one; the reader then stands behind the stream.</returns>
    public bool Next(ref DeflateBitReader bits)
    {
        var header = bits.Take(3);
        switch (header >> 1)
        {
            case 0:
                CopyStored(ref bits);
                break;
            case 1:
                Expand(ref bits, Tables.Fixed);
                break;
            case 2:
                var tables = _threadTables ??= new Tables();
                ReadCodes(ref bits, tables);
                Expand(ref bits, tables);
                break;
            default:
                DeflateFaults.Throw("a block of the unknown type 3");
                break;
        }

        return (header & 1) != 0;
    }

    /// <summary>RFC 1951, section 3.2.4.</summary>
    private void CopyStored(ref DeflateBitReader bits)
    {
        bits.AlignToByte();
        if (bits.End - bits.Next < 4)
            DeflateFaults.EndsEarly();
        var length = bits.Next[0] | (bits.Next[1] << 8);
        if (length != ((bits.Next[2] | (bits.Next[3] << 8)) ^ 0xFFFF))
            DeflateFaults.Throw("a stored block whose length and its complement do not agree");
        bits.Next += 4;
        var there = (int)Math.Min(length, bits.End - bits.Next);
        var count = (int)Math.Min(there, _end - _at);
        new ReadOnlySpan<byte>(bits.Next, count).CopyTo(new Span<byte>(_at, count));
        bits.Next += count;
        _at += count;
        if (count < there)
            DeflateFaults.TooLong();
        if (there < length)
            DeflateFaults.EndsEarly();
    }

    /// <summary>RFC 1951, section 3.2.7.</summary>
    private static void ReadCodes(ref DeflateBitReader bits, Tables tables)
    {
        var lengths = (int)bits.Take(5) + 257;
        var distances = (int)bits.Take(5) + 1;
        var codeLengths = (int)bits.Take(4) + 4;
        if (lengths > MaxLengthCodes || distances > MaxDistanceCodes)
            DeflateFaults.Throw("more length or distance symbols than there are");

        Span<byte> first = stackalloc byte[19];
        first.Clear();
        ReadOnlySpan<byte> order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        for (var i = 0; i < codeLengths; i++)
            first[order[i]] = (byte)bits.Take(3);
        tables.CodeLengths.Build(first, DeflateSymbols.CodeLengths, allowSingle: false);

        Span<byte> all = stackalloc byte[MaxLengthCodes + MaxDistanceCodes];
        all = all.Slice(0, lengths + distances);
        ReadCodeBits(ref bits, tables.CodeLengths, all);
        if (all[DeflateSymbols.EndOfBlockSymbol] == 0)
            DeflateFaults.Throw("a block without a code for its end");
        tables.Lengths.Build(all.Slice(0, lengths), DeflateSymbols.Lengths, allowSingle: true);
        tables.Distances.Build(all.Slice(lengths), DeflateSymbols.Distances, allowSingle: true);
    }

    private static void ReadCodeBits(ref DeflateBitReader bits, DeflateTable table, scoped Span<byte> all)
    {
        for (var i = 0; i < all.Length;)
        {
            if (bits.Left < 14)
                bits.Refill();
            var entry = table.Entries[bits.Bits & 127];
            bits.Drop((int)(entry & 63));
            var symbol = (int)(entry >> 16);
            if (symbol < 16)
            {
                all[i++] = (byte)symbol;
                continue;
            }

            var count = symbol switch { 16 => 3 + (int)bits.Take(2), 17 => 3 + (int)bits.Take(3), _ => 11 + (int)bits.Take(7) };
            if (symbol == 16 && i == 0)
                DeflateFaults.Throw("a repetition of a code length that is not there");
            var value = symbol == 16 ? all[i - 1] : (byte)0;
            if (count > all.Length - i)
                DeflateFaults.Throw("a repetition of code lengths beyond the last symbol");
            all.Slice(i, count).Fill(value);
            i += count;
        }
    }

    private void Expand(ref DeflateBitReader bits, Tables tables)
    {
        fixed (uint* lengths = tables.Lengths.Entries)
        fixed (uint* distances = tables.Distances.Entries)
        {
            var symbols = new InflateSymbols(_start, _end, lengths, distances);
            if (!symbols.ExpandFast(ref bits, ref _at))
                symbols.ExpandToEnd(ref bits, ref _at);
        }
    }

    private sealed class Tables
    {
        public static Tables Fixed { get; } = MakeFixed();

        public DeflateTable CodeLengths { get; } = DeflateTable.ForCodeLengths();

        public DeflateTable Lengths { get; } = DeflateTable.ForLengths();

        public DeflateTable Distances { get; } = DeflateTable.ForDistances();

        /// <summary>RFC 1951, section 3.2.6.</summary>
        private static Tables MakeFixed()
        {
            var tables = new Tables();
            Span<byte> lengths = stackalloc byte[DeflateSymbols.LengthCodes];
            lengths.Slice(0, 144).Fill(8);
            lengths.Slice(144, 112).Fill(9);
            lengths.Slice(256, 24).Fill(7);
            lengths.Slice(280).Fill(8);
            tables.Lengths.Build(lengths, DeflateSymbols.Lengths, allowSingle: false);
            Span<byte> distances = stackalloc byte[DeflateSymbols.DistanceCodes];
            distances.Fill(5);
            tables.Distances.Build(distances, DeflateSymbols.Distances, allowSingle: false);
            return tables;
        }
    }
}
