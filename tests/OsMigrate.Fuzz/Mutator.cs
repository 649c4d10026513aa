using System.Buffers.Binary;

namespace OsMigrate.Fuzz;

/// <summary>Damages an input in the ways that find bugs in parsers of binary structures. The same random numbers give the same damage.</summary>
internal static class Mutator
{
    private static readonly long[] Interesting =
    [
        0, 1, 2, 3, 4, 7, 8, 16, 31, 32, 64, 127, 128, 255, 256, 511, 512, 513, 4095, 4096, 32767, 32768, 65535, 65536, 65537, 1 << 20, 1 << 30,
        int.MaxValue - 1, int.MaxValue, 1L << 31, uint.MaxValue - 1, uint.MaxValue, 1L << 32, 1L << 40, 1L << 53, 1L << 62, long.MaxValue - 511, long.MaxValue, long.MinValue, -1, -2, -512,
    ];

    public static void Damage(MutableInput input, Random random, IReadOnlyList<byte[]> seeds)
    {
        var times = random.Next(3) == 0 ? random.Next(2, 8) : 1;
        for (var i = 0; i < times; i++)
            Once(input, random, seeds);
    }

    private static void Once(MutableInput input, Random random, IReadOnlyList<byte[]> seeds)
    {
        if (input.Length == 0)
            return;
        var at = Place(input, random);
        switch (random.Next(24))
        {
            case <= 3:
                input.Change(at, 1)[0] ^= (byte)(1 << random.Next(8));
                break;
            case <= 5:
                input.Change(at, 1)[0] = (byte)Interesting[random.Next(14)];
                break;
            case <= 13:
                WriteNumber(input, random, at);
                break;
            case <= 15:
                AddToNumber(input, random, at);
                break;
            case 16:
                var from = Place(input, random);
                var count = Math.Min(random.Next(1, 600), Math.Min(input.Length - from, input.Length - at));
                var piece = input.Bytes.AsSpan(from, count).ToArray();
                piece.CopyTo(input.Change(at, count));
                break;
            case 17:
                input.Change(at, random.Next(1, 600)).Clear();
                break;
            case 18:
                input.Change(at, random.Next(1, 600)).Fill(0xFF);
                break;
            case 19:
                random.NextBytes(input.Change(at, random.Next(1, 64)));
                break;
            case 20:
                input.Truncate(random.Next(2) == 0 ? at : random.Next(input.Length + 1));
                break;
            case 21 when input.IsSmall:
                input.Delete(at, random.Next(1, random.Next(3) == 0 ? 1024 : 16));
                break;
            case 22 when input.IsSmall:
                input.Insert(at, random.Next(1, random.Next(3) == 0 ? 1024 : 16));
                break;
            default:
                var other = seeds[random.Next(seeds.Count)];
                var head = input.Change(0, Math.Min(other.Length, random.Next(8, 2048)));
                other.AsSpan(0, head.Length).CopyTo(head);
                break;
        }
    }

    private static int Place(MutableInput input, Random random)
    {
        var at = random.Next(10) switch
        {
            <= 2 => random.Next(Math.Min(input.Length, 1 << random.Next(4, 13))),
            <= 7 when input.Words.Length > 0 => input.Words[random.Next(input.Words.Length)],
            8 => Math.Max(0, input.Length - 1 - random.Next(1024)),
            _ => random.Next(input.Length),
        };
        return Math.Min(at, input.Length - 1);
    }

    private static void WriteNumber(MutableInput input, Random random, int at)
    {
        if (random.Next(4) != 0)
            at &= ~3;
        var value = random.Next(8) switch
        {
            0 => input.Length,
            1 => (input.Length / 512) + random.Next(-1, 2),
            2 => at,
            3 => at / 512,
            4 when input.Words.Length > 0 => input.ReadWord(Math.Min(input.Words[random.Next(input.Words.Length)], input.Length)),
            _ => Interesting[random.Next(Interesting.Length)],
        };
        Write(input, at, random.Next(3), random.Next(2) == 0, value);
    }

    private static void AddToNumber(MutableInput input, Random random, int at)
    {
        at &= ~3;
        var little = random.Next(2) == 0;
        var old = input.ReadWord(at);
        var value = (little ? old : BinaryPrimitives.ReverseEndianness(old)) + (uint)random.Next(-16, 17);
        Write(input, at, 1, little, value);
    }

    private static void Write(MutableInput input, int at, int size, bool little, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        var number = bytes[..(2 << size)];
        if (!little)
            number.Reverse();
        var place = input.Change(at, number.Length);
        number[..place.Length].CopyTo(place);
    }
}
