using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Registry;

/// <summary>The bytes of a hive in memory, addressed as the format does it: by cell offset, counted from the first hive bin.</summary>
internal sealed class HiveImage(byte[] bytes, int length, string name)
{
    private byte[] _bytes = bytes;

    /// <summary>How to name the hive in errors.</summary>
    public string Name { get; } = name;

    /// <summary>Bytes in the file, header included.</summary>
    public int Length { get; private set; } = length;

    /// <summary>Bytes in hive bins, as the header says; no more than the file holds.</summary>
    public int DataLength { get; set; }

    /// <summary>The header, 4096 bytes.</summary>
    public Span<byte> Header => _bytes.AsSpan(0, HiveFormat.BaseBlockLength);

    /// <summary>The whole file.</summary>
    public ReadOnlySpan<byte> File => _bytes.AsSpan(0, Length);

    public HiveImage Copy() => new(File.ToArray(), Length, Name) { DataLength = DataLength };

    /// <summary>Makes room for hive bins of this many bytes; what is new is zero.</summary>
    public void Resize(int dataLength)
    {
        var needed = HiveFormat.BaseBlockLength + dataLength;
        if (needed > HiveFormat.MaximumHiveLength)
            throw new InvalidImageException(ErrorIds.TooLarge, Name, -1, $"the hive would grow beyond {HiveFormat.MaximumHiveLength} bytes");
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(needed, Math.Min(HiveFormat.MaximumHiveLength, _bytes.Length + (_bytes.Length / 4))));
        if (dataLength > DataLength)
            Array.Clear(_bytes, HiveFormat.BaseBlockLength + DataLength, dataLength - DataLength);
        DataLength = dataLength;
        Length = Math.Max(Length, needed);
    }

    public int Int32(int position) => BinaryPrimitives.ReadInt32LittleEndian(Span(position, 4));

    public ushort UInt16(int position) => BinaryPrimitives.ReadUInt16LittleEndian(Span(position, 2));

    public long Int64(int position) => BinaryPrimitives.ReadInt64LittleEndian(Span(position, 8));

    public void Put32(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(Span(position, 4), value);

    public void Put16(int position, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Span(position, 2), value);

    public void Put64(int position, long value) => BinaryPrimitives.WriteInt64LittleEndian(Span(position, 8), value);

    /// <param name="position">Counted from the first hive bin.</param>
    public Span<byte> Span(int position, int count)
    {
        if (position < 0 || count < 0 || position > DataLength - count)
            throw Fault(position, $"{count} bytes are needed here, but the hive bins end at {DataLength}");
        return _bytes.AsSpan(HiveFormat.BaseBlockLength + position, count);
    }

    /// <summary>True when the offset can be the start of a cell; its size is then positive for a free cell, negative for a used one.</summary>
    public bool TryCell(int offset, out int size)
    {
        size = 0;
        if (offset < HiveFormat.BinHeaderLength || (offset & 7) != 0 || offset > DataLength - 8)
            return false;
        size = Int32(offset);
        return size != int.MinValue && Math.Abs(size) >= 8 && Math.Abs(size) <= DataLength - offset;
    }

    /// <summary>Bytes of content in the used cell at an offset, or an error that says what was looked for.</summary>
    public int Content(int offset, int minimum, string what)
    {
        if (!TryCell(offset, out var size))
            throw Fault(offset, $"no cell can be here, where {what} is expected");
        if (size > 0)
            throw Fault(offset, $"the cell is free, where {what} is expected");
        if (-size - 4 < minimum)
            throw Fault(offset, $"the cell holds {-size - 4} bytes, too few for {what}");
        return -size - 4;
    }

    /// <summary>The content of a used cell.</summary>
    public Span<byte> Cell(int offset, int minimum, string what)
    {
        var count = Content(offset, minimum, what);
        return _bytes.AsSpan(HiveFormat.BaseBlockLength + offset + 4, count);
    }

    /// <summary>Replaces the whole file's beginning: recovery from a log.</summary>
    public void Overwrite(int fileOffset, ReadOnlySpan<byte> data) => data.CopyTo(_bytes.AsSpan(fileOffset));

    public InvalidImageException Fault(int offset, string reason)
        => new(ErrorIds.BadStructure, Name, (long)HiveFormat.BaseBlockLength + offset, reason);
}
