namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>One file as a whole: sizes, names, link count, security id.</summary>
internal static class FileScan
{
    public static void Run(CheckState state, FileRecord file)
    {
        foreach (var record in file.Records.Skip(1))
            state.ListedExtensions.Add(record.Number);
        foreach (var attribute in file.Attributes)
            CheckSizes(state, file.Reference.Number, attribute);
        CheckNames(state, file);
        CheckStandard(state, file);
        if (file.Head.IsFolder && file.Find(AttributeType.IndexRoot, FolderIndex.Name) is null)
            state.Error("Index", file.Reference.Number, "the folder has no index");
    }

    private static void CheckSizes(CheckState state, long number, NtfsAttribute attribute)
    {
        if (attribute.IsResident)
            return;
        long cluster = state.Volume.ClusterSizeBytes, covered = attribute.Runs.End * cluster;
        var what = $"an attribute of type {(uint)attribute.Type:x}{(attribute.Name.Length > 0 ? $" ('{attribute.Name}')" : "")}";
        if (attribute.AllocatedBytes != covered)
            state.Error("Attributes", number, $"{what} has clusters for {covered} bytes, but says {attribute.AllocatedBytes}");
        if (attribute.DataBytes > attribute.AllocatedBytes)
            state.Error("Attributes", number, $"{what} has {attribute.DataBytes} bytes in clusters for {attribute.AllocatedBytes}");
        var stored = attribute.Runs.AllocatedClusters * cluster;
        if ((attribute.IsSparse || attribute.IsCompressed) && number != Mft.BadClustersNumber && attribute.StoredBytes != stored && !(stored == 0 && attribute.StoredBytes == attribute.AllocatedBytes))
            state.Error("Attributes", number, $"{what} has {stored} bytes in clusters of its own, but says {attribute.StoredBytes}");
        if (!attribute.IsSparse && !attribute.IsCompressed && number != Mft.BadClustersNumber && stored != covered)
            state.Error("Attributes", number, $"{what} has holes, but is not marked sparse");
    }

    private static void CheckNames(CheckState state, FileRecord file)
    {
        var names = file.Names;
        var number = file.Reference.Number;
        foreach (var name in names)
        {
            if (!state.Names.Add(new KnownName(number, name.Parent, name.NameSpace, name.Name)))
                state.Error("Links", number, $"the name '{name.Name}' stands twice in the record");
        }

        if (file.Head.IsFolder && names.Count > 0)
            state.FolderParents[number] = names[0].Parent.Number;
        if (names.Count == 0 && number >= NtfsFile.FirstShownNumber)
            state.Error("Links", number, "the file has no name");
        // Windows counts short names, some other writers do not.
        if (file.Head.LinkCount != names.Count && file.Head.LinkCount != names.Count(static n => n.NameSpace != NameSpace.Dos))
            state.Error("Links", number, $"the link count is {file.Head.LinkCount}, but the file has {names.Count} names");
        if (names.Count(static n => n.NameSpace == NameSpace.Dos) > 1)
            state.Error("Links", number, "the file has several short names");
    }

    private static void CheckStandard(CheckState state, FileRecord file)
    {
        if (file.Standard is not { } standard)
        {
            if (file.Reference.Number >= Mft.FirstUserNumber)
                state.Error("Attributes", file.Reference.Number, "the file has no standard information");
            return;
        }

        if (standard.SecurityId != 0 && !state.SecurityIds.ContainsKey(standard.SecurityId))
            state.SecurityIds[standard.SecurityId] = file.Reference.Number;
    }
}
