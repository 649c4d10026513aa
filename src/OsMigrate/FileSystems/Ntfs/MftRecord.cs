using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>One record of the MFT, its fix-ups removed and its attributes split.</summary>
/// <remarks>Source: flatcap NTFS documentation, "FILE Record".</remarks>
internal sealed class MftRecord
{
    public const int InUse = 1;
    public const int Folder = 2;

    private MftRecord(long number, byte[] bytes) => (Number, Bytes) = (number, bytes);

    public static ReadOnlySpan<byte> Magic => "FILE"u8;

    public long Number { get; }

    /// <summary>The record without fix-ups; not to be changed.</summary>
    public byte[] Bytes { get; }

    public IReadOnlyList<AttributeRecord> Attributes { get; private set; } = [];

    public ushort Sequence => Le.U16(Bytes, 16);

    public int LinkCount => Le.U16(Bytes, 18);

    public bool IsInUse => (Le.U16(Bytes, 22) & InUse) != 0;

    public bool IsFolder => (Le.U16(Bytes, 22) & Folder) != 0;

    /// <summary>Number 0 and sequence 0 for a base record; else the record that this one extends.</summary>
    public FileReference Base => FileReference.Parse(Bytes, 32);

    public FileReference Reference => new(Number, Sequence);

    /// <param name="bytes">Straight from the volume; the array is taken over.</param>
    /// <param name="at">Where it lies on the volume.</param>
    public static MftRecord Parse(long number, byte[] bytes, long clusterCount, string name, long at)
    {
        FixUps.Remove(bytes, Magic, name, at);
        var record = new MftRecord(number, bytes);
        if (record.IsInUse)
            record.Attributes = ParseAttributes(bytes, clusterCount, name, at);
        return record;
    }

    private static List<AttributeRecord> ParseAttributes(byte[] bytes, long clusterCount, string name, long at)
    {
        int offset = Le.U16(bytes, 20), used = (int)Math.Min(Le.U32(bytes, 24), bytes.Length);
        var attributes = new List<AttributeRecord>();
        while (offset <= used - 4 && Le.U32(bytes, offset) != (uint)AttributeType.End)
        {
            var length = offset <= used - 16 ? Le.U32(bytes, offset + 4) : 0;
            if (length < 0x18 || (length & 7) != 0 || length > used - offset)
                throw new InvalidImageException(ErrorIds.BadStructure, name, at + offset, $"an attribute of {length} bytes in a record of which {used} bytes are used");
            attributes.Add(AttributeRecord.Parse(bytes.AsSpan(offset, (int)length).ToArray(), clusterCount, name, at + offset));
            offset += (int)length;
        }

        if (offset > used - 4)
            throw new InvalidImageException(ErrorIds.BadStructure, name, at + offset, "the attributes of a record have no end mark");
        return attributes;
    }
}
