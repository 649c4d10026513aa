using System.Buffers.Binary;

namespace OsMigrate.Fuzz;

/// <summary>A seed that can be damaged and put right again without copying it: some images have megabytes.</summary>
internal sealed class MutableInput
{
    /// <summary>How much an input can grow.</summary>
    public const int Room = 64 << 10;

    private const int SmallSize = 256 << 10;
    private readonly byte[] _seed;
    private readonly List<(int At, int Length)> _touched = [];

    public MutableInput(byte[] seed)
    {
        _seed = seed;
        Bytes = new byte[seed.Length + Room];
        seed.CopyTo(Bytes, 0);
        Length = seed.Length;
        Words = FindWords(seed);
    }

    public byte[] Bytes { get; }

    public int Length { get; private set; }

    /// <summary>Offsets of aligned 4-byte words that are not zero, most of them from places that look like structures.</summary>
    public int[] Words { get; }

    public bool IsSmall => Length <= SmallSize;

    public void Reset()
    {
        foreach (var (at, length) in _touched)
        {
            var fromSeed = Math.Clamp(_seed.Length - at, 0, length);
            _seed.AsSpan(Math.Min(at, _seed.Length), fromSeed).CopyTo(Bytes.AsSpan(at));
            Bytes.AsSpan(at + fromSeed, length - fromSeed).Clear();
        }

        _touched.Clear();
        Length = _seed.Length;
    }

    public Span<byte> Change(int at, int length)
    {
        length = Math.Clamp(length, 0, Length - at);
        _touched.Add((at, length));
        return Bytes.AsSpan(at, length);
    }

    public void Truncate(int length) => Length = Math.Clamp(length, 0, Length);

    public void Insert(int at, int count)
    {
        count = Math.Min(count, Bytes.Length - Length);
        _touched.Add((at, Length + count - at));
        Bytes.AsSpan(at, Length - at).CopyTo(Bytes.AsSpan(at + count));
        Length += count;
    }

    public void Delete(int at, int count)
    {
        count = Math.Min(count, Length - at);
        _touched.Add((at, Length - at));
        Bytes.AsSpan(at + count, Length - at - count).CopyTo(Bytes.AsSpan(at));
        Length -= count;
    }

    public uint ReadWord(int at) => at + 4 <= Length ? BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(at)) : 0;

    private static int[] FindWords(byte[] seed)
    {
        var words = new List<int>();
        for (var sector = 0; sector < seed.Length; sector += 512)
        {
            var end = Math.Min(seed.Length, sector + 512) - 3;
            var found = new List<int>();
            for (var at = sector; at < end; at += 4)
            {
                if (BinaryPrimitives.ReadUInt32LittleEndian(seed.AsSpan(at)) != 0)
                    found.Add(at);
            }

            // A sector full of bytes is content; a thin one is a structure and deserves the attention.
            words.AddRange(found.Count > 100 && sector > 4096 ? found.Where((_, i) => i % 40 == 0) : found);
        }

        return [.. words];
    }
}
