using System.Buffers.Binary;

namespace OsMigrate.FileSystems.Iso9660;

/// <summary>One directory record. ECMA-119, 9.1.</summary>
internal readonly record struct IsoRecord
{
    /// <summary>Bytes of a record without its name.</summary>
    public const int FixedSize = 33;

    private const byte FolderFlag = 0x02;
    private const byte MoreExtentsFlag = 0x80;

    /// <summary>Bytes of the whole record.</summary>
    public int Size { get; private init; }

    /// <summary>First logical block of the extent, its extended attributes included.</summary>
    public long Block { get; private init; }

    /// <summary>Logical blocks of extended attributes in front of the content.</summary>
    public int AttributeBlocks { get; private init; }

    public long ContentBytes { get; private init; }

    public DateTime? RecordedUtc { get; private init; }

    public byte Flags { get; private init; }

    /// <summary>Blocks recorded between gaps; 0 for a file that lies in one piece.</summary>
    public byte UnitBlocks { get; private init; }

    /// <summary>The identifier as it stands.</summary>
    public byte[] Identifier { get; private init; }

    /// <summary>What follows the identifier: where Rock Ridge keeps its entries.</summary>
    public byte[] SystemUse { get; private init; }

    public bool IsFolder => (Flags & FolderFlag) != 0;

    public bool HasMoreExtents => (Flags & MoreExtentsFlag) != 0;

    /// <summary>The folder itself: identifier 0.</summary>
    public bool IsSelf => Identifier is [0];

    /// <summary>The folder above: identifier 1.</summary>
    public bool IsParent => Identifier is [1];

    /// <summary>Reads the record at the start of <paramref name="bytes"/>; null when its lengths contradict each other.</summary>
    public static IsoRecord? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FixedSize + 1 || bytes[0] < FixedSize + 1 || bytes[0] > bytes.Length)
            return null;
        var record = bytes.Slice(0, bytes[0]);
        int nameLength = record[32];
        if (FixedSize + nameLength > record.Length)
            return null;
        // The name is padded to an even length of the part before the system use field.
        var afterName = Math.Min(record.Length, FixedSize + nameLength + (1 - (nameLength & 1)));
        return new IsoRecord
        {
            Size = record.Length,
            AttributeBlocks = record[1],
            Block = BinaryPrimitives.ReadUInt32LittleEndian(record.Slice(2)),
            ContentBytes = BinaryPrimitives.ReadUInt32LittleEndian(record.Slice(10)),
            RecordedUtc = IsoTimes.Short(record.Slice(18, 7)),
            Flags = record[25],
            UnitBlocks = record[26],
            Identifier = record.Slice(FixedSize, nameLength).ToArray(),
            SystemUse = record.Slice(afterName).ToArray(),
        };
    }
}
