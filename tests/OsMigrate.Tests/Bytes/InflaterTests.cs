using System.IO.Compression;
using CsCheck;
using OsMigrate.Bytes;

namespace OsMigrate.Tests.Bytes;

public class InflaterTests
{
    private const byte Canary = 0xA5;

    [Theory]
    [InlineData("4BC4 0400", "one literal and a match that overlaps itself", "61616161616161616161616161616161616161")]
    [InlineData("01 0300 FCFF 616263", "a stored block", "616263")]
    [InlineData("0300", "nothing at all", "")]
    [InlineData("4B4C4A0600 DEAD", "other bytes behind the stream", "616263")]
    [InlineData("05C08109000000009056FF13180000", "a block with codes of its own", "")]
    public void Streams_written_by_hand_expand_as_RFC_1951_says(string stream, string what, string expected)
    {
        var deflated = Convert.FromHexString(stream.Replace(" ", "", StringComparison.Ordinal));
        Assert.NotEmpty(what);
        var (bytes, error) = Reference(deflated, 64);
        var ours = Ours(deflated, 64);
        Assert.Equal(error, ours.Error);
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(ours.Bytes));
        if (expected.Length > 0)
            Assert.Equal(expected, Convert.ToHexString(ours.Bytes));
    }

    [Fact]
    public void Whatever_is_deflated_at_any_level_comes_back()
    {
        var alphabet = Gen.Int[1, 255];
        Gen.Select(alphabet, Gen.Int[0, 70_000], Gen.Int[0, 3], Gen.Int).Sample(
            (symbols, length, level, seed) =>
            {
                var data = Content(new Random(seed), symbols, length);
                var deflated = Deflate(data, (CompressionLevel)level);
                var (bytes, error) = Ours(deflated, data.Length);
                return !error && bytes.AsSpan().SequenceEqual(data);
            },
            iter: 300);
    }

    [Fact]
    public void Damaged_streams_give_the_same_bytes_as_zlib_or_are_refused_by_both()
    {
        var random = new Random(20);
        var accepted = 0;
        for (var i = 0; i < 4000; i++)
        {
            var data = Content(random, random.Next(1, 255), random.Next(1, 3000));
            var stream = Deflate(data, (CompressionLevel)random.Next(0, 4));
            for (var flips = random.Next(0, 4); flips > 0; flips--)
                stream[random.Next(Math.Min(stream.Length, 1 << random.Next(3, 13)))] ^= (byte)(1 << random.Next(8));
            stream = stream[..(random.Next(3) == 0 ? random.Next(stream.Length + 1) : stream.Length)];
            var room = Math.Max(0, data.Length + (random.Next(4) == 0 ? random.Next(-300, 300) : 0));
            accepted += AssertAgrees(stream, room, $"input {i}");
        }

        Assert.InRange(accepted, 500, 3500);
    }

    [Fact]
    public void Random_bytes_give_the_same_as_zlib_or_are_refused_by_both()
    {
        var random = new Random(21);
        for (var i = 0; i < 4000; i++)
        {
            var stream = new byte[random.Next(0, 400)];
            random.NextBytes(stream);
            AssertAgrees(stream, random.Next(0, 2000), $"input {i}");
        }
    }

    [Fact]
    public void A_stream_cut_anywhere_gives_as_many_bytes_as_zlib()
    {
        var data = Content(new Random(22), 40, 1500);
        var stream = Deflate(data, CompressionLevel.Optimal);
        for (var length = 0; length < stream.Length; length++)
            AssertAgrees(stream[..length], data.Length, $"cut at {length}");
    }

    [Fact]
    public void A_bomb_is_refused_at_the_end_of_its_block()
    {
        var stream = Deflate(new byte[10_000_000], CompressionLevel.Optimal);
        Assert.Throws<InvalidDataException>(() => Inflater.Inflate(stream, new byte[65536]));
    }

    private static int AssertAgrees(byte[] stream, int room, string which)
    {
        var reference = Reference(stream, room);
        var ours = Ours(stream, room);
        Assert.True(reference.Error == ours.Error, $"{which}: zlib {(reference.Error ? "refuses" : "takes")} it, we do not: {Convert.ToHexString(stream)}");
        if (!ours.Error)
            Assert.True(reference.Bytes.AsSpan().SequenceEqual(ours.Bytes), $"{which}: {ours.Bytes.Length} bytes, zlib {reference.Bytes.Length}: {Convert.ToHexString(stream)}");
        return ours.Error ? 0 : 1;
    }

    private static (byte[] Bytes, bool Error) Ours(byte[] stream, int room)
    {
        var around = new byte[room + 128];
        Array.Fill(around, Canary);
        try
        {
            var count = Inflater.Inflate(stream, around.AsSpan(64, room));
            return (around[64..(64 + count)], false);
        }
        catch (InvalidDataException)
        {
            return ([], true);
        }
        finally
        {
            Assert.DoesNotContain(around[..64], b => b != Canary);
            Assert.DoesNotContain(around[^64..], b => b != Canary);
        }
    }

    private static (byte[] Bytes, bool Error) Reference(byte[] stream, int room)
    {
        using var inflater = new DeflateStream(new MemoryStream(stream), CompressionMode.Decompress);
        var output = new byte[room];
        try
        {
            var count = inflater.ReadAtLeast(output, room, throwOnEndOfStream: false);
            return count == room && inflater.ReadByte() >= 0 ? ([], true) : (output[..count], false);
        }
        catch (InvalidDataException)
        {
            return ([], true);
        }
    }

    private static byte[] Deflate(byte[] data, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, level, leaveOpen: true))
            deflate.Write(data);
        return packed.ToArray();
    }

    /// <summary>Literals of a few or many kinds, repetitions from near and far, runs.</summary>
    private static byte[] Content(Random random, int symbols, int length)
    {
        var data = new byte[length];
        for (var at = 0; at < length;)
        {
            var n = Math.Min(length - at, 1 + random.Next(random.Next(1, 300)));
            var kind = random.Next(4);
            for (var i = 0; i < n; i++, at++)
            {
                data[at] = kind switch
                {
                    0 => (byte)(random.Next(symbols) * random.Next(2)),
                    1 => (byte)random.Next(symbols),
                    2 when at > 0 => data[at - 1],
                    _ => data[Math.Max(0, at - n - (symbols * 37))],
                };
            }
        }

        return data;
    }
}
