using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Text;
using OsMigrate.OpenStack.Configuration.Values;

namespace OsMigrate.OpenStack.Configuration;

/// <summary>Lists the settings of files, as they are written or as programs get them.</summary>
internal sealed class ConfigListing(string release, bool showSecrets)
{
    /// <summary>Every assignment of every file, in order.</summary>
    public IEnumerable<ConfigSetting> Written(IReadOnlyList<ConfigFile> files)
    {
        var configs = Checks.ConfigCheck.Configs(files, release);
        foreach (var file in files)
        {
            var config = configs.LastOrDefault(c => c.Set.Files.Contains(file));
            foreach (var item in file.Document.Items)
                yield return Setting(file, item, config);
        }
    }

    /// <summary>What each program gets: one value for each option, filled in; several for options that take several.</summary>
    public IEnumerable<ConfigSetting> Effective(IReadOnlyList<ConfigFile> files, bool withDefaults)
    {
        foreach (var config in Checks.ConfigCheck.Configs(files, release))
        {
            var named = config.Hits.Where(h => h.Item.Section.Length > 0).Select(h => Current(config, h.Item)).Distinct().ToList();
            foreach (var name in named)
            {
                var option = config.Lookup.Find(name.Group, name.Name);
                var hits = option?.IsMulti == true ? config.HitsOf(name.Group, name.Name) : [config.Hit(name.Group, name.Name)!];
                foreach (var hit in hits)
                    yield return Setting(hit.File, hit.Item, config) with { Program = config.Set.Program ?? "", Section = name.Group, Option = name.Name, Value = Shown(name.Name, config.Filled(hit.Item), option) };
            }

            foreach (var option in withDefaults ? config.Lookup.Table.All.Where(o => o.Group != OptionTable.AuthGroup && !named.Contains(o.FullName)) : [])
                yield return Unset(config, option);
        }
    }

    /// <summary>Section and name that an assignment has today.</summary>
    internal static OptionName Current(EffectiveConfig config, ConfigItem item)
        => config.Lookup.Find(item.Group, item.Name) is null && config.Lookup.FindByOldName(item.Group, item.Name) is { } now && now.Group != OptionTable.AuthGroup && !config.Lookup.IsOwn(item.Group)
            ? now.FullName
            : new OptionName(item.Group, item.Name);

    private ConfigSetting Setting(ConfigFile file, ConfigItem item, EffectiveConfig? config)
    {
        var option = config?.Lookup.Find(item.Group, item.Name) ?? config?.Lookup.FindByOldName(item.Group, item.Name);
        return new ConfigSetting(
            file.Node, file.Service, file.Name?.Program ?? "", file.Path, item.Line, item.Section, item.Name, Shown(item.Name, item.Value, option), State(config, file, item, option),
            SecretValues.IsSecret(item.Name, option), option?.Type.Name.TrimEnd('!') ?? "", Shown(item.Name, option?.Default ?? "", option));
    }

    private static ConfigState State(EffectiveConfig? config, ConfigFile file, ConfigItem item, OptionDefinition? option)
    {
        if (config is null || item.Section.Length == 0)
            return ConfigState.Unjudged;
        if (option is null)
            return config.Lookup.Judges(item.Group) ? ConfigState.Unknown : ConfigState.Unjudged;
        if (!option.IsMulti && config.Hit(option.Group == OptionTable.AuthGroup || config.Lookup.IsOwn(item.Group) ? item.Group : option.Group, option.Name) is { } winner && (winner.File != file || winner.Item != item))
            return ConfigState.Overridden;
        if (option.Name != item.Name || (option.Group != item.Group && config.Lookup.Find(item.Group, item.Name) is null))
            return ConfigState.Renamed;
        return option.IsDeprecated && option.Group != OptionTable.AuthGroup ? ConfigState.Deprecated : ConfigState.Set;
    }

    private ConfigSetting Unset(EffectiveConfig config, OptionDefinition option) => new(
        config.Set.Node, config.Set.Service, config.Set.Program ?? "", config.Set.Main.Path, 0, option.Group, option.Name, Shown(option.Name, option.Default, option),
        ConfigState.Default, SecretValues.IsSecret(option.Name, option), option.Type.Name.TrimEnd('!'), Shown(option.Name, option.Default, option));

    private string Shown(string name, string value, OptionDefinition? option) => showSecrets ? value : SecretValues.Mask(name, value, option);
}
