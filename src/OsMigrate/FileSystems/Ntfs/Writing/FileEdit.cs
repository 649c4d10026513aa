namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>One file while it is edited: its attributes are set and removed freely, <see cref="Save"/> finds a place for all of them.</summary>
internal sealed class FileEdit
{
    private readonly VolumeEdit _edit;

    private FileEdit(VolumeEdit edit, List<RecordImage> records) => (_edit, Records) = (edit, records);

    /// <summary>The base record first.</summary>
    public List<RecordImage> Records { get; }

    public RecordImage Head => Records[0];

    public FileReference Reference => Head.Reference;

    public bool IsFolder => (Le.U16(Head.Header, 22) & MftRecord.Folder) != 0;

    public IEnumerable<AttributeRecord> Parts => Records.SelectMany(static r => r.Attributes);

    public StandardInformation Standard
        => Find(AttributeType.StandardInformation) is { IsResident: true } a && StandardInformation.TryParse(a.Value) is { } s ? s
            : throw _edit.Layout.Bad(-1, $"record {Reference.Number} has no standard information");

    public IReadOnlyList<FileNameValue> Names
        => Parts.Where(static a => a.Type == AttributeType.FileName).Select(static a => FileNameValue.TryParse(a.Value)).OfType<FileNameValue>().ToList();

    public static FileEdit Open(VolumeEdit edit, FileReference reference)
    {
        var file = FileRecord.Load(edit.Layout, edit.Mft, reference);
        return new FileEdit(edit, file.Records.Select(RecordImage.From).ToList());
    }

    public static FileEdit New(VolumeEdit edit, RecordImage head) => new(edit, [head]);

    public NtfsAttribute? Find(AttributeType type, string name = "")
    {
        var parts = Parts.Where(a => a.Type == type && a.Name == name).OrderBy(static a => a.LowestVcn).ToList();
        return parts.Count == 0 ? null : new NtfsAttribute(parts);
    }

    public void SetResident(AttributeType type, string name, ReadOnlySpan<byte> value)
    {
        var (record, id, flags) = TakeOut(type, name);
        Put(record, AttributeEncoder.Resident(type, name, flags, id, value));
    }

    /// <summary>Adds a further name; the other attributes of that type stay.</summary>
    public void AddName(FileNameValue name)
    {
        Put(Head, AttributeEncoder.Resident(AttributeType.FileName, "", AttributeFlags.None, Head.NewId(), name.ToBytes()));
        Head.LinkCount++;
    }

    public void RemoveName(FileReference parent, string name)
    {
        foreach (var record in Records)
        {
            var at = record.Attributes.FindIndex(a => a.Type == AttributeType.FileName && FileNameValue.TryParse(a.Value) is { } n && n.Parent.Number == parent.Number && n.Name == name);
            if (at < 0)
                continue;
            record.Attributes.RemoveAt(at);
            record.IsChanged = true;
            Head.LinkCount--;
            Head.IsChanged = true;
            return;
        }
    }

    /// <summary>Gives an attribute other clusters and sizes. The clusters it had are the caller's business.</summary>
    public void SetRuns(AttributeType type, string name, RunList runs, AttributeSizes sizes)
    {
        var unit = Find(type, name)?.CompressionUnit ?? 0;
        var joined = RunList.Joined(runs.Runs).Runs;
        var from = KeepParts(type, name, joined, sizes);
        if (from > 0 && from == joined.Count)
            return;
        var (record, id, flags) = TakeOut(type, name, after: from == 0 ? 0 : joined[from].Vcn);
        for (var first = true; from < joined.Count || first; first = false)
        {
            var part = LongestPart(joined, from, type, name, flags, sizes);
            Put(record, AttributeEncoder.NonResident(type, name, flags, first ? id : record.NewId(), unit, part, sizes));
            from += part.Count;
        }
    }

    public void Remove(AttributeType type, string name) => TakeOut(type, name, makeId: false);

    /// <summary>Bytes of value that a resident attribute may have without anything else being moved.</summary>
    public int RoomForValue(AttributeType type, string name)
    {
        var record = Records.Find(r => r.Attributes.Exists(a => a.Type == type && a.Name == name)) ?? Head;
        var own = record.Attributes.Where(a => a.Type == type && a.Name == name).Sum(static a => a.Raw.Length);
        return _edit.Layout.Boot.RecordSize - (record.Used - own) - Le.Align8(0x18 + (2 * name.Length));
    }

    /// <summary>Writes all changed records, after finding room for what has grown.</summary>
    public void Save()
    {
        new RecordLayout(_edit, this).Arrange();
        foreach (var record in Records)
        {
            if (record.IsChanged)
                _edit.WriteRecord(record.Number, record.ToBytes(_edit.Layout.Boot.RecordSize));
            record.IsChanged = false;
        }
    }

    /// <summary>Makes a parsed attribute of a raw one and puts it in order.</summary>
    public void Put(RecordImage record, byte[] raw)
        => record.Insert(AttributeRecord.Parse(raw, _edit.Layout.Boot.ClusterCount, _edit.Layout.Name, -1), _edit.Volume.UpCase);

    /// <summary>Parts in front whose runs stay as they are stay where they are; only the sizes in the first are set anew.</summary>
    /// <returns>Runs that the kept parts cover.</returns>
    private int KeepParts(AttributeType type, string name, IReadOnlyList<Run> runs, AttributeSizes sizes)
    {
        var parts = Parts.Where(a => a.Type == type && a.Name == name && !a.IsResident).OrderBy(static a => a.LowestVcn).ToList();
        var kept = 0;
        for (var i = 0; i < parts.Count - 1; i++)
        {
            var own = RunList.Joined(parts[i].Runs.Runs).Runs;
            if (kept + own.Count > runs.Count || !own.SequenceEqual(runs.Skip(kept).Take(own.Count)))
                break;
            kept += own.Count;
        }

        if (kept > 0)
            SetSizes(parts[0], sizes);
        if (kept > 0 && kept == runs.Count)
            TakeOut(type, name, makeId: false, after: runs[kept - 1].End);
        return kept;
    }

    private void SetSizes(AttributeRecord first, AttributeSizes sizes)
    {
        var record = Records.Find(r => r.Attributes.Contains(first))!;
        var raw = (byte[])first.Raw.Clone();
        Le.Put64(raw, 40, sizes.Allocated);
        Le.Put64(raw, 48, sizes.Data);
        Le.Put64(raw, 56, sizes.Initialized);
        record.Attributes[record.Attributes.IndexOf(first)] = AttributeRecord.Parse(raw, _edit.Layout.Boot.ClusterCount, _edit.Layout.Name, -1);
        record.IsChanged = true;
    }

    /// <param name="after">Parts from this cluster on are taken out.</param>
    private (RecordImage Record, ushort Id, AttributeFlags Flags) TakeOut(AttributeType type, string name, bool makeId = true, long after = 0)
    {
        RecordImage? home = null;
        ushort id = 0;
        var flags = AttributeFlags.None;
        foreach (var record in Records)
        {
            foreach (var a in record.Attributes.Where(a => a.Type == type && a.Name == name && a.LowestVcn >= after).ToList())
            {
                record.Attributes.Remove(a);
                record.IsChanged = true;
                if (home is null || a.LowestVcn == after)
                    (home, id, flags) = (record, a.Id, a.Flags);
            }
        }

        if (home is null && makeId)
            (home, id) = (Head, Head.NewId());
        return (home ?? Head, id, flags);
    }

    /// <summary>As many runs as one attribute record of at most half an MFT record can hold, so that parts can be placed beside others.</summary>
    private List<Run> LongestPart(IReadOnlyList<Run> runs, int from, AttributeType type, string name, AttributeFlags flags, AttributeSizes sizes)
    {
        var limit = _edit.Layout.Boot.RecordSize - 0x38 - 16;
        var rest = runs.Skip(from).ToList();
        if (AttributeEncoder.NonResident(type, name, flags, 0, 0, rest, sizes).Length <= limit)
            return rest;
        int fits = 1, tooMany = rest.Count;
        while (tooMany - fits > 1)
        {
            var middle = (fits + tooMany) / 2;
            if (AttributeEncoder.NonResident(type, name, flags, 0, 0, rest.GetRange(0, middle), sizes).Length <= limit)
                fits = middle;
            else
                tooMany = middle;
        }

        return rest.GetRange(0, fits);
    }
}
