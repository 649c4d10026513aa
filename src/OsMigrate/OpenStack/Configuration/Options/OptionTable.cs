namespace OsMigrate.OpenStack.Configuration.Options;

/// <summary>The options of one service in one release.</summary>
internal sealed class OptionTable
{
    /// <summary>The group under which the table keeps what authentication plugins read, in any section that logs in.</summary>
    public const string AuthGroup = "@auth";

    private readonly Dictionary<OptionName, OptionDefinition> _current;
    private readonly Dictionary<OptionName, OptionDefinition> _old = [];
    private readonly ILookup<string, OptionDefinition> _groups;

    public OptionTable(ServiceName service, string release, string packageVersion, IEnumerable<OptionDefinition> options)
    {
        (Service, Release, PackageVersion) = (service, release, packageVersion);
        _current = options.ToDictionary(o => o.FullName);
        foreach (var option in _current.Values)
        {
            foreach (var name in option.OldNames.Where(n => !_current.ContainsKey(n) && !_old.ContainsKey(n)))
                _old.Add(name, option);
        }

        _groups = _current.Values.ToLookup(o => o.Group);
    }

    public ServiceName Service { get; }

    /// <summary>Name of the release in lower case: zed.</summary>
    public string Release { get; }

    /// <summary>Version of the service's package that the table was made from.</summary>
    public string PackageVersion { get; }

    public IEnumerable<OptionDefinition> All => _current.Values;

    public IEnumerable<string> Groups => _groups.Select(g => g.Key);

    public bool HasGroup(string group) => _groups.Contains(group);

    public IEnumerable<OptionDefinition> Of(string group) => _groups[group];

    /// <summary>The option of this name; null when there is none.</summary>
    public OptionDefinition? Find(string group, string name) => _current.TryGetValue(new OptionName(group, name), out var option) ? option : null;

    /// <summary>The option that had this name before; null when none had.</summary>
    public OptionDefinition? FindByOldName(string group, string name) => _old.TryGetValue(new OptionName(group, name), out var option) ? option : null;

    /// <summary>The option that takes the place of one that is still there by itself, but deprecated: it reads it as its old name.</summary>
    public OptionDefinition? Successor(OptionDefinition deprecated) => Of(deprecated.Group).FirstOrDefault(o => o.Name != deprecated.Name && o.OldNames.Contains(deprecated.FullName));
}
