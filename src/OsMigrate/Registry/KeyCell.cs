namespace OsMigrate.Registry;

/// <summary>A key node ("nk") in the hive's bytes. A view: nothing is copied.</summary>
internal readonly struct KeyCell
{
    public const int FixedLength = 76;
    public const ushort RootFlags = 0x2C;
    public const ushort NarrowName = 0x20;

    private readonly HiveImage _image;

    private KeyCell(HiveImage image, int offset)
    {
        _image = image;
        Offset = offset;
    }

    public int Offset { get; }

    private int Start => Offset + 4;

    public ushort Flags => _image.UInt16(Start + 2);

    public long Timestamp
    {
        get => _image.Int64(Start + 4);
        set => _image.Put64(Start + 4, value);
    }

    public int Parent => _image.Int32(Start + 16);

    public int SubKeyCount
    {
        get => _image.Int32(Start + 20);
        set => _image.Put32(Start + 20, value);
    }

    public int VolatileSubKeyCount => _image.Int32(Start + 24);

    public int SubKeyList
    {
        get => _image.Int32(Start + 28);
        set => _image.Put32(Start + 28, value);
    }

    public int ValueCount
    {
        get => _image.Int32(Start + 36);
        set => _image.Put32(Start + 36, value);
    }

    public int ValueList
    {
        get => _image.Int32(Start + 40);
        set => _image.Put32(Start + 40, value);
    }

    public int Security => _image.Int32(Start + 44);

    public int Class => _image.Int32(Start + 48);

    /// <summary>The longest name of a subkey, in bytes of UTF-16. The other half of the field holds flags since Vista.</summary>
    public int LongestSubKeyName
    {
        get => _image.UInt16(Start + 52);
        set => _image.Put16(Start + 52, (ushort)value);
    }

    /// <summary>The longest class name of a subkey, in bytes.</summary>
    public int LongestSubKeyClass
    {
        get => _image.Int32(Start + 56);
        set => _image.Put32(Start + 56, value);
    }

    /// <summary>The longest name of a value, in bytes of UTF-16.</summary>
    public int LongestValueName
    {
        get => _image.Int32(Start + 60);
        set => _image.Put32(Start + 60, value);
    }

    /// <summary>The longest data of a value, in bytes.</summary>
    public int LongestValueData
    {
        get => _image.Int32(Start + 64);
        set => _image.Put32(Start + 64, value);
    }

    public int NameLength => _image.UInt16(Start + 72);

    public int ClassLength => _image.UInt16(Start + 74);

    public string Name => HiveNames.Decode(_image.Span(Start + FixedLength, NameLength), (Flags & NarrowName) != 0);

    public static KeyCell At(HiveImage image, int offset)
    {
        var content = image.Content(offset, FixedLength, "a key");
        if (image.UInt16(offset + 4) != HiveFormat.Nk)
            throw image.Fault(offset, "the cell is not a key (nk)");
        var key = new KeyCell(image, offset);
        if (key.NameLength > content - FixedLength)
            throw image.Fault(offset, $"a key's name of {key.NameLength} bytes reaches past its cell");
        return key;
    }

    /// <summary>True when a used cell that looks like a key is here.</summary>
    public static bool IsKey(HiveImage image, int offset)
        => image.TryCell(offset, out var size) && size <= -(FixedLength + 4) && image.UInt16(offset + 4) == HiveFormat.Nk;

    /// <summary>Writes a new key without subkeys and values. The caller lists it in its parent.</summary>
    public static KeyCell Create(HiveImage image, CellSpace space, string name, int parent, int security, long timestamp, ushort flags)
    {
        var encoded = HiveNames.Encode(name);
        var offset = space.Allocate(FixedLength + encoded.Length);
        var start = offset + 4;
        image.Put16(start, HiveFormat.Nk);
        image.Put16(start + 2, (ushort)(flags | (HiveNames.IsNarrow(name) ? NarrowName : 0)));
        image.Put64(start + 4, timestamp);
        image.Put32(start + 16, parent);
        image.Put32(start + 28, HiveFormat.Nil);
        image.Put32(start + 32, HiveFormat.Nil);
        image.Put32(start + 40, HiveFormat.Nil);
        image.Put32(start + 44, security);
        image.Put32(start + 48, HiveFormat.Nil);
        image.Put16(start + 72, (ushort)encoded.Length);
        encoded.CopyTo(image.Span(start + FixedLength, encoded.Length));
        return new KeyCell(image, offset);
    }
}
