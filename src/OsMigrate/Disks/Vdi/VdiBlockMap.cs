using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vdi;

/// <summary>A checked header and the map from blocks of the disk to blocks of the file, held in memory: 4 bytes per MiB of disk.</summary>
/// <remarks>Source: VirtualBox, src/VBox/Storage/VDICore.h: VDIIMAGEBLOCKPOINTER, VDI_IMAGE_BLOCK_FREE, VDI_IMAGE_BLOCK_ZERO.</remarks>
internal sealed class VdiBlockMap
{
    private const uint FirstMark = 0xFFFF_FFFE;
    private const long MaxMapBytes = 64 << 20;
    private const int SectorSize = 512;
    private const uint MinBlockSize = 4096;
    private const uint MaxBlockSize = 256 << 20;

    private readonly byte[] _map;

    private VdiBlockMap(VdiHeader header, byte[] map, long virtualSize) => (Header, _map, VirtualSize) = (header, map, virtualSize);

    public VdiHeader Header { get; }

    public int BlockSize => (int)Header.BlockSize;

    public int Count => (int)Header.BlockCount;

    /// <summary>Bytes; a size that is no multiple of 512 counts up to one, as VirtualBox and QEMU count it.</summary>
    public long VirtualSize { get; }

    public static VdiBlockMap Read(ByteStore store)
    {
        if (store.Length < VdiHeader.Size)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, 0, $"a VDI header takes {VdiHeader.Size} bytes, the file has {store.Length}");
        var header = VdiHeader.Parse(store.ReadBytes(0, VdiHeader.Size));
        CheckKind(store, header);
        Require(header.SectorSize == SectorSize, store, 360, $"sectors of {header.SectorSize} bytes instead of {SectorSize}");
        Require(header.BlockSize is >= MinBlockSize and <= MaxBlockSize && (header.BlockSize & (header.BlockSize - 1)) == 0, store, 376, $"blocks of {header.BlockSize} bytes; a power of two from {MinBlockSize} to {MaxBlockSize} is allowed");
        Require(header.MapOffset % SectorSize == 0, store, 340, $"the block map lies at {header.MapOffset}, which is not on a sector's boundary");
        Require(header.DataOffset % SectorSize == 0, store, 344, $"the blocks begin at {header.DataOffset}, which is not on a sector's boundary");
        var bytes = header.BlockCount * 4L;
        if (bytes > MaxMapBytes)
            throw new InvalidImageException(ErrorIds.TooLarge, store.Name, 384, $"{header.BlockCount} blocks; at most {MaxMapBytes / 4} are read");
        Require(header.DiskSize <= (ulong)header.BlockCount * header.BlockSize, store, 368, $"a disk of {header.DiskSize} bytes does not fit {header.BlockCount} blocks of {header.BlockSize} bytes");
        if (header.MapOffset > store.Length - bytes)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, header.MapOffset, $"the block map of {bytes} bytes reaches past the end of the file at {store.Length}");
        var virtualSize = ((long)header.DiskSize + SectorSize - 1) & -SectorSize;
        return new VdiBlockMap(header, store.ReadBytes(header.MapOffset, (int)bytes), virtualSize);
    }

    /// <summary>Number of the block in the file, or -1 when the block is absent or marked zero.</summary>
    public long Find(int block)
    {
        var entry = BinaryPrimitives.ReadUInt32LittleEndian(_map.AsSpan(block * 4));
        return entry >= FirstMark ? -1 : entry;
    }

    /// <summary>Byte offset in the file of a block by its number there.</summary>
    public long Offset(long stored) => Header.DataOffset + (stored * BlockSize);

    private static void CheckKind(ByteStore store, VdiHeader header)
    {
        Require(header.Mark == VdiHeader.MarkValue, store, VdiHeader.MarkOffset, $"the mark is {header.Mark:x8} instead of {VdiHeader.MarkValue:x8}");
        if (header.Version != VdiHeader.KnownVersion)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, 68, $"it is VDI version {header.Version >> 16}.{header.Version & 0xFFFF}; version 1.1 is read");
        if (header.Type is VdiType.Undo or VdiType.Differencing || header.ParentId != Guid.Empty)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, 76, $"it holds only the differences to another image, which it knows by the id {header.ParentId} and not by a file name; let VirtualBox make one whole image of the two first (VBoxManage clonemedium)");
        Require(header.Type is VdiType.Dynamic or VdiType.Fixed, store, 76, $"an image of the unknown type {(uint)header.Type}");
        if (header.BlockExtraSize != 0)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, 380, $"each block has {header.BlockExtraSize} bytes of extra data in front, which is not read here");
    }

    private static void Require(bool isRight, ByteStore store, long offset, string reason)
    {
        if (!isRight)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, offset, reason);
    }
}
