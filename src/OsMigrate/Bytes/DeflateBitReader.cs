using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OsMigrate.Bytes;

/// <summary>Bits of a deflate stream, least significant first (RFC 1951, section 3.1.1). Never reads outside the input.</summary>
internal unsafe ref struct DeflateBitReader(byte* start, byte* end)
{
    /// <summary>The next byte that is not yet in <see cref="Bits"/>.</summary>
    public byte* Next = start;

    /// <summary>Past the last byte of the input.</summary>
    public readonly byte* End = end;

    /// <summary>The next bits. Above the <see cref="Left"/> valid ones lie zeros or the bits that follow in the stream.</summary>
    public ulong Bits;

    /// <summary>How many bits of <see cref="Bits"/> were taken from the input; at most 63.</summary>
    public int Left;

    /// <summary>Where the next unread whole byte lies: bytes that were only looked at are given back.</summary>
    public readonly byte* Position => Next - (Left >> 3);

    /// <summary>Tops up to at least 56 bits, or to all there are.</summary>
    public void Refill()
    {
        if (End - Next >= 8)
        {
            Bits |= Load(Next) << Left;
            Next += (63 - Left) >> 3;
            Left |= 56;
            return;
        }

        while (Left < 56 && Next < End)
        {
            Bits |= (ulong)*Next++ << Left;
            Left += 8;
        }
    }

    /// <summary>Takes bits that are there: the caller looked at them.</summary>
    /// <exception cref="DeflateEndException">Fewer are left: the stream ends early.</exception>
    public void Drop(int count)
    {
        if (count > Left)
            DeflateFaults.EndsEarly();
        Bits >>= count;
        Left -= count;
    }

    /// <summary>Takes a number of up to 16 bits, refilling before.</summary>
    public uint Take(int count)
    {
        if (Left < count)
            Refill();
        var value = (uint)(Bits & ((1UL << count) - 1));
        Drop(count);
        return value;
    }

    /// <summary>Goes to the next byte boundary and gives back every whole byte, so that <see cref="Next"/> is the position.</summary>
    public void AlignToByte()
    {
        Next = Position;
        Bits = 0;
        Left = 0;
    }

    /// <summary>Eight bytes, least significant first; the caller has checked that they are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(byte* at)
    {
        var value = Unsafe.ReadUnaligned<ulong>(at);
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }
}
