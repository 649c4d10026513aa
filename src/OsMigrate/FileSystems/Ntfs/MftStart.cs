using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs;

/// <summary>Finds all of the MFT from its first record: the MFT is itself a file that the MFT describes.</summary>
internal sealed class MftStart(NtfsLayout layout)
{
    /// <summary>The content of $MFT, as far as its parts can be reached.</summary>
    public RunStore Open()
    {
        var at = layout.Boot.MftCluster * layout.Boot.ClusterSize;
        var bytes = layout.Store.ReadBytes(at, layout.Boot.RecordSize);
        var first = MftRecord.Parse(0, bytes, layout.Boot.ClusterCount, layout.Name, at);
        var data = first.Attributes.FirstOrDefault(IsContent)
            ?? throw layout.Bad(at, "the first record of the MFT has no content attribute");
        if (data.IsResident || data.LowestVcn != 0 || data.Runs.Runs.Any(static r => r.IsHole))
            throw layout.Bad(at, "the MFT is resident or has holes");
        var runs = data.Runs.Runs.ToList();
        var list = first.Attributes.FirstOrDefault(static a => a.Type == AttributeType.AttributeList);
        if (list is not null)
            AddFurtherParts(list, data, runs);
        var length = Math.Min(data.DataBytes, runs.Count == 0 ? 0 : runs[runs.Count - 1].End * layout.Boot.ClusterSize);
        if (length < 16L * layout.Boot.RecordSize)
            throw layout.Bad(at, $"the MFT has {length} bytes");
        return Content(runs, length, data.InitializedBytes);
    }

    private static bool IsContent(AttributeRecord a) => a.Type == AttributeType.Data && a.Name.Length == 0;

    private RunStore Content(List<Run> runs, long length, long initialized)
        => new(layout.Store, layout.Boot.ClusterSize, new RunList(runs), length, initialized, layout.Name);

    /// <summary>Each further part lies in a record that the parts before it have made readable.</summary>
    private void AddFurtherParts(AttributeRecord list, AttributeRecord data, List<Run> runs)
    {
        var entries = AttributeListEntry.Parse(AttributeListEntry.ReadValue(layout, list), layout)
            .Where(static e => e.Type == AttributeType.Data && e.Name.Length == 0 && e.LowestVcn > 0)
            .OrderBy(static e => e.LowestVcn);
        foreach (var entry in entries)
        {
            var known = Content(runs, runs[runs.Count - 1].End * layout.Boot.ClusterSize, data.InitializedBytes);
            var offset = entry.Record.Number * layout.Boot.RecordSize;
            if (entry.Record.Number <= 0 || offset > known.Length - layout.Boot.RecordSize)
                throw layout.Bad(-1, $"a part of the MFT is described in record {entry.Record.Number}, which lies in a part not yet known");
            var record = MftRecord.Parse(entry.Record.Number, known.ReadBytes(offset, layout.Boot.RecordSize), layout.Boot.ClusterCount, layout.Name, known.PlaceOf(offset));
            var part = record.Attributes.FirstOrDefault(a => IsContent(a) && a.LowestVcn == entry.LowestVcn);
            if (part is null || part.LowestVcn != runs[runs.Count - 1].End || part.Runs.Runs.Count == 0 || part.Runs.Runs.Any(static r => r.IsHole))
                throw layout.Bad(known.PlaceOf(offset), $"record {entry.Record.Number} does not hold the part of the MFT from cluster {entry.LowestVcn} on");
            runs.AddRange(part.Runs.Runs);
        }
    }
}
