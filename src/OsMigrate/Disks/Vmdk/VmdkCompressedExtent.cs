using System.Buffers;
using System.Buffers.Binary;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>An extent of compressed grains, as streamOptimized disks have: each is a zlib stream (RFC 1950) behind a marker with its place and size.</summary>
/// <remarks>Source: VMware Virtual Disks, Virtual Disk Format 5.0, "Stream-Optimized Compressed Sparse Extents".</remarks>
internal sealed class VmdkCompressedExtent(ByteStore store, GrainTables tables, int grainBytes, long length, bool markers)
    : VmdkSparseExtent(store, tables, grainBytes, length), IDeflatedBlocks
{
    private const int MarkerSize = 12;
    private const int ZlibHeaderSize = 2;
    private const int AdlerSize = 4;

    // Deflate stores what it cannot shrink with 5 bytes per 64 KiB - 1; twice the grain is what other readers allow.
    private readonly int _maxPacked = (2 * grainBytes) + 64;

    public int BlockSize => GrainBytes;

    public bool TryGet(long offset, out DeflatedBlock block)
    {
        block = default;
        var grain = offset / GrainBytes;
        if (!markers || offset + GrainBytes > Length || Tables.Find(grain, out var place) != VmdkRunKind.Data)
            return false;
        block = Locate(grain, place);
        return true;
    }

    /// <summary>Reads a grain's marker, zlib header and trailer; nothing is expanded.</summary>
    internal DeflatedBlock Locate(long grain, long place)
    {
        Span<byte> head = stackalloc byte[MarkerSize + ZlibHeaderSize];
        if (place > Store.Length - head.Length)
            throw new InvalidImageException(ErrorIds.Truncated, Store.Name, place, $"grain {grain} begins past the end of the file at {Store.Length}");
        Store.Read(place, head);
        var expected = grain * (GrainBytes / VmdkFormat.SectorSize);
        var lba = BinaryPrimitives.ReadUInt64LittleEndian(head);
        if (lba != (ulong)expected)
            throw new InvalidImageException(ErrorIds.BadStructure, Store.Name, place, $"the grain's marker says sector {lba}, the grain table says {expected}");
        var size = BinaryPrimitives.ReadUInt32LittleEndian(head.Slice(8));
        if (size < ZlibHeaderSize + AdlerSize + 1 || size > _maxPacked)
            throw new InvalidImageException(ErrorIds.BadStructure, Store.Name, place + 8, $"a grain of {GrainBytes} bytes cannot take {size} bytes compressed");
        if (place + MarkerSize > Store.Length - size)
            throw new InvalidImageException(ErrorIds.Truncated, Store.Name, place, $"the grain of {size} bytes reaches past the end of the file at {Store.Length}");
        RequireZlib(head.Slice(MarkerSize), place + MarkerSize);
        Span<byte> trailer = stackalloc byte[AdlerSize];
        var end = place + MarkerSize + size;
        Store.Read(end - AdlerSize, trailer);
        return new DeflatedBlock(Store, place + MarkerSize + ZlibHeaderSize, (int)size - ZlibHeaderSize - AdlerSize, BinaryPrimitives.ReadUInt32BigEndian(trailer));
    }

    /// <summary>Bytes that a grain takes in the file, marker and padding included.</summary>
    public long StoredBytes(long grain, long place)
    {
        if (!markers)
            return 1;
        var block = Locate(grain, place);
        var size = block.Offset - place + block.Length + AdlerSize;
        return (size + VmdkFormat.SectorSize - 1) / VmdkFormat.SectorSize * VmdkFormat.SectorSize;
    }

    protected override int ReadHere(long offset, int within, long place, Span<byte> buffer)
    {
        var grain = offset / GrainBytes;
        var wanted = (int)Math.Min(GrainBytes, Length - (grain * GrainBytes));
        var n = Math.Min(wanted - within, buffer.Length);
        if (within == 0 && n == GrainBytes)
        {
            Expand(grain, place, buffer.Slice(0, n), wanted);
            return n;
        }

        var whole = ArrayPool<byte>.Shared.Rent(GrainBytes);
        try
        {
            Expand(grain, place, whole.AsSpan(0, GrainBytes), wanted);
            whole.AsSpan(within, n).CopyTo(buffer);
            return n;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    private void Expand(long grain, long place, Span<byte> output, int wanted)
    {
        uint? adler = null;
        long start;
        int size;
        if (markers)
        {
            var block = Locate(grain, place);
            (start, size, adler) = (block.Offset, block.Length, block.Adler32);
        }
        else
        {
            // Without markers nobody says how long the stream is; it says so itself.
            if (place > Store.Length - ZlibHeaderSize)
                throw new InvalidImageException(ErrorIds.Truncated, Store.Name, place, $"grain {grain} begins past the end of the file at {Store.Length}");
            RequireZlib(Store.ReadBytes(place, ZlibHeaderSize), place);
            start = place + ZlibHeaderSize;
            size = (int)Math.Min(_maxPacked, Store.Length - start);
        }

        var packed = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            Store.Read(start, packed.AsSpan(0, size));
            var count = Inflater.Inflate(packed.AsSpan(0, size), output);
            // The last grain of a disk may be as short as the disk.
            if (count < wanted)
                throw new InvalidImageException(ErrorIds.BadCompression, Store.Name, start, $"grain {grain} expands to {count} bytes instead of {wanted}");
            if (adler is { } expected && Adler32.Compute(output.Slice(0, count)) is var found && found != expected)
                throw new InvalidImageException(ErrorIds.BadChecksum, Store.Name, start, $"grain {grain} has Adler-32 {found:x8}, its trailer says {expected:x8}");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidImageException(ErrorIds.BadCompression, Store.Name, start, $"grain {grain} cannot be expanded: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    private void RequireZlib(ReadOnlySpan<byte> header, long at)
    {
        if ((header[0] & 15) != 8 || ((header[0] << 8) | header[1]) % 31 != 0 || (header[1] & 32) != 0)
            throw new InvalidImageException(ErrorIds.BadCompression, Store.Name, at, $"no zlib stream begins with {header[0]:x2} {header[1]:x2}");
    }
}
