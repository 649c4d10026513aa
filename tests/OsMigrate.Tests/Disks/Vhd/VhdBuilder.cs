using System.Buffers.Binary;
using System.Text;
using OsMigrate.Disks.Vhd;

namespace OsMigrate.Tests.Disks.Vhd;

/// <summary>Builds small VHDs byte by byte, independently of the library's writer.</summary>
internal sealed class VhdBuilder
{
    public const int BlockSize = 4096;

    private readonly SortedDictionary<int, (byte[] Data, Func<int, bool> Here)> _blocks = [];

    public int Type { get; init; } = 3;

    public string Creator { get; init; } = "win ";

    public long Size { get; init; } = 10 * BlockSize;

    public (int Cylinders, int Heads, int Sectors) Geometry { get; init; } = (1, 4, 17);

    public string Id { get; init; } = "000102030405060708090a0b0c0d0e0f";

    public string ParentId { get; init; } = "";

    public string ParentName { get; init; } = "";

    public string RelativePath { get; init; } = "";

    public VhdBuilder Block(int index, byte[] data, Func<int, bool>? here = null)
    {
        _blocks[index] = (data, here ?? (_ => true));
        return this;
    }

    public byte[] Footer()
    {
        var f = new byte[512];
        Encoding.ASCII.GetBytes("conectix").CopyTo(f, 0);
        f[11] = 2;
        f[13] = 1;
        BinaryPrimitives.WriteUInt64BigEndian(f.AsSpan(16), Type == 2 ? ulong.MaxValue : 512);
        BinaryPrimitives.WriteUInt32BigEndian(f.AsSpan(24), 500_000_000);
        Encoding.ASCII.GetBytes(Creator).CopyTo(f, 28);
        BinaryPrimitives.WriteInt64BigEndian(f.AsSpan(40), Size);
        BinaryPrimitives.WriteInt64BigEndian(f.AsSpan(48), Size);
        BinaryPrimitives.WriteUInt16BigEndian(f.AsSpan(56), (ushort)Geometry.Cylinders);
        f[58] = (byte)Geometry.Heads;
        f[59] = (byte)Geometry.Sectors;
        f[63] = (byte)Type;
        Convert.FromHexString(Id).CopyTo(f, 68);
        Sum(f, 64);
        return f;
    }

    public byte[] Build()
    {
        var entries = (int)((Size + BlockSize - 1) / BlockSize);
        var relative = Encoding.Unicode.GetBytes(RelativePath);
        var table = 512 + 1024 + 1024;
        var data = (table + (entries * 4) + 511) / 512 * 512;
        var file = new byte[data + (_blocks.Count * (512 + BlockSize)) + 512];
        Footer().CopyTo(file, 0);
        var h = file.AsSpan(512, 1024);
        Encoding.ASCII.GetBytes("cxsparse").CopyTo(h);
        h.Slice(8, 8).Fill(0xff);
        BinaryPrimitives.WriteInt64BigEndian(h[16..], table);
        h[25] = 1;
        BinaryPrimitives.WriteInt32BigEndian(h[28..], entries);
        BinaryPrimitives.WriteInt32BigEndian(h[32..], BlockSize);
        if (ParentId.Length > 0)
            Convert.FromHexString(ParentId).CopyTo(h[40..]);
        Encoding.BigEndianUnicode.GetBytes(ParentName).CopyTo(h[64..]);
        if (relative.Length > 0)
        {
            Encoding.ASCII.GetBytes("W2ru").CopyTo(h[576..]);
            BinaryPrimitives.WriteInt32BigEndian(h[580..], 512);
            BinaryPrimitives.WriteInt32BigEndian(h[584..], relative.Length);
            BinaryPrimitives.WriteInt64BigEndian(h[592..], 1536);
            relative.CopyTo(file, 1536);
        }

        Sum(h, 36);
        file.AsSpan(table, entries * 4).Fill(0xff);
        var at = data;
        foreach (var (index, (content, here)) in _blocks)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(table + (index * 4)), at / 512);
            for (var s = 0; s < BlockSize / 512; s++)
            {
                if (here(s))
                    file[at + (s / 8)] |= (byte)(0x80 >> (s % 8));
            }

            content.CopyTo(file, at + 512);
            at += 512 + BlockSize;
        }

        Footer().CopyTo(file, at);
        return file;
    }

    /// <summary>Puts right the checksum of a structure that a test has changed.</summary>
    public static void Sum(Span<byte> bytes, int at)
    {
        bytes.Slice(at, 4).Clear();
        uint sum = 0;
        foreach (var b in bytes)
            sum += b;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[at..], ~sum);
    }

    public static byte[] Pattern(int seed, int count = BlockSize)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
