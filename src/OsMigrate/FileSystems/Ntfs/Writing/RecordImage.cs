namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>An MFT record while it is edited: its header and its attributes in order.</summary>
internal sealed class RecordImage
{
    private const int EndMark = 8;
    private const int NextIdAt = 0x28;

    private RecordImage(long number, byte[] header, List<AttributeRecord> attributes)
        => (Number, Header, Attributes) = (number, header, attributes);

    public long Number { get; }

    public byte[] Header { get; }

    public List<AttributeRecord> Attributes { get; }

    public bool IsChanged { get; set; }

    public FileReference Reference => new(Number, Le.U16(Header, 16));

    /// <summary>Bytes in use, with the end mark.</summary>
    public int Used => Header.Length + EndMark + Attributes.Sum(static a => a.Raw.Length);

    public int LinkCount
    {
        get => Le.U16(Header, 18);
        set => Le.Put16(Header, 18, value);
    }

    public static RecordImage From(MftRecord record)
        => new(record.Number, record.Bytes.AsSpan(0, Le.U16(record.Bytes, 20)).ToArray(), [.. record.Attributes]);

    /// <summary>A record for a new use.</summary>
    /// <param name="extends">The base record, or default for a base record.</param>
    public static RecordImage Blank(long number, ushort sequence, int recordSize, int flags, FileReference extends)
    {
        const int updateSequenceAt = 0x30;
        var numbers = (recordSize / FixUps.Stride) + 1;
        var header = new byte[Le.Align8(updateSequenceAt + (2 * numbers))];
        MftRecord.Magic.CopyTo(header);
        Le.Put16(header, 4, updateSequenceAt);
        Le.Put16(header, 6, numbers);
        Le.Put16(header, 16, sequence);
        Le.Put16(header, 20, header.Length);
        Le.Put16(header, 22, flags);
        Le.Put32(header, 28, (uint)recordSize);
        Le.Put64(header, 32, extends.Raw);
        Le.Put32(header, 44, (uint)number);
        return new RecordImage(number, header, []) { IsChanged = true };
    }

    /// <summary>Ids are never given twice as long as a record lives, as Windows does it.</summary>
    public ushort NewId()
    {
        var id = Le.U16(Header, NextIdAt);
        while (Attributes.Exists(a => a.Id == id))
            id++;
        Le.Put16(Header, NextIdAt, id + 1);
        return id;
    }

    /// <summary>Puts an attribute where the order by type and name wants it, after those that are equal.</summary>
    public void Insert(AttributeRecord attribute, UpCase upCase)
    {
        var at = Attributes.FindIndex(a => a.Type > attribute.Type || (a.Type == attribute.Type && upCase.Compare(a.Name, attribute.Name) > 0));
        Attributes.Insert(at < 0 ? Attributes.Count : at, attribute);
        IsChanged = true;
    }

    /// <summary>The record with fix-ups, as it is written.</summary>
    public byte[] ToBytes(int recordSize)
    {
        if (Used > recordSize)
            throw new InvalidOperationException($"record {Number} would need {Used} bytes: {string.Join(",", Attributes.Select(a => $"{a.Type}:{a.Raw.Length}"))}");
        var bytes = new byte[recordSize];
        Header.CopyTo(bytes, 0);
        var at = Header.Length;
        foreach (var attribute in Attributes)
        {
            attribute.Raw.CopyTo(bytes, at);
            at += attribute.Raw.Length;
        }

        Le.Put32(bytes, at, (uint)AttributeType.End);
        Le.Put32(bytes, 24, (uint)(at + EndMark));
        FixUps.Apply(bytes);
        return bytes;
    }
}
