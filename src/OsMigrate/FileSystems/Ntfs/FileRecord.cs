namespace OsMigrate.FileSystems.Ntfs;

/// <summary>Everything the MFT says about one file: its base record and all records that extend it.</summary>
internal sealed class FileRecord
{
    private FileRecord(NtfsLayout layout, MftRecord head, List<MftRecord> records)
        => (Layout, Head, Records) = (layout, head, records);

    public NtfsLayout Layout { get; }

    /// <summary>The base record.</summary>
    public MftRecord Head { get; }

    /// <summary>The base record first, then those that extend it.</summary>
    public IReadOnlyList<MftRecord> Records { get; }

    public FileReference Reference => Head.Reference;

    public IReadOnlyList<NtfsAttribute> Attributes { get; private set; } = [];

    /// <summary>Names of the file, from the base record and its extensions.</summary>
    public IReadOnlyList<FileNameValue> Names
        => Attributes.Where(static a => a.Type == AttributeType.FileName && a.IsResident)
            .Select(static a => FileNameValue.TryParse(a.Value)).OfType<FileNameValue>().ToList();

    public StandardInformation? Standard
        => Find(AttributeType.StandardInformation) is { IsResident: true } a ? StandardInformation.TryParse(a.Value) : null;

    public NtfsAttribute? Find(AttributeType type, string name = "")
        => Attributes.FirstOrDefault(a => a.Type == type && string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="Bytes.InvalidImageException">The record is free, is no base record, or its attribute list is at odds with the records.</exception>
    public static FileRecord Load(NtfsLayout layout, Mft mft, FileReference reference)
    {
        var head = mft.Read(reference);
        if (head.Base.Number != 0)
            throw layout.Bad(mft.PlaceOf(head.Number), $"record {head.Number} is named as a file, but extends record {head.Base.Number}");
        var records = new List<MftRecord> { head };
        var list = head.Attributes.FirstOrDefault(static a => a.Type == AttributeType.AttributeList);
        var parts = list is null ? head.Attributes : Collect(layout, mft, head, list, records);
        var file = new FileRecord(layout, head, records);
        file.Attributes = Assemble(layout, mft, head, parts);
        return file;
    }

    private static List<AttributeRecord> Collect(NtfsLayout layout, Mft mft, MftRecord head, AttributeRecord list, List<MftRecord> records)
    {
        var parts = new List<AttributeRecord> { list };
        foreach (var entry in AttributeListEntry.Parse(AttributeListEntry.ReadValue(layout, list), layout))
        {
            var record = records.FirstOrDefault(r => r.Number == entry.Record.Number);
            if (record is null)
            {
                record = mft.Read(entry.Record);
                if (record.Base != head.Reference)
                    throw layout.Bad(mft.PlaceOf(record.Number), $"record {record.Number} is listed as a part of record {head.Number}, but extends record {record.Base.Number}");
                records.Add(record);
            }

            parts.Add(record.Attributes.FirstOrDefault(a => a.Id == entry.Id && a.Type == entry.Type)
                ?? throw layout.Bad(mft.PlaceOf(record.Number), $"the attribute list of record {head.Number} names an attribute of type {(uint)entry.Type:x} with id {entry.Id} in record {record.Number}, which has none"));
        }

        return parts;
    }

    private static List<NtfsAttribute> Assemble(NtfsLayout layout, Mft mft, MftRecord head, IReadOnlyList<AttributeRecord> parts)
    {
        var attributes = new List<NtfsAttribute>();
        var split = new Dictionary<(AttributeType, string), List<AttributeRecord>>();
        foreach (var part in parts)
        {
            if (part.IsResident)
                attributes.Add(new NtfsAttribute([part]));
            else if (split.TryGetValue((part.Type, part.Name), out var known))
                known.Add(part);
            else
                split[(part.Type, part.Name)] = [part];
        }

        foreach (var group in split.Values)
        {
            long next = 0;
            foreach (var part in group.OrderBy(static p => p.LowestVcn))
            {
                if (part.LowestVcn != next)
                    throw layout.Bad(mft.PlaceOf(head.Number), $"the parts of an attribute of type {(uint)part.Type:x} of record {head.Number} do not join: cluster {next} is missing or there twice");
                next = part.HighestVcn + 1;
            }

            attributes.Add(new NtfsAttribute(group.OrderBy(static p => p.LowestVcn).ToList()));
        }

        return attributes.OrderBy(static a => a.Type).ToList();
    }
}
