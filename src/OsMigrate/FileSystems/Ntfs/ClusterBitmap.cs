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

    private static readonly byte[] BitCount = Enumerable.Range(0, 256).Select(static b =>
    {
        byte n = 0;
        for (; b != 0; b >>= 1)
            n += (byte)(b & 1);
        return n;
    }).ToArray();
}
