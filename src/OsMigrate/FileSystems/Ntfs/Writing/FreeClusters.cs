using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Takes clusters from $Bitmap and gives them back. Clusters given back are not taken again in the same operation.</summary>
internal sealed class FreeClusters
{
    private const int PieceBytes = 65536;

    /// <summary>Fragments remembered while no run is long enough.</summary>
    private const int MaxCandidates = 65536;

    private readonly VolumeEdit _edit;
    private readonly ByteStore _bitmap;
    private readonly long _count;
    private readonly List<Run> _given = [];

    public FreeClusters(VolumeEdit edit)
    {
        _edit = edit;
        _count = edit.Layout.Boot.ClusterCount;
        var data = FileRecord.Load(edit.Layout, edit.Mft, new FileReference(Mft.BitmapNumber, 0)).Find(AttributeType.Data);
        if (data is null || data.DataBytes < (_count + 7) / 8)
            throw edit.Layout.Bad(-1, "$Bitmap is shorter than the volume");
        // A resident $Bitmap would need its record rewritten; only volumes of a few hundred clusters could have one.
        if (data.IsResident)
            throw new OsMigrateException(ErrorIds.UnsupportedFeature, ErrorKind.NotSupported, $"'{edit.Layout.Name}' is so small that its map of clusters lies in the MFT; such volumes are not written.", edit.Layout.Name);
        _bitmap = new RunStore(edit.Layout.Store, edit.Layout.Boot.ClusterSize, data.Runs, data.DataBytes, data.InitializedBytes, edit.Layout.Name);
    }

    /// <summary>Takes clusters, in one piece if there is any.</summary>
    /// <param name="near">Where to look first; -1 for where the last ones were found.</param>
    /// <param name="multiple">Every piece is a multiple of this many clusters.</param>
    /// <returns>Runs that count from cluster 0.</returns>
    /// <exception cref="OsMigrateException"><see cref="ErrorIds.VolumeFull"/>.</exception>
    public RunList Take(long count, long near = -1, long multiple = 1)
    {
        var start = near >= 0 && near < _count ? near : _edit.Volume.AllocationHint;
        var candidates = new List<Run>();
        foreach (var run in FreeRuns(start))
        {
            if (run.Count >= count)
            {
                candidates = [run];
                break;
            }

            if (run.Count >= multiple && candidates.Count < MaxCandidates)
                candidates.Add(run);
        }

        var taken = new List<Run>();
        long vcn = 0;
        foreach (var run in candidates.OrderByDescending(static r => r.Count))
        {
            var n = Math.Min(count - vcn, run.Count / multiple * multiple);
            if (n <= 0)
                break;
            taken.Add(new Run(vcn, run.Lcn, n));
            vcn += n;
        }

        if (vcn < count)
            throw new OsMigrateException(ErrorIds.VolumeFull, ErrorKind.ResourceUnavailable, $"'{_edit.Layout.Name}' has no room for {count * _edit.Layout.Boot.ClusterSize} more bytes. Nothing was changed.", _edit.Layout.Name);
        foreach (var run in taken)
            Mark(run.Lcn, run.Count, used: true);
        if (near < 0)
            _edit.Volume.AllocationHint = taken[taken.Count - 1].Lcn + taken[taken.Count - 1].Count;
        return new RunList(taken);
    }

    public void Give(IEnumerable<Run> runs)
    {
        foreach (var run in runs)
        {
            if (run.IsHole)
                continue;
            Mark(run.Lcn, run.Count, used: false);
            _given.Add(run);
        }
    }

    private void Mark(long lcn, long count, bool used)
    {
        var bytes = _bitmap.ReadBytes(lcn / 8, (int)(((lcn + count + 7) / 8) - (lcn / 8)));
        for (var i = lcn; i < lcn + count; i++)
        {
            var bit = (byte)(1 << (int)(i % 8));
            ref var b = ref bytes[(int)((i / 8) - (lcn / 8))];
            if ((b & bit) != 0 == used)
                throw _edit.Layout.Bad(-1, $"$Bitmap says that cluster {i} is {(used ? "used" : "free")} already");
            b ^= bit;
        }

        _bitmap.Write(lcn / 8, bytes);
    }

    /// <summary>Free runs from a place to the end, then from the beginning; a run ends at the edge of a piece of the map where pieces are long.</summary>
    private IEnumerable<Run> FreeRuns(long start)
    {
        foreach (var run in FreeRuns(start, _count))
            yield return run;
        foreach (var run in FreeRuns(0, Math.Min(start, _count)))
            yield return run;
    }

    private IEnumerable<Run> FreeRuns(long from, long to)
    {
        long begin = -1, at = from;
        while (at < to)
        {
            var first = at / 8;
            var piece = _bitmap.ReadBytes(first, (int)Math.Min(PieceBytes, ((to + 7) / 8) - first));
            for (; at < to && (at / 8) - first < piece.Length; at++)
            {
                var b = piece[(int)((at / 8) - first)];
                if (b == 0xFF && at % 8 == 0 && begin < 0)
                {
                    at += 7;
                    continue;
                }

                var free = (b & (1 << (int)(at % 8))) == 0 && !WasGiven(at);
                if (free && begin < 0)
                    begin = at;
                if (!free && begin >= 0)
                {
                    yield return new Run(0, begin, at - begin);
                    begin = -1;
                }
            }
        }

        if (begin >= 0)
            yield return new Run(0, begin, to - begin);
    }

    private bool WasGiven(long lcn) => _given.Count > 0 && _given.Exists(r => lcn >= r.Lcn && lcn < r.Lcn + r.Count);
}
