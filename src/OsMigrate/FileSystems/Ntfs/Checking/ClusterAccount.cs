namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>Which clusters are used, as the attributes of all files say; each must be used once, and $Bitmap must say the same.</summary>
internal sealed class ClusterAccount(long count)
{
    private const int PieceBytes = 65536;

    private readonly byte[] _used = new byte[(count + 7) / 8];

    public long UsedCount { get; private set; }

    /// <summary>Notes the clusters of a run.</summary>
    /// <returns>The first cluster that was used already; -1 for none.</returns>
    public long Use(Run run)
    {
        var twice = -1L;
        for (var lcn = run.Lcn; lcn < run.Lcn + run.Count; lcn++)
        {
            if (lcn % 8 == 0 && run.Lcn + run.Count - lcn >= 8 && _used[lcn / 8] == 0)
            {
                _used[lcn / 8] = 0xFF;
                UsedCount += 8;
                lcn += 7;
                continue;
            }

            var bit = (byte)(1 << (int)(lcn % 8));
            if ((_used[lcn / 8] & bit) != 0)
                twice = twice < 0 ? lcn : twice;
            else
                UsedCount++;
            _used[lcn / 8] |= bit;
        }

        return twice;
    }

    /// <summary>Compares with $Bitmap; neighbouring clusters make one finding.</summary>
    public void Compare(CheckState state)
    {
        using var bitmap = state.Volume.FileAt(Mft.BitmapNumber).OpenStream("");
        if (bitmap.Length < _used.Length)
        {
            state.Error("Clusters", Mft.BitmapNumber, $"$Bitmap has {bitmap.Length} bytes where {_used.Length} are needed");
            return;
        }

        long begin = -1, kind = 0;
        for (long at = 0; at < _used.Length; at += PieceBytes)
        {
            var piece = bitmap.ReadBytes(at, (int)Math.Min(PieceBytes, _used.Length - at));
            for (var i = 0; i < piece.Length; i++)
            {
                if (piece[i] == _used[at + i] && kind == 0)
                    continue;
                for (var bit = 0; bit < 8 && ((at + i) * 8) + bit < count; bit++)
                {
                    var now = ((piece[i] >> bit) & 1) - ((_used[at + i] >> bit) & 1);
                    if (now == kind)
                        continue;
                    Report(state, begin, ((at + i) * 8) + bit, kind);
                    (begin, kind) = (((at + i) * 8) + bit, now);
                }
            }
        }

        Report(state, begin, count, kind);
    }

    private static void Report(CheckState state, long from, long to, long kind)
    {
        if (kind < 0)
            state.Error("Clusters", null, $"$Bitmap says that clusters {from} to {to - 1} are free, but files use them");
        if (kind > 0)
            state.Warn("Clusters", null, $"$Bitmap says that clusters {from} to {to - 1} are used, but no file uses them");
    }
}
