using System.Buffers.Binary;

namespace OsMigrate.Tests.Disks.Vdi;

/// <summary>Small VDI files by hand, in blocks of 4 KiB.</summary>
internal sealed class VdiBuilder
{
    public const int BlockSize = 4096;
    public const int MapOffset = 512;
    public const int DataOffset = 1024;

    private readonly MemoryStream _data = new();
    private readonly byte[] _front = new byte[DataOffset];
    private uint _stored;

    public VdiBuilder(int blocks, long? size = null)
    {
        U32(64, 0xBEDA107F).U32(68, 0x10001).U32(72, 400).U32(76, 1).U32(340, MapOffset).U32(344, DataOffset).U32(360, 512)
            .U32(368, (uint)(size ?? (long)blocks * BlockSize)).U32(376, BlockSize).U32(384, (uint)blocks);
        _front.AsSpan(MapOffset, blocks * 4).Fill(0xFF);
    }

    public VdiBuilder U32(int at, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_front.AsSpan(at), value);
        return this;
    }

    public VdiBuilder Map(int block, uint stored) => U32(MapOffset + (block * 4), stored);

    public VdiBuilder Block(int block, byte value)
    {
        _data.Write(Enumerable.Repeat(value, BlockSize).ToArray());
        Map(block, _stored++);
        return U32(388, _stored);
    }

    public byte[] Build() => [.. _front, .. _data.ToArray()];
}
