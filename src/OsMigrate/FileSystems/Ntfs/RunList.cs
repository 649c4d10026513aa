using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>Where the clusters of an attribute lie; without gaps, from its first cluster.</summary>
/// <remarks>Source: flatcap NTFS documentation, "Data Runs".</remarks>
internal sealed class RunList
{
    /// <summary>No attribute has more clusters than this; sums stay far from overflow.</summary>
    public const long MaxClusters = 1L << 48;

    private readonly Run[] _runs;

    public RunList(IEnumerable<Run> runs) => _runs = runs.ToArray();

    public static RunList Empty { get; } = new([]);

    public IReadOnlyList<Run> Runs => _runs;

    /// <summary>First cluster after the last run; 0 for an empty list.</summary>
    public long End => _runs.Length == 0 ? 0 : _runs[_runs.Length - 1].End;

    /// <summary>Clusters that are not holes.</summary>
    public long AllocatedClusters => _runs.Where(static r => !r.IsHole).Sum(static r => r.Count);

    /// <summary>The run with that cluster; the caller knows that it is inside the list.</summary>
    public Run At(long vcn)
    {
        int low = 0, high = _runs.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_runs[middle].Vcn <= vcn)
                low = middle;
            else
                high = middle - 1;
        }

        return _runs[low];
    }

    /// <summary>Decodes mapping pairs.</summary>
    /// <param name="pairs">From the first pair to the end of the attribute record.</param>
    /// <param name="at">Where the pairs lie on the volume, for messages.</param>
    /// <param name="firstVcn">First cluster of the attribute that these pairs describe.</param>
    /// <exception cref="InvalidImageException">A run leaves the volume, or the pairs are cut off.</exception>
    public static RunList Decode(ReadOnlySpan<byte> pairs, long firstVcn, long clusterCount, string name, long at)
    {
        var runs = new List<Run>();
        long vcn = firstVcn, lcn = 0;
        var i = 0;
        while (i < pairs.Length && pairs[i] != 0)
        {
            int lengthSize = pairs[i] & 15, placeSize = pairs[i] >> 4;
            if (lengthSize is 0 or > 8 || placeSize > 8 || i + 1 + lengthSize + placeSize > pairs.Length)
                throw new InvalidImageException(ErrorIds.BadStructure, name, at + i, $"a run with the header {pairs[i]:x2} is cut off or malformed");
            var count = Signed(pairs.Slice(i + 1, lengthSize));
            if (count <= 0 || count > MaxClusters - vcn)
                throw new InvalidImageException(ErrorIds.BadStructure, name, at + i, $"a run of {count} clusters");
            if (placeSize > 0)
                lcn = unchecked(lcn + Signed(pairs.Slice(i + 1 + lengthSize, placeSize)));
            if (placeSize > 0 && (lcn < 0 || lcn > clusterCount - count))
                throw new InvalidImageException(ErrorIds.BadStructure, name, at + i, $"a run of {count} clusters at {lcn} leaves the volume of {clusterCount} clusters");
            runs.Add(new Run(vcn, placeSize > 0 ? lcn : Run.Hole, count));
            vcn += count;
            i += 1 + lengthSize + placeSize;
        }

        return new RunList(runs);
    }

    /// <summary>Encodes runs as mapping pairs with their final zero.</summary>
    public static byte[] Encode(IEnumerable<Run> runs)
    {
        var pairs = new List<byte>();
        long lcn = 0;
        foreach (var run in runs)
        {
            var count = Shortest(run.Count);
            var place = run.IsHole ? [] : Shortest(run.Lcn - lcn);
            pairs.Add((byte)(count.Length | (place.Length << 4)));
            pairs.AddRange(count);
            pairs.AddRange(place);
            lcn = run.IsHole ? lcn : run.Lcn;
        }

        pairs.Add(0);
        return [.. pairs];
    }

    /// <summary>The list with neighbours joined that follow each other on the volume.</summary>
    public static RunList Joined(IEnumerable<Run> runs)
    {
        var joined = new List<Run>();
        foreach (var run in runs)
        {
            var last = joined.Count > 0 ? joined[joined.Count - 1] : default;
            if (joined.Count > 0 && (last.IsHole ? run.IsHole : last.Lcn + last.Count == run.Lcn))
                joined[joined.Count - 1] = last with { Count = last.Count + run.Count };
            else
                joined.Add(run);
        }

        return new RunList(joined);
    }

    private static long Signed(ReadOnlySpan<byte> bytes)
    {
        long value = (sbyte)bytes[bytes.Length - 1];
        for (var i = bytes.Length - 2; i >= 0; i--)
            value = (value << 8) | bytes[i];
        return value;
    }

    private static byte[] Shortest(long value)
    {
        var size = 1;
        while (size < 8 && (value < -(1L << ((8 * size) - 1)) || value >= 1L << ((8 * size) - 1)))
            size++;
        var bytes = new byte[size];
        for (var i = 0; i < size; i++)
            bytes[i] = (byte)(value >> (8 * i));
        return bytes;
    }
}
