using System.Buffers.Binary;
using System.Text;

namespace OsMigrate.Tests.Support;

/// <summary>A small UDF 2.50 volume by hand, after ECMA-167, with what usual tools do not write: embedded content, long and continued descriptors, holes, a metadata partition.</summary>
internal sealed class UdfBuilder
{
    public const int Block = 2048;
    private const int PartitionStart = 300;
    private const int Blocks = 500;

    // The metadata file's entry and its content lie in these blocks of the physical partition.
    private const int MetadataEntry = 2;
    private const int MetadataMirror = 3;
    private const int MetadataStart = 20;
    private const int MetadataBlocks = 60;

    private readonly byte[] _disc = new byte[Blocks * Block];
    private readonly bool _metadata;
    private readonly List<byte[]> _names = [];
    private uint _nextEntry = 2;

    public UdfBuilder(bool metadata) => _metadata = metadata;

    /// <summary>Bytes in physical blocks, for contents.</summary>
    public Span<byte> Data(int block) => _disc.AsSpan((PartitionStart + block) * Block, Block);

    /// <summary>Adds a file to the root.</summary>
    /// <param name="kind">0 short, 1 long descriptors, 3 embedded.</param>
    /// <param name="descriptors">Descriptors, or the content itself.</param>
    public void File(string name, long size, int kind, byte[] descriptors, bool wide = false)
    {
        var block = _nextEntry++;
        Put(Meta(block), Entry(block, 5, size, kind, descriptors, extended: wide));
        _names.Add(Identifier(name, block, wide));
    }

    /// <summary>Writes an allocation extent descriptor into a physical block.</summary>
    public void Continuation(int block, byte[] descriptors)
    {
        var bytes = new byte[24 + descriptors.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(20), (uint)descriptors.Length);
        descriptors.CopyTo(bytes, 24);
        Put(PartitionStart + block, Tagged(258, (uint)block, bytes));
    }

    public static byte[] Short(int kind, int bytes, uint block)
    {
        var result = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(result, ((uint)kind << 30) | (uint)bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(4), block);
        return result;
    }

    public static byte[] Long(int kind, int bytes, uint block, ushort partition)
    {
        var result = new byte[16];
        Short(kind, bytes, block).CopyTo(result, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(8), partition);
        return result;
    }

    /// <param name="breakMetadata">Damages the first metadata file, so that its mirror must serve.</param>
    public byte[] Build(bool breakMetadata = false)
    {
        for (var (i, ids) = (0, new[] { "BEA01", "NSR03", "TEA01" }); i < 3; i++)
            Encoding.ASCII.GetBytes("\0" + ids[i] + "\u0001").CopyTo(_disc, 32768 + (i * 2048));
        var anchor = new byte[512];
        BinaryPrimitives.WriteInt32LittleEndian(anchor.AsSpan(16), 4 * Block);
        BinaryPrimitives.WriteInt32LittleEndian(anchor.AsSpan(20), 32);
        Put(256, Tagged(2, 256, anchor));
        Put(32, Tagged(5, 32, Partition()));
        Put(33, Tagged(6, 33, LogicalVolume()));
        Put(34, Tagged(8, 34, new byte[512]));
        if (_metadata)
        {
            Put(PartitionStart + MetadataEntry, Entry(MetadataEntry, 250, MetadataBlocks * Block, 0, Short(0, MetadataBlocks * Block, MetadataStart), true));
            Put(PartitionStart + MetadataMirror, Entry(MetadataMirror, 251, MetadataBlocks * Block, 0, Short(0, MetadataBlocks * Block, MetadataStart), true));
            if (breakMetadata)
                _disc[((PartitionStart + MetadataEntry) * Block) + 4] ^= 1;
        }

        var set = new byte[512];
        Long(0, Block, 1, Own).CopyTo(set, 400);
        Put(Meta(0), Tagged(256, 0, set));
        byte[] folder = [.. Parent(), .. _names.SelectMany(n => n)];
        Put(Meta(1), Entry(1, 4, folder.Length, 3, folder, false));
        return _disc;
    }

    /// <summary>The number of the partition in which entries lie.</summary>
    private ushort Own => _metadata ? (ushort)1 : (ushort)0;

    private int Meta(uint block) => PartitionStart + (int)block + (_metadata ? MetadataStart : 0);

    private static byte[] Partition()
    {
        var bytes = new byte[512];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(188), PartitionStart);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(192), Blocks - PartitionStart);
        return bytes;
    }

    private byte[] LogicalVolume()
    {
        var bytes = new byte[512];
        bytes[84] = 8;
        "HANDMADE"u8.CopyTo(bytes.AsSpan(85));
        bytes[84 + 127] = 9;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(212), Block);
        Long(0, Block, 0, Own).CopyTo(bytes, 248);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(264), _metadata ? 70 : 6);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(268), _metadata ? 2 : 1);
        new byte[] { 1, 6, 1, 0, 0, 0 }.CopyTo(bytes, 440);
        if (!_metadata)
            return bytes;
        var map = bytes.AsSpan(446, 64);
        (map[0], map[1]) = (2, 64);
        "*UDF Metadata Partition"u8.CopyTo(map[5..]);
        BinaryPrimitives.WriteInt32LittleEndian(map[40..], MetadataEntry);
        BinaryPrimitives.WriteInt32LittleEndian(map[44..], MetadataMirror);
        return bytes;
    }

    private static byte[] Entry(uint block, byte type, long size, int kind, byte[] descriptors, bool extended)
    {
        var head = extended ? 216 : 176;
        var bytes = new byte[head + descriptors.Length];
        bytes[20] = 4;
        bytes[27] = type;
        bytes[34] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), size);
        var time = bytes.AsSpan(extended ? 92 : 84, 12);
        BinaryPrimitives.WriteUInt16LittleEndian(time, (1 << 12) | 120);
        BinaryPrimitives.WriteInt16LittleEndian(time[2..], 2024);
        (time[4], time[5], time[6]) = (7, 4, 12);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(head - 4), descriptors.Length);
        descriptors.CopyTo(bytes, head);
        return Tagged((ushort)(extended ? 266 : 261), block, bytes);
    }

    private byte[] Parent()
    {
        var bytes = new byte[40];
        (bytes[16], bytes[18]) = (1, 0x0A);
        Long(0, Block, 1, Own).CopyTo(bytes, 20);
        return Tagged(257, 1, bytes);
    }

    private byte[] Identifier(string name, uint block, bool wide)
    {
        byte[] text = wide ? [16, .. Encoding.BigEndianUnicode.GetBytes(name)] : [8, .. Encoding.Latin1.GetBytes(name)];
        var bytes = new byte[(38 + text.Length + 3) & ~3];
        (bytes[16], bytes[19]) = (1, (byte)text.Length);
        Long(0, Block, block, Own).CopyTo(bytes, 20);
        text.CopyTo(bytes, 38);
        return Tagged(257, 1, bytes);
    }

    private void Put(int block, byte[] bytes) => bytes.CopyTo(_disc, block * Block);

    private static byte[] Tagged(ushort id, uint location, byte[] bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, id);
        bytes[2] = 3;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), Crc(bytes.AsSpan(16)));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), (ushort)(bytes.Length - 16));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), location);
        bytes[4] = (byte)bytes.Take(16).Sum(b => b);
        return bytes;
    }

    /// <summary>By the definition, bit by bit: not the table of the reader.</summary>
    private static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0;
        foreach (var value in bytes)
        {
            for (var bit = 7; bit >= 0; bit--)
                crc = ((crc << 1) ^ ((((crc >> 15) ^ (value >> bit)) & 1) * 0x1021)) & 0xFFFF;
        }

        return (ushort)crc;
    }
}
