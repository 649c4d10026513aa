using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.Options;
using OsMigrate.OpenStack.Configuration.Values;

namespace OsMigrate.OpenStack.Configuration;

/// <summary>An option with different values in two places.</summary>
/// <param name="Node">The machine that is compared with the reference.</param>
/// <param name="SideIndicator">&lt;= only the reference sets it, =&gt; only the other, &lt;&gt; both do, == the same.</param>
/// <param name="ReferenceValue">Filled in, secrets as stars; a default where the option is not set; empty where there is none.</param>
public sealed record ConfigDifference(
    string Node, ServiceName? Service, string Program, string Section, string Option, string SideIndicator, string ReferenceValue, string DifferenceValue, string ReferencePlace, string DifferencePlace, string Default)
{
    /// <summary>True when one side does not set the option and the other sets it to the default: no difference for the program.</summary>
    public bool IsDefault { get; init; }
}

/// <summary>Compares what programs get from the files of two places.</summary>
internal static class ConfigComparison
{
    /// <param name="withEqual">Also tells options that both have with the same value.</param>
    public static IEnumerable<ConfigDifference> Run(IReadOnlyList<EffectiveConfig> reference, IReadOnlyList<EffectiveConfig> difference, bool withEqual)
    {
        foreach (var right in difference)
        {
            if (reference.FirstOrDefault(r => r.Set.Service == right.Set.Service && r.Set.Program == right.Set.Program) is { } left)
            {
                foreach (var found in Two(left, right, withEqual))
                    yield return found;
            }
        }
    }

    /// <summary>What is set to something else than the release's default.</summary>
    public static IEnumerable<ConfigDifference> ToDefaults(EffectiveConfig config)
    {
        foreach (var name in Names(config))
        {
            var option = config.Lookup.Find(name.Group, name.Name);
            var side = Side.Of(config, name);
            if (option is not null && side.Value != option.Default)
                yield return new ConfigDifference(config.Set.Node, config.Set.Service, config.Set.Program ?? "", name.Group, name.Name, "=>", SecretValues.Mask(name.Name, option.Default, option), side.Shown, "", side.Place, SecretValues.Mask(name.Name, option.Default, option));
        }
    }

    private static IEnumerable<ConfigDifference> Two(EffectiveConfig left, EffectiveConfig right, bool withEqual)
    {
        foreach (var name in Names(left).Concat(Names(right)).Distinct())
        {
            var option = left.Lookup.Find(name.Group, name.Name);
            var (l, r) = (Side.Of(left, name), Side.Of(right, name));
            var isSame = l.IsSet && r.IsSet && l.Value == r.Value;
            if (isSame && !withEqual)
                continue;
            var indicator = isSame ? "==" : !r.IsSet ? "<=" : !l.IsSet ? "=>" : "<>";
            var byDefault = SecretValues.Mask(name.Name, option?.Default ?? "", option);
            yield return new ConfigDifference(right.Set.Node, left.Set.Service, left.Set.Program ?? "", name.Group, name.Name, indicator, l.IsSet ? l.Shown : byDefault, r.IsSet ? r.Shown : byDefault, l.Place, r.Place, byDefault)
                { IsDefault = l.IsSet != r.IsSet && option is not null && (l.IsSet ? l.Value : r.Value) == option.Default };
        }
    }

    private static IEnumerable<OptionName> Names(EffectiveConfig config)
        => config.Hits.Where(h => h.Item.Section.Length > 0).Select(h => ConfigListing.Current(config, h.Item)).Distinct();

    private readonly record struct Side(bool IsSet, string Value, string Shown, string Place)
    {
        public static Side Of(EffectiveConfig config, OptionName name)
        {
            var option = config.Lookup.Find(name.Group, name.Name);
            var hits = option?.IsMulti == true ? config.HitsOf(name.Group, name.Name) : config.Hit(name.Group, name.Name) is { } hit ? [hit] : [];
            if (hits.Count == 0)
                return new Side(false, "", "", "");
            var values = hits.Select(h => config.Filled(h.Item)).ToList();
            var last = hits[hits.Count - 1];
            return new Side(true, string.Join("\n", values), string.Join(", ", values.Select(v => SecretValues.Mask(name.Name, v, option))), FormattableString.Invariant($"{last.File.Path}:{last.Item.Line}"));
        }
    }
}
