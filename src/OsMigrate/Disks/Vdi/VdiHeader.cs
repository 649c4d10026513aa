using System.Buffers.Binary;

namespace OsMigrate.Disks.Vdi;

/// <summary>What a VDI says it is.</summary>
internal enum VdiType : uint
{
    Dynamic = 1,
    Fixed = 2,
    Undo = 3,
    Differencing = 4,
}

/// <summary>The header of a VDI, version 1.1; little endian.</summary>
/// <remarks>Source: VirtualBox, src/VBox/Storage/VDICore.h: VDIPREHEADER, VDIHEADER1, VDIHEADER1PLUS.</remarks>
internal readonly record struct VdiHeader
{
    /// <summary>Bytes up to and with the ids: text, mark, version and the fields of version 1.1.</summary>
    public const int Size = 456;

    public const int MarkOffset = 64;
    public const uint MarkValue = 0xBEDA107F;

    /// <summary>Major version above, minor below: 1.1.</summary>
    public const uint KnownVersion = 0x0001_0001;

    public uint Mark { get; init; }

    public uint Version { get; init; }

    public VdiType Type { get; init; }

    /// <summary>Byte offset of the block map.</summary>
    public uint MapOffset { get; init; }

    /// <summary>Byte offset of the first block.</summary>
    public uint DataOffset { get; init; }

    public uint SectorSize { get; init; }

    /// <summary>Virtual size in bytes.</summary>
    public ulong DiskSize { get; init; }

    /// <summary>Bytes of content per block.</summary>
    public uint BlockSize { get; init; }

    /// <summary>Bytes before the content of each block.</summary>
    public uint BlockExtraSize { get; init; }

    public uint BlockCount { get; init; }

    public uint AllocatedCount { get; init; }

    /// <summary>Id of the image that this one is a difference to; all zero when it stands alone.</summary>
    public Guid ParentId { get; init; }

    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public static VdiHeader Parse(ReadOnlySpan<byte> bytes) => new()
    {
        Mark = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(MarkOffset)),
        Version = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(68)),
        Type = (VdiType)BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(76)),
        MapOffset = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(340)),
        DataOffset = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(344)),
        SectorSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(360)),
        DiskSize = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(368)),
        BlockSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(376)),
        BlockExtraSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(380)),
        BlockCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(384)),
        AllocatedCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(388)),
        ParentId = new Guid(bytes.Slice(424, 16).ToArray()),
    };
}
