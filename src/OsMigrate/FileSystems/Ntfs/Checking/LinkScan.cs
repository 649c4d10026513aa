namespace OsMigrate.FileSystems.Ntfs.Checking;

/// <summary>What is left when all folders have been read: names in no index, records that nothing leads to, folders in a circle.</summary>
internal static class LinkScan
{
    private const int MaxFolderDepth = 4096;

    public static void Run(CheckState state)
    {
        foreach (var name in state.Names)
            state.Error("Links", name.Record, $"the name '{name.Name}' is not in the index of its folder {name.Parent.Number}");
        foreach (var extension in state.Extensions)
        {
            if (!state.ListedExtensions.Contains(extension.Key))
                state.Error("Mft", extension.Key, $"the record extends record {extension.Value.Number}, which does not list it");
        }

        CheckCircles(state);
    }

    private static void CheckCircles(CheckState state)
    {
        var good = new HashSet<long> { Mft.RootNumber };
        foreach (var folder in state.FolderParents.Keys)
        {
            var way = new List<long>();
            var at = folder;
            while (!good.Contains(at) && way.Count < MaxFolderDepth && state.FolderParents.TryGetValue(at, out var parent))
            {
                way.Add(at);
                at = parent;
            }

            if (good.Contains(at))
                good.UnionWith(way);
            else
                state.Error("Links", folder, "the folder does not lead up to the root");
        }
    }
}
