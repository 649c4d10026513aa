using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace OsMigrate.Tests.Disks.Qcow2;

/// <summary>Small QCOW2 files by hand, from the specification, so that golden bytes do not come from our own writer.</summary>
/// <remarks>Layout in clusters: 0 header, 1 L1 table, 2 L2 table, 3 refcount table, 4 refcount block, 5... data.</remarks>
internal sealed class Qcow2Builder
{
    public const int ClusterSize = 512;
    public const int FirstDataCluster = 5;

    private readonly byte[] _file = new byte[(FirstDataCluster + 8) * ClusterSize];
    private int _next = FirstDataCluster;

    public Qcow2Builder(uint version = 3)
    {
        U32(0, 0x514649FB);
        U32(4, version);
        U32(20, 9);
        U64(24, 64 * ClusterSize);
        U32(36, 1);
        U64(40, ClusterSize);
        U64(48, 3 * ClusterSize);
        U32(56, 1);
        if (version >= 3)
        {
            U32(96, 4);
            U32(100, 104);
        }

        U64(ClusterSize, (2UL * ClusterSize) | (1UL << 63));
        U64(3 * ClusterSize, 4 * ClusterSize);
        for (var i = 0; i < FirstDataCluster; i++)
            Count(i, 1);
    }

    /// <summary>Bytes of the file, live.</summary>
    public byte[] Bytes => _file;

    public Qcow2Builder U32(int at, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_file.AsSpan(at), value);
        return this;
    }

    public Qcow2Builder U64(int at, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_file.AsSpan(at), value);
        return this;
    }

    /// <summary>Sets an L2 entry.</summary>
    public Qcow2Builder Entry(int cluster, ulong value) => U64((2 * ClusterSize) + (cluster * 8), value);

    public Qcow2Builder Plain(int cluster, byte value)
    {
        _file.AsSpan(_next * ClusterSize, ClusterSize).Fill(value);
        Count(_next, 1);
        return Entry(cluster, ((ulong)_next++ * ClusterSize) | (1UL << 63));
    }

    /// <summary>A cluster of one value, deflated, <paramref name="shift"/> bytes into its place in the file.</summary>
    public Qcow2Builder Deflated(int cluster, byte value, int shift = 0)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(Enumerable.Repeat(value, ClusterSize).ToArray());
        var at = (_next * ClusterSize) + shift;
        packed.ToArray().CopyTo(_file, at);
        Count(_next++, 1);
        // 2^9 bytes per cluster: one bit of further sectors above an offset of 61 bits.
        return Entry(cluster, (uint)at | (1UL << 62));
    }

    public Qcow2Builder Count(int cluster, ushort count)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_file.AsSpan((4 * ClusterSize) + (cluster * 2)), count);
        return this;
    }

    /// <summary>A header extension behind the header and those added before.</summary>
    public Qcow2Builder Extension(uint mark, ReadOnlySpan<byte> data)
    {
        var at = 104;
        while (BinaryPrimitives.ReadUInt32BigEndian(_file.AsSpan(at)) is not 0)
            at += 8 + ((BinaryPrimitives.ReadInt32BigEndian(_file.AsSpan(at + 4)) + 7) & ~7);
        U32(at, mark).U32(at + 4, (uint)data.Length);
        data.CopyTo(_file.AsSpan(at + 8));
        return this;
    }

    public Qcow2Builder Feature(int bit, string name)
    {
        var entry = new byte[48];
        entry[1] = (byte)bit;
        Encoding.ASCII.GetBytes(name).CopyTo(entry, 2);
        return Extension(0x6803F857, entry);
    }

    /// <summary>The file, ending with its last used cluster.</summary>
    public byte[] Build() => _file[..(_next * ClusterSize)];
}
