using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Grows and shrinks attributes that have clusters.</summary>
internal static class ContentSpace
{
    /// <summary>Moves a resident value to clusters of its own.</summary>
    public static void MakeNonResident(VolumeEdit edit, FileEdit file, AttributeType type, string name)
    {
        var value = file.Find(type, name)!.Value;
        SetContent(edit, file, type, name, new MemoryStore(value));
    }

    /// <summary>Puts content into new clusters; the attribute must have none yet.</summary>
    public static void SetContent(VolumeEdit edit, FileEdit file, AttributeType type, string name, ByteStore content)
    {
        long cluster = edit.Layout.Boot.ClusterSize, count = (content.Length + cluster - 1) / cluster;
        var runs = count == 0 ? RunList.Empty : edit.Clusters.Take(count);
        edit.WriteFresh(runs, content);
        file.SetRuns(type, name, runs, new AttributeSizes(count * cluster, content.Length, content.Length));
    }

    /// <summary>Makes a non-resident attribute longer; what is new reads as zeros.</summary>
    /// <param name="multiple">Clusters that must lie together.</param>
    public static void Grow(VolumeEdit edit, FileEdit file, AttributeType type, string name, long newBytes, long multiple = 1)
    {
        var old = file.Find(type, name);
        long cluster = edit.Layout.Boot.ClusterSize, wanted = (newBytes + cluster - 1) / cluster;
        var runs = old?.Runs ?? RunList.Empty;
        var allocated = runs.End;
        if (wanted > allocated)
        {
            var last = runs.Runs.Count == 0 ? -1 : runs.Runs[runs.Runs.Count - 1].Lcn + runs.Runs[runs.Runs.Count - 1].Count;
            var more = edit.Clusters.Take(wanted - allocated, last, multiple);
            runs = new RunList([.. runs.Runs, .. more.Runs.Select(r => r with { Vcn = r.Vcn + allocated })]);
            allocated = runs.End;
        }

        var done = old?.InitializedBytes ?? 0;
        ZeroFill(edit, runs, done, newBytes);
        file.SetRuns(type, name, runs, new AttributeSizes(allocated * cluster, newBytes, newBytes));
    }

    /// <summary>Splits runs at a cluster: what stays, and what goes.</summary>
    public static (RunList Kept, List<Run> Freed) Cut(RunList runs, long clusters)
    {
        var kept = new List<Run>();
        var rest = new List<Run>();
        foreach (var run in runs.Runs)
        {
            var n = Math.Max(0, Math.Min(run.Count, clusters - run.Vcn));
            if (n > 0)
                kept.Add(run with { Count = n });
            if (n < run.Count)
                rest.Add(new Run(run.Vcn + n, run.IsHole ? Run.Hole : run.Lcn + n, run.Count - n));
        }

        return (new RunList(kept), rest);
    }

    private static void ZeroFill(VolumeEdit edit, RunList runs, long from, long to)
    {
        var store = new RunStore(edit.Layout.Store, edit.Layout.Boot.ClusterSize, runs, to, to, edit.Layout.Name);
        var zeros = new byte[Math.Min(65536, Math.Max(0, to - from))];
        for (var at = from; at < to; at += zeros.Length)
            store.Write(at, zeros.AsSpan(0, (int)Math.Min(zeros.Length, to - at)));
    }
}
