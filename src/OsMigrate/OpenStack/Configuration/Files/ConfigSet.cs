namespace OsMigrate.OpenStack.Configuration.Files;

/// <summary>The files that one program of a service reads together, in this order: later ones win.</summary>
/// <param name="Program">Null where only the service's own files are read.</param>
internal sealed record ConfigSet(string Node, ServiceName Service, string? Program, IReadOnlyList<ConfigFile> Files)
{
    /// <summary>The file that findings about what is missing name.</summary>
    public ConfigFile Main => Files[0];

    /// <summary>What oslo.config is given for each program: the service's file, its additions, then the program's file and its additions.</summary>
    /// <remarks>Source: oslo_config/cfg.py, find_config_files and find_config_dirs; packages start programs with --config-file in the same order.</remarks>
    public static IReadOnlyList<ConfigSet> Of(IEnumerable<ConfigFile> files)
    {
        var sets = new List<ConfigSet>();
        foreach (var group in files.Where(f => f.Name is not null).GroupBy(f => (f.Node, Service: f.Name!.Service, f.Folder)))
        {
            var common = Ordered(group.Where(f => f.Name!.Program is null)).ToList();
            if (common.Count > 0)
                sets.Add(new ConfigSet(group.Key.Node, group.Key.Service, null, common));
            foreach (var program in group.Where(f => f.Name!.Program is not null).GroupBy(f => f.Name!.Program))
                sets.Add(new ConfigSet(group.Key.Node, group.Key.Service, program.Key, [.. common, .. Ordered(program)]));
        }

        return sets;
    }

    private static IEnumerable<ConfigFile> Ordered(IEnumerable<ConfigFile> files)
        => files.OrderBy(f => f.IsFragment).ThenBy(f => f.Path, StringComparer.Ordinal);
}
