using System.Buffers.Binary;
using System.IO.Compression;
using OsMigrate.Bytes;
using ZstdSharp;

namespace OsMigrate.FileSystems.Btrfs;

/// <summary>A run of a file.</summary>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Length">Bytes of the file.</param>
/// <param name="Inline">The content itself, when it lies in the tree; else null.</param>
/// <param name="Address">Where it is stored; 0 for zeros.</param>
/// <param name="Stored">Bytes that are stored there.</param>
/// <param name="Expanded">Bytes of them once expanded.</param>
/// <param name="Skip">Bytes of the expanded ones that come before this run.</param>
/// <param name="Method">0 none, 1 zlib, 2 lzo, 3 zstd.</param>
/// <remarks>Source: btrfs documentation, "On-disk Format", section "EXTENT_DATA".</remarks>
internal sealed record BtrfsExtent(long Offset, long Length, ReadOnlyMemory<byte>? Inline, ulong Address, ulong Stored, ulong Expanded, ulong Skip, int Method)
{
    public long End => Offset + Length;

    public static BtrfsExtent? Read(long offset, ReadOnlyMemory<byte> data)
    {
        var item = data.Span;
        if (item.Length < 21 || item[17] != 0)
            return null;
        var expanded = BinaryPrimitives.ReadUInt64LittleEndian(item.Slice(8));
        if (item[20] == 0)
            return expanded <= 1 << 20 ? new BtrfsExtent(offset, (long)expanded, data.Slice(21), 0, (ulong)item.Length - 21, expanded, 0, item[16]) : null;
        if (item.Length < 53)
            return null;
        ulong U(int at) => BinaryPrimitives.ReadUInt64LittleEndian(data.Span.Slice(at));
        var (address, stored, skip, length) = (U(21), U(29), U(37), U(45));
        // What was reserved and not written reads as zeros.
        if (item[20] == 2)
            address = 0;
        return length <= long.MaxValue - (ulong)offset && skip <= expanded && (address == 0 || length <= expanded - skip) ? new BtrfsExtent(offset, (long)length, null, address, stored, expanded, skip, item[16]) : null;
    }
}

/// <summary>A file's content, expanded where it is compressed.</summary>
internal sealed class BtrfsContent(BtrfsVolume volume, List<BtrfsExtent> extents, long length, string name) : ByteStore
{
    // The kernel compresses pieces of 128 KiB.
    private const int MaxCompressed = 1 << 20;

    private readonly object _gate = new();
    private BtrfsExtent? _expandedOf;
    private byte[] _expanded = [];

    public override long Length => length;

    public override string Name => name;

    public override void Read(long offset, Span<byte> buffer)
    {
        CheckRange(offset, buffer.Length);
        buffer.Clear();
        foreach (var extent in extents)
        {
            var (from, to) = (Math.Max(offset, extent.Offset), Math.Min(offset + buffer.Length, extent.End));
            if (from < to && (extent.Address != 0 || extent.Inline is not null))
                ReadExtent(extent, from - extent.Offset, buffer.Slice((int)(from - offset), (int)(to - from)));
        }
    }

    private void ReadExtent(BtrfsExtent extent, long within, Span<byte> buffer)
    {
        if (extent.Method == 0 && extent.Inline is null)
        {
            volume.Chunks.Read(extent.Address + extent.Skip + (ulong)within, buffer);
            return;
        }

        lock (_gate)
        {
            if (!ReferenceEquals(_expandedOf, extent))
                (_expanded, _expandedOf) = (Expand(extent), extent);
            var start = (long)extent.Skip + within;
            var there = (int)Math.Min(buffer.Length, Math.Max(0, _expanded.Length - start));
            if (there > 0)
                _expanded.AsSpan((int)start, there).CopyTo(buffer);
        }
    }

    private byte[] Expand(BtrfsExtent extent)
    {
        if (extent.Stored > MaxCompressed || extent.Expanded > MaxCompressed)
            throw new InvalidImageException(ErrorIds.TooLarge, volume.Store.Name, -1, $"'{name}' has a compressed piece of {extent.Stored} bytes");
        byte[] packed;
        if (extent.Inline is { } inline)
        {
            packed = inline.ToArray();
        }
        else
        {
            packed = new byte[extent.Stored];
            volume.Chunks.Read(extent.Address, packed);
        }

        var expanded = new byte[extent.Expanded];
        switch (extent.Method)
        {
            case 0:
                packed.AsSpan(0, Math.Min(packed.Length, expanded.Length)).CopyTo(expanded);
                return expanded;
            case 1 when packed.Length > 2:
                return Fill(new DeflateStream(new MemoryStream(packed, 2, packed.Length - 2), CompressionMode.Decompress), expanded, expanded.Length);
            case 3:
                return Fill(new DecompressionStream(new MemoryStream(packed)), expanded, FrameSize(packed, expanded.Length));
            default:
                throw new InvalidImageException(ErrorIds.UnsupportedFeature, volume.Store.Name, -1, $"'{name}' is compressed by {(extent.Method == 2 ? "LZO" : $"method {extent.Method}")}, which is not read here");
        }
    }

    /// <summary>What is stored is filled up to whole sectors, so a frame must not be read past its end.</summary>
    /// <remarks>RFC 8878, section 3.1.1.1: mark, descriptor, window, dictionary id, size of the content.</remarks>
    private static int FrameSize(byte[] packed, int most)
    {
        var descriptor = packed.Length > 4 ? packed[4] : 0;
        var isSingle = (descriptor & 0x20) != 0;
        var at = 5 + (isSingle ? 0 : 1) + ((1 << (descriptor & 3)) >> 1);
        var width = (descriptor >> 6) switch { 0 => isSingle ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };
        if (width == 0 || at + width > packed.Length)
            return most;
        var size = width == 2 ? 256UL : 0;
        for (var i = 0; i < width; i++)
            size += (ulong)packed[at + i] << (8 * i);
        return (int)Math.Min(size, (ulong)most);
    }

    private byte[] Fill(Stream stream, byte[] expanded, int count)
    {
        try
        {
            using (stream)
            {
                for (var done = 0; done < count;)
                {
                    var n = stream.Read(expanded, done, count - done);
                    if (n <= 0)
                        break;
                    done += n;
                }
            }

            return expanded;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ZstdException)
        {
            throw new InvalidImageException(ErrorIds.BadStructure, volume.Store.Name, -1, $"a compressed piece of '{name}' is damaged: {e.Message}");
        }
    }
}
