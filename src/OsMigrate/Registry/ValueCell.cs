namespace OsMigrate.Registry;

/// <summary>A value ("vk") in the hive's bytes. A view: nothing is copied.</summary>
internal readonly struct ValueCell
{
    public const int FixedLength = 20;

    /// <summary>Set in the length when the data, at most four bytes, stands in the place of its offset.</summary>
    public const int Resident = int.MinValue;

    private readonly HiveImage _image;

    private ValueCell(HiveImage image, int offset)
    {
        _image = image;
        Offset = offset;
    }

    public int Offset { get; }

    private int Start => Offset + 4;

    public int NameLength => _image.UInt16(Start + 2);

    public int RawLength => _image.Int32(Start + 4);

    public bool IsResident => RawLength < 0;

    /// <summary>Bytes of data.</summary>
    public int DataLength => RawLength & int.MaxValue;

    public int DataOffset => _image.Int32(Start + 8);

    public int Type => _image.Int32(Start + 12);

    public bool HasNarrowName => (_image.UInt16(Start + 16) & 1) != 0;

    public string Name => HiveNames.Decode(_image.Span(Start + FixedLength, NameLength), HasNarrowName);

    /// <summary>The name's length as the longest-name field of a key counts it: in bytes of UTF-16.</summary>
    public int WideNameLength => HasNarrowName ? NameLength * 2 : NameLength;

    public static ValueCell At(HiveImage image, int offset)
    {
        var content = image.Content(offset, FixedLength, "a value");
        if (image.UInt16(offset + 4) != HiveFormat.Vk)
            throw image.Fault(offset, "the cell is not a value (vk)");
        var value = new ValueCell(image, offset);
        if (value.NameLength > content - FixedLength)
            throw image.Fault(offset, $"a value's name of {value.NameLength} bytes reaches past its cell");
        return value;
    }

    public static ValueCell Create(HiveImage image, CellSpace space, string name)
    {
        var encoded = HiveNames.Encode(name);
        var offset = space.Allocate(FixedLength + encoded.Length);
        var start = offset + 4;
        image.Put16(start, HiveFormat.Vk);
        image.Put16(start + 2, (ushort)encoded.Length);
        image.Put32(start + 4, Resident);
        image.Put16(start + 16, (ushort)(name.Length > 0 && HiveNames.IsNarrow(name) ? 1 : 0));
        encoded.CopyTo(image.Span(start + FixedLength, encoded.Length));
        return new ValueCell(image, offset);
    }

    public void Point(int rawLength, int dataOffset)
    {
        _image.Put32(Start + 4, rawLength);
        _image.Put32(Start + 8, dataOffset);
    }

    public void SetType(int type) => _image.Put32(Start + 12, type);

    public Span<byte> ResidentData => _image.Span(Start + 8, 4);
}
