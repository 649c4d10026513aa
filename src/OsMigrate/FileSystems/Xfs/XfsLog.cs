using System.Buffers.Binary;

namespace OsMigrate.FileSystems.Xfs;

/// <summary>The log, read only as far as to say whether it is clean: whether the last that was written is the mark of unmounting.</summary>
/// <remarks>
/// Source: "XFS Algorithms &amp; Data Structures", chapter "Journaling Log". The log is a ring of blocks of 512 bytes. Each begins with the number of the
/// turn in which it was written; the header of a record begins with a mark and has the number behind it. All is big endian.
/// The whole ring is read, not searched: whatever is out of order there is a reason not to call it clean.
/// </remarks>
internal sealed class XfsLog(XfsVolume volume)
{
    private const int Block = 512;
    private const int Chunk = 1 << 20;
    private const uint Mark = 0xFEEDBABE;
    private const uint MaxBytes = 0x8000_0000;
    private const int MaxRecord = 1 << 20;
    private const int PerHeader = 32768;
    private const byte OfLog = 0xAA;
    private const byte Unmounted = 0x20;

    private readonly byte[] _super = volume.Super.Bytes;
    private long _start;
    private long _count;

    /// <summary>True only when everything is as an unmounted file system leaves it, or the tool that made it.</summary>
    public bool IsClean()
    {
        var place = BinaryPrimitives.ReadUInt64BigEndian(_super.AsSpan(48));
        var blocks = BinaryPrimitives.ReadUInt32BigEndian(_super.AsSpan(96));
        _start = volume.Super.PlaceOfBlock(place);
        _count = (long)blocks * volume.Super.BlockSize / Block;
        return _start > 0 && _count > 1 && _count <= MaxBytes / Block && _start <= volume.Store.Length - (_count * Block)
            && Newest() is var (turn, head, record) && record >= 0 && IsUnmountRecord(turn, head, record);
    }

    /// <summary>Where the next record would be written, and the newest header before it. Blocks are counted from the start of the log.</summary>
    /// <returns>A record of -1 when the turns are out of order or there is no record.</returns>
    private (uint Turn, long Head, long Record) Newest()
    {
        uint newest = 0;
        long head = -1, before = -1, behind = -1;
        var buffer = new byte[Math.Min(Chunk, _count * Block)];
        for (long i = 0; i < _count; i++)
        {
            var at = (int)(i * Block % Chunk);
            if (at == 0)
                volume.Store.Read(_start + (i * Block), buffer.AsSpan(0, (int)Math.Min(Chunk, (_count - i) * Block)));
            var turn = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(at));
            var isHeader = turn == Mark;
            if (isHeader)
                turn = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(at + 4));
            if (i == 0)
                newest = turn;
            if (head < 0 && turn != newest)
                head = i;
            // The rest is from the turn before; zeros when there was none.
            if (newest == 0 || (head >= 0 && turn != newest - 1))
                return (0, 0, -1);
            if (isHeader && head < 0)
                before = i;
            else if (isHeader)
                behind = i;
        }

        return (newest, Math.Max(head, 0), before >= 0 ? before : behind);
    }

    private bool IsUnmountRecord(uint turn, long head, long record)
    {
        var header = volume.Store.ReadBytes(_start + (record * Block), Block);
        // One that begins before the end of the ring was begun in the turn before, unless the head is there too.
        var expected = record < head || head == 0 ? turn : turn - 1;
        uint cycle = Word(header, 4), version = Word(header, 8), length = Word(header, 12), size = Word(header, 320);
        if (cycle != expected || version is not (1 or 2) || length is 0 or > MaxRecord || size > MaxRecord || Word(header, 40) != 1)
            return false;
        if (Word(header, 16) != cycle || Word(header, 20) != record || !IsBefore(Word(header, 24), Word(header, 28), cycle, record))
            return false;
        if (!header.AsSpan(304, 16).SequenceEqual(_super.AsSpan(32, 16)))
            return false;
        long headers = version == 2 && size > PerHeader ? (size + PerHeader - 1) / PerHeader : 1;
        if ((record + headers + ((length + Block - 1) / Block)) % _count != head)
            return false;
        var operation = volume.Store.ReadBytes(_start + ((record + headers) % _count * Block), Block);
        // Behind the head of the operation "Un", a 16-bit number in the order of the computer that wrote it.
        return operation[8] == OfLog && operation[9] == Unmounted && ((operation[12], operation[13]) is (0x6E, 0x55) or (0x55, 0x6E));
    }

    /// <summary>The oldest record that is still needed lies in this turn or the one before, and not after the record itself.</summary>
    private bool IsBefore(uint tailTurn, uint tail, uint turn, long record)
        => tail < _count && ((tailTurn == turn && tail <= record) || (tailTurn == turn - 1 && tail >= record));

    private static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
