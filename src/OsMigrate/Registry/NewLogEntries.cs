using System.Buffers.Binary;

namespace OsMigrate.Registry;

/// <summary>The logs since Windows 8.1: numbered entries ("HvLE"), each with the pages of one write and two hashes.</summary>
internal static class NewLogEntries
{
    private const int First = 512;
    private const int Unit = 512;
    private const int HeaderLength = 40;
    private const uint Signature = 0x454C7648;

    /// <summary>The entries to apply, in order and without a gap, over all logs.</summary>
    /// <param name="logs">Sorted by their sequence number.</param>
    /// <param name="from">The number to start with; null takes what the first log has.</param>
    public static List<LogEntry> Contiguous(IEnumerable<byte[]> logs, int? from)
    {
        var entries = new List<LogEntry>();
        foreach (var log in logs)
        {
            foreach (var entry in Read(log))
            {
                if (from is null || entry.Sequence == from)
                {
                    entries.Add(entry);
                    from = unchecked(entry.Sequence + 1);
                }
            }
        }

        return entries;
    }

    public static void Apply(HiveImage image, List<LogEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.DataLength > (long)image.Length + entry.Log.Length)
                throw image.Fault(0, $"a log asks for hive bins of {entry.DataLength} bytes, more than hive and log hold");
            image.Resize(entry.DataLength);
            BaseBlock.Put(image.Header, BaseBlock.DataLength, entry.DataLength);
            var data = entry.Start + HeaderLength + (8 * entry.Pages);
            for (var i = 0; i < entry.Pages; i++)
            {
                var reference = entry.Start + HeaderLength + (8 * i);
                var (position, count) = (BaseBlock.Get(entry.Log, reference), BaseBlock.Get(entry.Log, reference + 4));
                entry.Log.AsSpan(data, count).CopyTo(image.Span(position, count));
                data += count;
            }
        }
    }

    private static IEnumerable<LogEntry> Read(byte[] log)
    {
        int? expected = null;
        for (var start = First; start <= log.Length - HeaderLength;)
        {
            var size = BaseBlock.Get(log, start + 4);
            if ((uint)BaseBlock.Get(log, start) != Signature || size < HeaderLength || size % Unit != 0 || size > log.Length - start)
                yield break;
            var entry = new LogEntry(log, start, size, BaseBlock.Get(log, start + 12), BaseBlock.Get(log, start + 16), BaseBlock.Get(log, start + 20));
            if ((expected is not null && entry.Sequence != expected) || !IsSound(entry))
                yield break;
            expected = unchecked(entry.Sequence + 1);
            yield return entry;
            start += size;
        }
    }

    private static bool IsSound(LogEntry entry)
    {
        var bytes = entry.Log.AsSpan(entry.Start, entry.Size);
        if (entry.DataLength <= 0 || entry.DataLength % HiveFormat.BinUnit != 0 || entry.Pages < 0 || entry.Pages > (entry.Size - HeaderLength) / 8)
            return false;
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(32)) != Marvin32.Hash(bytes.Slice(0, 32))
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(24)) != Marvin32.Hash(bytes.Slice(HeaderLength)))
        {
            return false;
        }

        long needed = HeaderLength + (8L * entry.Pages);
        for (var i = 0; i < entry.Pages; i++)
        {
            var reference = HeaderLength + (8 * i);
            var (position, count) = (BaseBlock.Get(bytes, reference), BaseBlock.Get(bytes, reference + 4));
            if (position < 0 || count < 0 || position > entry.DataLength - count)
                return false;
            needed += count;
        }

        return needed <= entry.Size;
    }
}

/// <summary>One entry of a log.</summary>
/// <param name="DataLength">Bytes in hive bins after this entry.</param>
internal sealed record LogEntry(byte[] Log, int Start, int Size, int Sequence, int DataLength, int Pages);
