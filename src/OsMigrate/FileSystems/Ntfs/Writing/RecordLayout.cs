using OsMigrate.Bytes;

namespace OsMigrate.FileSystems.Ntfs.Writing;

/// <summary>Finds a place for all attributes of a file: what does not fit the base record moves to records that extend it, listed in $ATTRIBUTE_LIST.</summary>
internal sealed class RecordLayout(VolumeEdit edit, FileEdit file)
{
    /// <summary>Header and name offset of a non-resident attribute list with a few runs.</summary>
    private const int NonResidentListSize = 0x58;

    private readonly int _size = edit.Layout.Boot.RecordSize;

    public void Arrange()
    {
        var hasList = file.Head.Attributes.Exists(static a => a.Type == AttributeType.AttributeList);
        if (!hasList && file.Head.Used <= _size)
            return;
        var oldList = file.Find(AttributeType.AttributeList);
        file.Remove(AttributeType.AttributeList, "");
        while (file.Head.Used > _size && MakeNonResident())
        {
        }

        ArrangeExtensions();
        DropEmptyExtensions();
        while (file.Records.Count > 1 || file.Head.Used > _size)
        {
            var list = BuildList();
            var room = _size - file.Head.Used;
            if (room >= Le.Align8(0x18 + list.Length) || room >= NonResidentListSize)
            {
                PutList(list, room, oldList);
                return;
            }

            MoveOne(file.Head);
        }

        if (oldList is { IsResident: false })
            edit.Clusters.Give(oldList.Runs.Runs);
    }

    private void ArrangeExtensions()
    {
        // Moving adds records at the end, so this reaches them too.
        for (var i = 1; i < file.Records.Count; i++)
        {
            while (file.Records[i].Used > _size)
                MoveOne(file.Records[i]);
        }
    }

    /// <summary>Small content is the first to leave a full base record: it moves to clusters.</summary>
    private bool MakeNonResident()
    {
        var small = file.Head.Attributes.Where(a => a.Type == AttributeType.Data && a.IsResident && a.Raw.Length > 0x50 + (2 * a.Name.Length))
            .OrderByDescending(static a => a.Raw.Length).FirstOrDefault();
        if (small is null)
            return false;
        ContentSpace.MakeNonResident(edit, file, small.Type, small.Name);
        return true;
    }

    /// <summary>Moves the largest attribute that may move out of a record.</summary>
    private void MoveOne(RecordImage from)
    {
        if (file.Reference.Number == Mft.MftNumber)
            throw Fragmented("the MFT itself is so fragmented that its own record has no room left");
        var victim = from.Attributes
            .Where(a => a.Type is not (AttributeType.StandardInformation or AttributeType.AttributeList or AttributeType.IndexRoot))
            .OrderByDescending(static a => a.Raw.Length).FirstOrDefault()
            ?? from.Attributes.FirstOrDefault(static a => a.Type == AttributeType.IndexRoot)
            ?? throw Fragmented($"record {file.Reference.Number} has no room left and nothing that could be moved");
        from.Attributes.Remove(victim);
        from.IsChanged = true;
        var to = file.Records.Skip(1).FirstOrDefault(r => r != from && r.Used + victim.Raw.Length <= _size);
        if (to is null)
        {
            to = edit.Records.Take(file.Head.Reference, flags: MftRecord.InUse);
            file.Records.Add(to);
        }

        file.Put(to, AttributeEncoder.WithId(victim.Raw, to.NewId()));
    }

    private void DropEmptyExtensions()
    {
        foreach (var record in file.Records.Skip(1).Where(static r => r.Attributes.Count == 0).ToList())
        {
            file.Records.Remove(record);
            edit.Records.Give(record);
        }
    }

    private byte[] BuildList()
        => file.Records.SelectMany(static r => r.Attributes.Select(a => (Record: r, Attribute: a)))
            .OrderBy(static p => p.Attribute.Type)
            .ThenBy(static p => p.Attribute.Name, Comparer<string>.Create(edit.Volume.UpCase.Compare))
            .ThenBy(static p => p.Attribute.LowestVcn)
            .SelectMany(static p => new AttributeListEntry(p.Attribute.Type, p.Attribute.Name, p.Attribute.LowestVcn, p.Record.Reference, p.Attribute.Id).ToBytes())
            .ToArray();

    private void PutList(byte[] list, int room, NtfsAttribute? old)
    {
        if (list.Length > Mft.MaxAttributeList)
            throw Fragmented($"record {file.Reference.Number} would need a list of {list.Length} bytes for its fragments");
        if (old is { IsResident: false })
            edit.Clusters.Give(old.Runs.Runs);
        if (room >= Le.Align8(0x18 + list.Length))
        {
            file.SetResident(AttributeType.AttributeList, "", list);
            return;
        }

        var cluster = edit.Layout.Boot.ClusterSize;
        var runs = edit.Clusters.Take((list.Length + cluster - 1) / cluster);
        edit.WriteFresh(runs, new MemoryStore(list));
        file.SetRuns(AttributeType.AttributeList, "", runs, new AttributeSizes(runs.End * cluster, list.Length, list.Length));
    }

    private OsMigrateException Fragmented(string what)
        => new(ErrorIds.UnsupportedFeature, ErrorKind.NotSupported, $"'{edit.Layout.Name}': {what}. Nothing was changed.", edit.Layout.Name);
}
