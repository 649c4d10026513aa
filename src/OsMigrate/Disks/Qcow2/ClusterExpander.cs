using System.Buffers;
using OsMigrate.Bytes;

namespace OsMigrate.Disks.Qcow2;

/// <summary>Expands compressed clusters: raw deflate or Zstandard frames. Safe to call from several threads.</summary>
internal sealed class ClusterExpander(ByteStore store, Qcow2Layout layout) : IDisposable
{
    private readonly ThreadLocal<ZstdSharp.Decompressor> _zstd = new(() => new ZstdSharp.Decompressor(), trackAllValues: true);

    /// <summary>Fills <paramref name="buffer"/> from a byte of the cluster on.</summary>
    public void Read(Qcow2Run run, int within, Span<byte> buffer)
    {
        if (run.PackedLength == 0)
            throw new InvalidImageException(ErrorIds.Truncated, store.Name, run.HostOffset, $"a compressed cluster begins past the end of the file at {store.Length}");
        if (buffer.Length == layout.ClusterSize)
        {
            Expand(run, buffer);
            return;
        }

        var whole = ArrayPool<byte>.Shared.Rent(layout.ClusterSize);
        try
        {
            Expand(run, whole.AsSpan(0, layout.ClusterSize));
            whole.AsSpan(within, buffer.Length).CopyTo(buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    public void Dispose()
    {
        foreach (var zstd in _zstd.Values)
            zstd.Dispose();
        _zstd.Dispose();
    }

    private void Expand(Qcow2Run run, Span<byte> cluster)
    {
        var packed = ArrayPool<byte>.Shared.Rent(run.PackedLength);
        try
        {
            store.Read(run.HostOffset, packed.AsSpan(0, run.PackedLength));
            var input = packed.AsSpan(0, run.PackedLength);
            var count = layout.UsesZstd ? ExpandZstd(input, cluster) : Inflater.Inflate(input, cluster);
            if (count != cluster.Length)
                throw new InvalidImageException(ErrorIds.BadCompression, store.Name, run.HostOffset, $"a compressed cluster expands to {count} bytes instead of {cluster.Length}");
        }
        catch (Exception e) when (e is InvalidDataException or ZstdSharp.ZstdException)
        {
            throw new InvalidImageException(ErrorIds.BadCompression, store.Name, run.HostOffset, $"a compressed cluster cannot be expanded: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <summary>Expands frame after frame until the cluster is full; each at one stroke, since a stream would ask for the window that the frame claims to need.</summary>
    private unsafe int ExpandZstd(ReadOnlySpan<byte> packed, Span<byte> cluster)
    {
        var count = 0;
        while (count < cluster.Length && packed.Length > 0)
        {
            ulong size;
            fixed (byte* start = packed)
                size = (ulong)ZstdSharp.Unsafe.Methods.ZSTD_findFrameCompressedSize(start, (nuint)packed.Length);
            // Error codes of this function are huge numbers.
            if (size == 0 || size > (ulong)packed.Length)
                throw new InvalidDataException("there is no whole Zstandard frame");
            count += _zstd.Value!.Unwrap(packed.Slice(0, (int)size), cluster.Slice(count));
            packed = packed.Slice((int)size);
        }

        return count;
    }
}
