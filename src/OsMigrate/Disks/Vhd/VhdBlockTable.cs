using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vhd;

/// <summary>The block allocation table: where each block's sector bitmap and data lie in the file.</summary>
/// <remarks>Microsoft, "Virtual Hard Disk Image Format Specification" 1.0, section "Block Allocation Table and Data Blocks".</remarks>
internal sealed class VhdBlockTable
{
    public const uint Absent = 0xffffffff;

    // 2,040 GiB in blocks of 128 KiB; the usual block has 2 MiB.
    private const long MaxTableSize = 64 << 20;
    private const int PieceSize = 1 << 16;

    private readonly uint[] _entries;

    private VhdBlockTable(VhdDynamicHeader header, uint[] entries)
    {
        (Header, _entries) = (header, entries);
        BitmapSize = BitmapSizeOf((int)header.BlockSizeBytes);
    }

    public VhdDynamicHeader Header { get; }

    public int BlockSize => (int)Header.BlockSizeBytes;

    /// <summary>Bytes of the sector bitmap in front of each block's data.</summary>
    public int BitmapSize { get; }

    /// <summary>Blocks that the disk's size needs; a longer table is not looked at any further.</summary>
    public int Count => _entries.Length;

    /// <summary>A bit for each sector, filled up to a whole sector.</summary>
    public static int BitmapSizeOf(int blockSize) => ((blockSize / 512 / 8) + 511) / 512 * 512;

    /// <summary>Where the block's sector bitmap starts; -1 for a block that is not stored. Its data follows the bitmap.</summary>
    public long BitmapOffset(long index)
    {
        var sector = _entries[index];
        return sector == Absent ? -1 : sector * 512L;
    }

    public static VhdBlockTable Read(ByteStore store, VhdLayout layout)
    {
        var header = VhdDynamicHeader.Read(store, (long)layout.Footer.DataOffset);
        var needed = (layout.VirtualSizeBytes + header.BlockSizeBytes - 1) / header.BlockSizeBytes;
        if (needed > header.MaxTableEntries)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, (long)layout.Footer.DataOffset + 28, $"the block table has {header.MaxTableEntries} entries, but a disk of {layout.VirtualSizeBytes} bytes needs {needed}");
        if (needed * 4 > MaxTableSize)
            throw new InvalidImageException(ErrorIds.TooLarge, store.Name, (long)layout.Footer.DataOffset + 28, $"a block table of {needed} entries is more than can be held in memory here");
        var offset = (long)header.TableOffset;
        if (offset < 0 || offset > store.Length - (needed * 4))
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, offset, $"the block table needs {needed * 4} bytes here, but the file ends at {store.Length}");
        var table = new VhdBlockTable(header, ReadEntries(store, offset, (int)needed));
        table.RequireInside(store, offset);
        return table;
    }

    private static uint[] ReadEntries(ByteStore store, long offset, int count)
    {
        var entries = new uint[count];
        var piece = new byte[PieceSize];
        for (var first = 0; first < count; first += PieceSize / 4)
        {
            var n = Math.Min(PieceSize / 4, count - first);
            store.Read(offset + (first * 4L), piece.AsSpan(0, n * 4));
            for (var i = 0; i < n; i++)
                entries[first + i] = BinaryPrimitives.ReadUInt32BigEndian(piece.AsSpan(i * 4));
        }

        return entries;
    }

    private void RequireInside(ByteStore store, long tableOffset)
    {
        for (var i = 0; i < _entries.Length; i++)
        {
            var start = BitmapOffset(i);
            if (start >= 0 && start > store.Length - BitmapSize - BlockSize)
                throw new InvalidImageException(ErrorIds.Truncated, store.Name, tableOffset + (i * 4L), $"block {i} lies at {start} and has {BitmapSize + BlockSize} bytes with its bitmap, but the file ends at {store.Length}");
        }
    }
}
