using System.IO.Compression;
using OsMigrate.Bytes;

namespace OsMigrate.Fuzz.Parsers;

/// <summary>The inflater against zlib: the same bytes or refused by both, and never a byte touched outside its spans.</summary>
internal sealed class InflaterTarget : FuzzTarget
{
    private const int MaxOutput = 64 << 10;
    private readonly GuardedMemory _input = new(MaxOutput + MutableInput.Room + (64 << 10));
    private readonly GuardedMemory _output = new(MaxOutput);
    private readonly byte[] _expected = new byte[MaxOutput];

    public override string Name => "inflater";

    public override IReadOnlyList<byte[]> Seeds(SeedFolder folder) => folder.Get(Name, Make);

    public override unsafe bool Parse(byte[] bytes, int length, Random random)
    {
        var room = random.Next(4) == 0 ? random.Next(MaxOutput + 1) : MaxOutput;
        length = Math.Min(length, _input.Size);
        var expected = Reference(bytes, length, room);
        var input = _input.AtEnd(length);
        bytes.AsSpan(0, length).CopyTo(input);
        var output = _output.AtEnd(room);
        var count = -1;
        try
        {
            count = Inflater.Inflate(input, output);
        }
        catch (InvalidDataException)
        {
        }

        if (count != expected)
            throw new BrokenPromiseException($"{count} bytes, zlib says {expected}");
        if (count > 0 && !output[..count].SequenceEqual(_expected.AsSpan(0, count)))
            throw new BrokenPromiseException("other bytes than zlib's");
        if (count > 0 && random.Next(16) == 0 && Adler32.Compute(output[..count]) != SlowAdler(output[..count]))
            throw new BrokenPromiseException("the Adler-32 is wrong");
        return count >= 0;
    }

    /// <returns>Bytes, or -1 when zlib refuses.</returns>
    private int Reference(byte[] bytes, int length, int room)
    {
        using var inflater = new DeflateStream(new MemoryStream(bytes, 0, length), CompressionMode.Decompress);
        try
        {
            var count = inflater.ReadAtLeast(_expected.AsSpan(0, room), room, throwOnEndOfStream: false);
            return count == room && inflater.ReadByte() >= 0 ? -1 : count;
        }
        catch (InvalidDataException)
        {
            return -1;
        }
    }

    private static uint SlowAdler(ReadOnlySpan<byte> data)
    {
        uint a = 1, b = 0;
        foreach (var value in data)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        return (b << 16) | a;
    }

    private static void Make(string folder)
    {
        var random = new Random(7);
        var code = File.ReadAllBytes(typeof(Inflater).Assembly.Location);
        for (var i = 0; i < 48; i++)
        {
            var data = new byte[i < 24 ? random.Next(1, 2000) : random.Next(1, MaxOutput)];
            if (i % 3 == 0)
                code.AsSpan(random.Next(code.Length - data.Length), data.Length).CopyTo(data);
            for (var at = 0; i % 3 != 0 && at < data.Length; at++)
                data[at] = i % 3 == 1 ? (byte)(random.Next(1 + (i * 5)) * random.Next(2)) : (byte)(at / 9 * (1 + (at / 700)));
            using var packed = new MemoryStream();
            using (var deflate = new DeflateStream(packed, (CompressionLevel)(i % 4), leaveOpen: true))
                deflate.Write(data);
            File.WriteAllBytes(Path.Combine(folder, $"{i:d2}.deflate"), packed.ToArray());
        }
    }
}
