using System.Buffers;
using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>A compressed grain as it stands in a file: marker with sector and size, zlib stream (RFC 1950), padding to a sector.</summary>
/// <remarks>Source: VMware Virtual Disks, Virtual Disk Format 5.0, "Markers".</remarks>
internal static class StoredGrain
{
    public const int MarkerSize = 12;
    public const int ZlibHeaderSize = 2;
    public const int AdlerSize = 4;

    /// <summary>Deflate stores what it cannot shrink with 5 bytes per 64 KiB - 1; twice the grain is what other readers allow.</summary>
    public static int MaxPacked(int grainBytes) => (2 * grainBytes) + 64;

    /// <summary>Reads a grain's marker, zlib header and trailer; nothing is expanded.</summary>
    /// <param name="place">Byte offset of the marker.</param>
    public static DeflatedBlock Locate(ByteStore store, int grainBytes, long grain, long place)
    {
        Span<byte> head = stackalloc byte[MarkerSize + ZlibHeaderSize];
        if (place > store.Length - head.Length)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, place, $"grain {grain} begins past the end of the file at {store.Length}");
        store.Read(place, head);
        var expected = grain * (grainBytes / VmdkFormat.SectorSize);
        var lba = BinaryPrimitives.ReadUInt64LittleEndian(head);
        if (lba != (ulong)expected)
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, place, $"the grain's marker says sector {lba}, the grain table says {expected}");
        var size = BinaryPrimitives.ReadUInt32LittleEndian(head.Slice(8));
        if (size < ZlibHeaderSize + AdlerSize + 1 || size > MaxPacked(grainBytes))
            throw new InvalidImageException(ErrorIds.BadStructure, store.Name, place + 8, $"a grain of {grainBytes} bytes cannot take {size} bytes compressed");
        if (place + MarkerSize > store.Length - size)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, place, $"the grain of {size} bytes reaches past the end of the file at {store.Length}");
        RequireZlib(head.Slice(MarkerSize), store.Name, place + MarkerSize);
        Span<byte> trailer = stackalloc byte[AdlerSize];
        var end = place + MarkerSize + size;
        store.Read(end - AdlerSize, trailer);
        return new DeflatedBlock(store, place + MarkerSize + ZlibHeaderSize, (int)size - ZlibHeaderSize - AdlerSize, BinaryPrimitives.ReadUInt32BigEndian(trailer));
    }

    /// <summary>Expands a grain and compares its checksum.</summary>
    /// <param name="output">As long as a grain, at least.</param>
    /// <param name="wanted">Bytes of it that are part of the disk: the last grain may be as short as the disk.</param>
    public static void Expand(DeflatedBlock block, long grain, Span<byte> output, int wanted)
    {
        var packed = ArrayPool<byte>.Shared.Rent(block.Length);
        try
        {
            block.Store.Read(block.Offset, packed.AsSpan(0, block.Length));
            var count = Inflater.Inflate(packed.AsSpan(0, block.Length), output);
            if (count < wanted)
                throw new InvalidImageException(ErrorIds.BadCompression, block.Store.Name, block.Offset, $"grain {grain} expands to {count} bytes instead of {wanted}");
            if (block.Adler32 is { } expected && Adler32.Compute(output.Slice(0, count)) is var found && found != expected)
                throw new InvalidImageException(ErrorIds.BadChecksum, block.Store.Name, block.Offset, $"grain {grain} has Adler-32 {found:x8}, its trailer says {expected:x8}");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidImageException(ErrorIds.BadCompression, block.Store.Name, block.Offset, $"grain {grain} cannot be expanded: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    public static void RequireZlib(ReadOnlySpan<byte> header, string name, long at)
    {
        if ((header[0] & 15) != 8 || ((header[0] << 8) | header[1]) % 31 != 0 || (header[1] & 32) != 0)
            throw new InvalidImageException(ErrorIds.BadCompression, name, at, $"no zlib stream begins with {header[0]:x2} {header[1]:x2}");
    }
}
