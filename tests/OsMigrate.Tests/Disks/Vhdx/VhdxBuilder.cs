using System.Buffers.Binary;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Tests.Disks.Vhdx;

/// <summary>Builds small VHDXs byte by byte: log at 1 MiB, metadata at 2 MiB, block table at 3 MiB, blocks of 1 MiB from 4 MiB on.</summary>
internal sealed class VhdxBuilder
{
    public const int MiB = 1 << 20;
    public const int LogOffset = MiB;
    public const int MetadataOffset = 2 * MiB;
    public const int TableOffset = 3 * MiB;

    private readonly List<(int Index, int State, byte[]? Data)> _blocks = [];
    private readonly List<(Guid Id, byte[] Data, uint Flags)> _items = [];
    private byte[]? _bitmap;

    public long Size { get; init; } = 8 * MiB;

    public int SectorSize { get; init; } = 512;

    public Guid DataWriteGuid { get; init; } = new("11111111-2222-3333-4444-555555555555");

    public Guid LogGuid { get; init; }

    public string? RelativePath { get; init; }

    public Guid ParentLinkage { get; init; }

    public VhdxBuilder Block(int index, int state, byte[]? data = null)
    {
        _blocks.Add((index, state, data));
        return this;
    }

    /// <summary>The sector bitmap of the first chunk.</summary>
    public VhdxBuilder Bitmap(byte[] bits)
    {
        _bitmap = bits;
        return this;
    }

    public VhdxBuilder Item(Guid id, byte[] data, uint flags)
    {
        _items.Add((id, data, flags));
        return this;
    }

    public byte[] Build()
    {
        var stored = _blocks.Count(b => b.Data is not null) + (_bitmap is null ? 0 : 1);
        var file = new byte[(4 + stored) * MiB];
        Encoding.ASCII.GetBytes("vhdxfile").CopyTo(file, 0);
        Header(file, 64 << 10, 7);
        Header(file, 128 << 10, 8);
        Regions(file, 192 << 10);
        Regions(file, 256 << 10);
        Metadata(file);
        var at = 4 * MiB;
        foreach (var (index, state, data) in _blocks)
        {
            Entry(file, index, (uint)state | (data is null ? 0UL : (ulong)at));
            if (data is null)
                continue;
            data.CopyTo(file, at);
            at += MiB;
        }

        if (_bitmap is not null)
        {
            Entry(file, SectorSize == 512 ? 4096 : 32768, 6 | (ulong)at);
            _bitmap.CopyTo(file, at);
        }

        return file;
    }

    public static void Entry(byte[] file, int index, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(TableOffset + (index * 8)), value);

    /// <summary>Puts right the CRC of a structure that a test has changed.</summary>
    public static void Sum(Span<byte> bytes)
    {
        bytes.Slice(4, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Crc32C.Compute(bytes));
    }

    public static byte[] Pattern(int seed, int count = MiB)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A log entry of one descriptor sector and its data sectors.</summary>
    public static byte[] LogEntry(Guid logGuid, ulong sequence, int tail, long fileLength, params (long Offset, byte[]? Data, long ZeroLength)[] changes)
    {
        var entry = new byte[4096 + (changes.Count(c => c.Data is not null) * 4096)];
        Encoding.ASCII.GetBytes("loge").CopyTo(entry, 0);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(8), entry.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(12), tail);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(16), sequence);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(24), changes.Length);
        logGuid.ToByteArray().CopyTo(entry, 32);
        BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(56), fileLength);
        var sector = 4096;
        for (var i = 0; i < changes.Length; i++)
        {
            var d = entry.AsSpan(64 + (i * 32), 32);
            var (offset, data, zeroLength) = changes[i];
            Encoding.ASCII.GetBytes(data is null ? "zero" : "desc").CopyTo(d);
            BinaryPrimitives.WriteInt64LittleEndian(d[8..], zeroLength);
            BinaryPrimitives.WriteInt64LittleEndian(d[16..], offset);
            BinaryPrimitives.WriteUInt64LittleEndian(d[24..], sequence);
            if (data is null)
                continue;
            data.CopyTo(entry, sector);
            data.AsSpan(0, 8).CopyTo(d[8..]);
            data.AsSpan(4092, 4).CopyTo(d[4..]);
            Encoding.ASCII.GetBytes("data").CopyTo(entry, sector);
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(sector + 4), (uint)(sequence >> 32));
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(sector + 4092), (uint)sequence);
            sector += 4096;
        }

        Sum(entry);
        return entry;
    }

    private void Header(byte[] file, int at, ulong sequence)
    {
        var h = file.AsSpan(at, 4096);
        Encoding.ASCII.GetBytes("head").CopyTo(h);
        BinaryPrimitives.WriteUInt64LittleEndian(h[8..], sequence);
        DataWriteGuid.ToByteArray().CopyTo(h[32..]);
        LogGuid.ToByteArray().CopyTo(h[48..]);
        h[66] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(h[68..], MiB);
        BinaryPrimitives.WriteInt64LittleEndian(h[72..], LogOffset);
        Sum(h);
    }

    private static void Regions(byte[] file, int at)
    {
        var r = file.AsSpan(at, 64 << 10);
        Encoding.ASCII.GetBytes("regi").CopyTo(r);
        r[8] = 2;
        foreach (var (i, id, offset) in new[] { (0, "2DC27766-F623-4200-9D64-115E9BFD4A08", TableOffset), (1, "8B7CA206-4790-4B9A-B8FE-575F050F886E", MetadataOffset) })
        {
            new Guid(id).ToByteArray().CopyTo(r[(16 + (i * 32))..]);
            BinaryPrimitives.WriteInt64LittleEndian(r[(32 + (i * 32))..], offset);
            BinaryPrimitives.WriteInt32LittleEndian(r[(40 + (i * 32))..], MiB);
            r[44 + (i * 32)] = 1;
        }

        Sum(r);
    }

    private void Metadata(byte[] file)
    {
        var items = new List<(Guid Id, byte[] Data, uint Flags)>
        {
            (new Guid("CAA16737-FA36-4D43-B3B6-33F0AA44E76B"), [0, 0, 0x10, 0, (byte)(RelativePath is null ? 0 : 2), 0, 0, 0], 4),
            (new Guid("2FA54224-CD1B-4876-B211-5DBED83BF4B8"), BitConverter.GetBytes(Size), 6),
            (new Guid("8141BF1D-A96F-4709-BA47-F233A8FAAB5F"), BitConverter.GetBytes(SectorSize), 6),
            (new Guid("CDA348C7-445D-4471-9CC9-E9885251C556"), BitConverter.GetBytes(4096), 6),
            (new Guid("BECA12AB-B2E6-4523-93EF-C309E000C746"), new byte[16], 6),
        };
        if (RelativePath is not null)
            items.Add((new Guid("A8D35F2D-B30B-454D-ABF7-D3D84834AB0C"), Locator(), 4));
        items.AddRange(_items);
        var m = file.AsSpan(MetadataOffset, MiB);
        Encoding.ASCII.GetBytes("metadata").CopyTo(m);
        m[10] = (byte)items.Count;
        var at = 65536;
        for (var i = 0; i < items.Count; i++)
        {
            var e = m.Slice(32 + (i * 32), 32);
            items[i].Id.ToByteArray().CopyTo(e);
            BinaryPrimitives.WriteInt32LittleEndian(e[16..], at);
            BinaryPrimitives.WriteInt32LittleEndian(e[20..], items[i].Data.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(e[24..], items[i].Flags);
            items[i].Data.CopyTo(m[at..]);
            at += items[i].Data.Length;
        }
    }

    private byte[] Locator()
    {
        var pairs = new[] { ("parent_linkage", "{" + ParentLinkage + "}"), ("relative_path", RelativePath!) };
        var bytes = new byte[1024];
        new Guid("B04AEFB7-D19E-4A81-B789-25B8E9445913").ToByteArray().CopyTo(bytes, 0);
        bytes[18] = 2;
        var at = 100;
        for (var i = 0; i < pairs.Length; i++)
        {
            foreach (var (text, offsetField, lengthField) in new[] { (pairs[i].Item1, 0, 8), (pairs[i].Item2, 4, 10) })
            {
                var encoded = Encoding.Unicode.GetBytes(text);
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20 + (i * 12) + offsetField), at);
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20 + (i * 12) + lengthField), (short)encoded.Length);
                encoded.CopyTo(bytes, at);
                at += encoded.Length;
            }
        }

        return bytes;
    }
}
