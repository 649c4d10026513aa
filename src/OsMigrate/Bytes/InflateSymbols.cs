using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
#if !NETSTANDARD2_0
using System.Runtime.Intrinsics.X86;
#endif

namespace OsMigrate.Bytes;

/// <summary>Expands the symbols of one deflate block: a fast loop far from both ends, a careful one near them.</summary>
/// <remarks>
/// Memory safety of the fast loop: one round refills at most three times and each refill moves at most 7 bytes on, so with
/// <see cref="InputSlack"/> bytes left no load passes the end; one round puts out at most 3 literals or 2 and a match of 258, and a match
/// copy writes at most 31 bytes too many, so <see cref="OutputSlack"/> bytes of room are enough. Distances are checked every time.
/// </remarks>
internal readonly unsafe ref struct InflateSymbols(byte* start, byte* end, uint* lengths, uint* distances)
{
    // Nearly all time is spent in one call per block: without this the runtime starts with slow code and needs a tenth of a second to notice.
    private const MethodImplOptions AtOnce = (MethodImplOptions)512;
    private const int InputSlack = 32;
    private const int OutputSlack = 320;
    private const uint LengthIndex = (1u << 11) - 1;
    private const uint DistanceIndex = (1u << 8) - 1;

    /// <summary>Expands while both ends are far.</summary>
    /// <returns>True when the block ended; false: go on with <see cref="ExpandToEnd"/>.</returns>
    [MethodImpl(AtOnce)]
    public bool ExpandFast(ref DeflateBitReader reader, ref byte* place)
    {
        if (reader.End - reader.Next < InputSlack || end - place < OutputSlack)
            return false;
        uint* lengthTable = lengths, distanceTable = distances;
        byte* first = start, at = place, atLimit = end - OutputSlack, next = reader.Next, nextLimit = reader.End - InputSlack;
        var (bits, left, ended) = (reader.Bits, reader.Left, false);
        Refill(ref next, ref bits, ref left);
        var entry = lengthTable[bits & LengthIndex];
        while (next <= nextLimit && at <= atLimit)
        {
            // Here at least 42 bits are there: two literals of 11 bits and a length of 15 + 5.
            var before = Drop(ref bits, ref left, entry);
            if ((int)entry < 0)
            {
                *at++ = (byte)(entry >> 16);
                entry = lengthTable[bits & LengthIndex];
                before = Drop(ref bits, ref left, entry);
                if ((int)entry < 0)
                {
                    *at++ = (byte)(entry >> 16);
                    entry = lengthTable[bits & LengthIndex];
                    before = Drop(ref bits, ref left, entry);
                    if ((int)entry < 0)
                        goto Literal;
                }
            }

            if ((entry & DeflateSymbols.Exception) != 0)
            {
                if ((entry & DeflateSymbols.FurtherTable) == DeflateSymbols.FurtherTable)
                {
                    entry = lengthTable[(entry >> 16) + FurtherIndex(bits, entry)];
                    before = Drop(ref bits, ref left, entry);
                    if ((int)entry < 0)
                        goto Literal;
                }

                if ((entry & DeflateSymbols.Exception) != 0)
                {
                    if ((entry & DeflateSymbols.EndOfBlock) != DeflateSymbols.EndOfBlock)
                        DeflateFaults.BadCode();
                    ended = true;
                    break;
                }
            }

            var length = (entry >> 16) + Extra(before, entry);
            entry = distanceTable[bits & DistanceIndex];
            Refill(ref next, ref bits, ref left);
            if ((entry & DeflateSymbols.Exception) != 0)
            {
                if ((entry & DeflateSymbols.FurtherTable) != DeflateSymbols.FurtherTable)
                    DeflateFaults.BadCode();
                Drop(ref bits, ref left, entry);
                entry = distanceTable[(entry >> 16) + FurtherIndex(bits, entry)];
                if ((entry & DeflateSymbols.Exception) != 0)
                    DeflateFaults.BadCode();
            }

            before = Drop(ref bits, ref left, entry);
            var distance = (nint)((entry >> 16) + Extra(before, entry));
            entry = lengthTable[bits & LengthIndex];
            Refill(ref next, ref bits, ref left);
            if (distance > at - first)
                DeflateFaults.BadDistance();
            at = Copy(at, distance, length);
            continue;

        Literal:
            *at++ = (byte)(entry >> 16);
            entry = lengthTable[bits & LengthIndex];
            Refill(ref next, ref bits, ref left);
        }

        reader.Next = next;
        reader.Bits = bits;
        reader.Left = left & 63;
        place = at;
        return ended;
    }

    /// <summary>Expands to the end of the block, checking everything at every step.</summary>
    public void ExpandToEnd(ref DeflateBitReader reader, ref byte* place)
    {
        while (true)
        {
            reader.Refill();
            var entry = Symbol(ref reader, lengths, LengthIndex, out var before);
            if ((int)entry < 0)
            {
                if (place == end)
                    DeflateFaults.TooLong();
                *place++ = (byte)(entry >> 16);
                continue;
            }

            if ((entry & DeflateSymbols.Exception) != 0)
            {
                if ((entry & DeflateSymbols.EndOfBlock) != DeflateSymbols.EndOfBlock)
                    DeflateFaults.BadCode();
                return;
            }

            var length = (entry >> 16) + Extra(before, entry);
            reader.Refill();
            entry = Symbol(ref reader, distances, DistanceIndex, out before);
            if ((entry & DeflateSymbols.Exception) != 0)
                DeflateFaults.BadCode();
            var distance = (nint)((entry >> 16) + Extra(before, entry));
            if (distance > place - start)
                DeflateFaults.BadDistance();
            if (length > end - place)
                DeflateFaults.TooLong();
            for (; length > 0; length--, place++)
                *place = place[-distance];
        }
    }

    private static uint Symbol(ref DeflateBitReader reader, uint* table, uint index, out ulong before)
    {
        before = reader.Bits;
        var entry = table[before & index];
        reader.Drop((int)(entry & 63));
        if ((entry & DeflateSymbols.FurtherTable) != DeflateSymbols.FurtherTable)
            return entry;
        before = reader.Bits;
        entry = table[(entry >> 16) + FurtherIndex(before, entry)];
        reader.Drop((int)(entry & 63));
        return entry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Refill(ref byte* next, ref ulong bits, ref int left)
    {
        bits |= DeflateBitReader.Load(next) << left;
        next += 7 - ((left >> 3) & 7);
        left |= 56;
    }

    /// <summary>Takes what the entry says. Of <paramref name="left"/> only the low six bits count, which saves masking the entry.</summary>
    /// <returns>The bits as they were before.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Drop(ref ulong bits, ref int left, uint entry)
    {
        var before = bits;
        bits >>= (int)entry;
        left -= (int)entry;
        return before;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FurtherIndex(ulong bits, uint entry) => bits & ((1UL << (int)((entry >> 8) & 15)) - 1);

    /// <summary>The extra bits behind a code, from the bits before the code was taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Extra(ulong before, uint entry)
    {
#if !NETSTANDARD2_0
        if (Bmi2.X64.IsSupported)
            return (uint)(Bmi2.X64.ZeroHighBits(before, entry) >> (int)((entry >> 8) & 15));
#endif
        return (uint)((before & ((1UL << (int)entry) - 1)) >> (int)((entry >> 8) & 15));
    }

    /// <summary>Copies a match in chunks; writes up to 31 bytes beyond it and reads nothing at or behind the end of what it has written.</summary>
    /// <returns>Behind the match.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Copy(byte* at, nint distance, uint length)
    {
        var from = at - distance;
        var stop = at + length;
        if (distance < 16)
        {
            CopyNear(at, distance, stop);
            return stop;
        }

        do
        {
            Unsafe.WriteUnaligned(at, Unsafe.ReadUnaligned<Chunk>(from));
            Unsafe.WriteUnaligned(at + 16, Unsafe.ReadUnaligned<Chunk>(from + 16));
            at += 32;
            from += 32;
        }
        while (at < stop);
        return stop;
    }

    private static void CopyNear(byte* at, nint distance, byte* stop)
    {
        var from = at - distance;
        if (distance == 1)
        {
            var run = *from * 0x0101010101010101UL;
            for (; at < stop; at += 16)
            {
                Unsafe.WriteUnaligned(at, run);
                Unsafe.WriteUnaligned(at + 8, run);
            }

            return;
        }

        // Each store makes the known period longer, so the distance may double until whole words can be copied.
        while (distance < 8)
        {
            Unsafe.WriteUnaligned(at, Unsafe.ReadUnaligned<ulong>(from));
            at += distance;
            distance += distance;
        }

        for (; at < stop; at += 8, from += 8)
            Unsafe.WriteUnaligned(at, Unsafe.ReadUnaligned<ulong>(from));
    }

    [StructLayout(LayoutKind.Sequential, Size = 16)]
    private struct Chunk;
}
