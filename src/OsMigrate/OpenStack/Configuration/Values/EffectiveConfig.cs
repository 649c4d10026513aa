using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Text;

namespace OsMigrate.OpenStack.Configuration.Values;

/// <summary>Where a value comes from.</summary>
/// <param name="Item">As written.</param>
internal sealed record ConfigHit(ConfigFile File, ConfigItem Item);

/// <summary>What a program gets from its files: later files and lines win, old names are read too, "$name" is filled in.</summary>
/// <remarks>Source: oslo_config/cfg.py, _Namespace._get_file_value and ConfigOpts._substitute.</remarks>
internal sealed class EffectiveConfig
{
    private readonly List<Dictionary<OptionName, List<ConfigItem>>> _files;
    private readonly Interpolation _interpolation;

    public EffectiveConfig(ConfigSet set, OptionTable table)
    {
        Set = set;
        _files = set.Files.Select(Grouped).ToList();
        Lookup = new OptionLookup(table, OwnSections(set.Service));
        _interpolation = new Interpolation(this);
    }

    public ConfigSet Set { get; }

    public OptionLookup Lookup { get; }

    /// <summary>Every assignment of every file, in the order of reading.</summary>
    public IEnumerable<ConfigHit> Hits => from file in Set.Files from item in file.Document.Items select new ConfigHit(file, item);

    public IEnumerable<string> Groups => Set.Files.SelectMany(f => f.Document.Sections).Select(s => s.Group).Distinct();

    public bool HasGroup(string group) => Set.Files.Any(f => f.Document.Sections.Any(s => s.Group == group));

    /// <summary>The assignment that counts; null when there is none under this name or an old one.</summary>
    public ConfigHit? Hit(string group, string name)
    {
        var names = Names(group, name);
        for (var i = _files.Count - 1; i >= 0; i--)
        {
            foreach (var known in names)
            {
                if (_files[i].TryGetValue(known, out var items))
                    return new ConfigHit(Set.Files[i], items[items.Count - 1]);
            }
        }

        return null;
    }

    /// <summary>All assignments of an option that takes several.</summary>
    public IReadOnlyList<ConfigHit> HitsOf(string group, string name)
    {
        var names = Names(group, name);
        return Enumerable.Range(0, _files.Count)
            .SelectMany(i => names.Where(_files[i].ContainsKey).SelectMany(n => _files[i][n]).Select(item => new ConfigHit(Set.Files[i], item)))
            .ToList();
    }

    /// <summary>The value with "$name" filled in; null when the option is not set.</summary>
    public string? Value(string group, string name) => Hit(group, name) is { } hit ? Filled(hit.Item) : null;

    /// <summary>The value, else the release's default with "$name" filled in; null when there is neither.</summary>
    public string? ValueOrDefault(string group, string name)
        => Value(group, name) ?? (Lookup.Find(group, name) is { Default.Length: > 0 } option ? _interpolation.Fill(option.Default, group).Text : null);

    public string Filled(ConfigItem item) => _interpolation.Fill(item.Value, item.Group).Text;

    /// <summary>What is wrong with "$name" in a value; null when nothing is.</summary>
    public InterpolationFault? FaultOf(ConfigItem item) => _interpolation.Fill(item.Value, item.Group).Fault;

    public bool IsTrue(string group, string name) => ValueOrDefault(group, name)?.ToLowerInvariant() is "true" or "1" or "on" or "yes";

    private IReadOnlyList<OptionName> Names(string group, string name)
        => Lookup?.Find(group, name) is { OldNames.Count: > 0 } option ? [new OptionName(group, name), .. option.OldNames] : [new OptionName(group, name)];

    private static Dictionary<OptionName, List<ConfigItem>> Grouped(ConfigFile file)
        => file.Document.Items.Where(i => i.Section.Length > 0).GroupBy(i => new OptionName(i.Group, i.Name)).ToDictionary(g => g.Key, g => g.ToList());

    /// <summary>Sections whose names the user chose: Cinder's backends, Glance's stores.</summary>
    private IReadOnlyCollection<string> OwnSections(ServiceName service)
    {
        if (service is not (ServiceName.Cinder or ServiceName.Glance))
            return [];
        var raw = RawDefault("enabled_backends");
        var names = (raw ?? "").Split([','], StringSplitOptions.RemoveEmptyEntries).Select(n => PythonText.Trim(n.Split(':')[0]));
        return new HashSet<string>(names.Select(GroupNames.Normal), StringComparer.Ordinal);
    }

    private string? RawDefault(string name)
        => Enumerable.Reverse(_files).Select(f => f.TryGetValue(new OptionName(GroupNames.Default, name), out var items) ? items[items.Count - 1].Value : null).FirstOrDefault(v => v is not null);
}
