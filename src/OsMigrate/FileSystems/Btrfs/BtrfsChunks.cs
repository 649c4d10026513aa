using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Btrfs;

/// <summary>Leads from the addresses that trees use to places in the volume.</summary>
/// <remarks>Source: btrfs documentation, "On-disk Format", section "CHUNK_ITEM". Chunks on one disk, and copies on several of which this is one, are read; stripes are not.</remarks>
internal sealed class BtrfsChunks(ByteStore store, ulong deviceId)
{
    private const ulong Striped = 0x8 | 0x40 | 0x80 | 0x100;
    private const int MaxChunks = 1 << 20;

    private readonly SortedList<ulong, (ulong Length, long Place)> _chunks = [];

    /// <summary>Bytes of a chunk with that many stripes.</summary>
    public static int SizeOf(ReadOnlySpan<byte> chunk) => chunk.Length < 48 ? int.MaxValue : 48 + (BinaryPrimitives.ReadUInt16LittleEndian(chunk.Slice(44)) * 32);

    public void Add(ulong address, ReadOnlySpan<byte> chunk)
    {
        if (SizeOf(chunk) > chunk.Length || _chunks.Count > MaxChunks)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, -1, "a chunk of the Btrfs file system is damaged");
        var (length, type) = (BinaryPrimitives.ReadUInt64LittleEndian(chunk), BinaryPrimitives.ReadUInt64LittleEndian(chunk.Slice(24)));
        var place = -1L;
        for (var at = 48; at < SizeOf(chunk) && (type & Striped) == 0 && place < 0; at += 32)
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(chunk.Slice(at)) == deviceId)
                place = (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(chunk.Slice(at + 8)), long.MaxValue);
        }

        _chunks[address] = (length, place);
    }

    /// <summary>Fills a buffer from an address on.</summary>
    public void Read(ulong address, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var (place, left) = Find(address);
            var n = (int)Math.Min(left, (ulong)buffer.Length);
            store.Read(place, buffer.Slice(0, n));
            address += (ulong)n;
            buffer = buffer.Slice(n);
        }
    }

    private (long Place, ulong Left) Find(ulong address)
    {
        int low = 0, high = _chunks.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_chunks.Keys[middle] <= address)
                low = middle + 1;
            else
                high = middle - 1;
        }

        if (high < 0 || address - _chunks.Keys[high] >= _chunks.Values[high].Length)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, -1, $"nothing of the Btrfs file system lies at the address {address}");
        var (length, place) = _chunks.Values[high];
        var within = address - _chunks.Keys[high];
        if (place < 0)
            throw new InvalidImageException(ErrorIds.UnsupportedFeature, store.Name, -1, "the Btrfs file system is spread over several disks (RAID 0, 10, 5 or 6, or a part on another disk), which is not read here");
        return (place + (long)within, length - within);
    }
}
