using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>$Bitmap: one bit per cluster, set for a used one.</summary>
internal static class ClusterBitmap
{
    private const int PieceBytes = 65536;

    /// <summary>Clusters whose bit is not set.</summary>
    public static long CountFree(NtfsVolume volume)
    {
        using var bitmap = volume.FileAt(Mft.BitmapNumber).OpenStream("");
        long total = volume.Layout.Boot.ClusterCount, used = 0;
        var buffer = new byte[PieceBytes];
        for (long at = 0; at < (total + 7) / 8; at += PieceBytes)
        {
            var n = (int)Math.Min(PieceBytes, ((total + 7) / 8) - at);
            bitmap.Read(at, buffer.AsSpan(0, n));
            if (at + n == (total + 7) / 8 && total % 8 != 0)
                buffer[n - 1] &= (byte)((1 << (int)(total % 8)) - 1);
            for (var i = 0; i < n; i++)
                used += BitCount[buffer[i]];
        }

        return total - used;
    }

    /// <summary>Runs of clusters whose bit is not set, ascending.</summary>
    /// <exception cref="InvalidImageException">The bitmap is shorter than the volume, or marks no cluster of its own.</exception>
    public static IEnumerable<(long First, long Count)> FreeRuns(NtfsVolume volume, CancellationToken cancel)
    {
        using var bitmap = volume.FileAt(Mft.BitmapNumber).OpenStream("");
        var total = volume.Layout.Boot.ClusterCount;
        var bytes = (total + 7) / 8;
        if (bitmap.Length < bytes)
            throw volume.Layout.Bad(-1, $"$Bitmap has {bitmap.Length} bytes where {bytes} are needed");
        var buffer = new byte[PieceBytes];
        var first = -1L;
        for (long at = 0; at < bytes; at += PieceBytes)
        {
            cancel.ThrowIfCancellationRequested();
            var n = (int)Math.Min(PieceBytes, bytes - at);
            bitmap.Read(at, buffer.AsSpan(0, n));
            if (at == 0 && (buffer[0] & 1) == 0)
                throw volume.Layout.Bad(-1, "$Bitmap says that the boot sector is free");
            for (var bit = 0; bit < n * 8 && (at * 8) + bit < total; bit++)
            {
                // Whole bytes of one kind make up nearly all of it.
                if (bit % 8 == 0 && buffer[bit / 8] == (first < 0 ? (byte)0xFF : (byte)0) && (at * 8) + bit + 8 <= total)
                {
                    bit += 7;
                    continue;
                }

                var isFree = (buffer[bit / 8] & (1 << (bit % 8))) == 0;
                if (isFree == first >= 0)
                    continue;
                if (!isFree)
                    yield return (first, (at * 8) + bit - first);
                first = isFree ? (at * 8) + bit : -1;
            }
        }

        if (first >= 0)
            yield return (first, total - first);
    }

    private static readonly byte[] BitCount = Enumerable.Range(0, 256).Select(static b =>
    {
        byte n = 0;
        for (; b != 0; b >>= 1)
            n += (byte)(b & 1);
        return n;
    }).ToArray();
}
