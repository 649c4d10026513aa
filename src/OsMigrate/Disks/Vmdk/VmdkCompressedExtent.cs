using System.Buffers;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Vmdk;

/// <summary>An extent of compressed grains, as streamOptimized disks have: each is a zlib stream (RFC 1950) behind a marker with its place and size.</summary>
/// <remarks>Source: VMware Virtual Disks, Virtual Disk Format 5.0, "Stream-Optimized Compressed Sparse Extents".</remarks>
internal sealed class VmdkCompressedExtent(ByteStore store, GrainTables tables, int grainBytes, long length, bool markers)
    : VmdkSparseExtent(store, tables, grainBytes, length), IDeflatedBlocks
{
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

    internal DeflatedBlock Locate(long grain, long place) => StoredGrain.Locate(Store, GrainBytes, grain, place);

    /// <summary>Bytes that a grain takes in the file, marker and padding included.</summary>
    public long StoredBytes(long grain, long place)
    {
        if (!markers)
            return 1;
        var block = Locate(grain, place);
        var size = block.Offset - place + block.Length + StoredGrain.AdlerSize;
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
        => StoredGrain.Expand(markers ? Locate(grain, place) : LocateBare(grain, place), grain, output, wanted);

    /// <summary>Without markers nobody says how long the stream is; it says so itself.</summary>
    private DeflatedBlock LocateBare(long grain, long place)
    {
        if (place > Store.Length - StoredGrain.ZlibHeaderSize)
            throw new InvalidImageException(ErrorIds.Truncated, Store.Name, place, $"grain {grain} begins past the end of the file at {Store.Length}");
        StoredGrain.RequireZlib(Store.ReadBytes(place, StoredGrain.ZlibHeaderSize), Store.Name, place);
        var start = place + StoredGrain.ZlibHeaderSize;
        return new DeflatedBlock(Store, start, (int)Math.Min(StoredGrain.MaxPacked(GrainBytes), Store.Length - start), null);
    }
}
