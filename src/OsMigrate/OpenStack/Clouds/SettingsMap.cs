namespace OsMigrate.OpenStack.Clouds;

/// <summary>A mapping from a clouds.yaml: values are strings, other maps or lists of these. Keys are compared exactly, as in YAML.</summary>
internal sealed class SettingsMap : Dictionary<string, object?>
{
    public SettingsMap()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>The text under a key; null when the key is absent, empty or no plain text.</summary>
    public string? Text(string key) => TryGetValue(key, out var value) && value is string { Length: > 0 } text ? text : null;

    /// <summary>The map under a key, or null.</summary>
    public SettingsMap? Map(string key) => TryGetValue(key, out var value) ? value as SettingsMap : null;

    /// <summary>The list under a key, a single value as a list of one; empty when absent.</summary>
    public IReadOnlyList<object?> List(string key)
        => !TryGetValue(key, out var value) || value is null ? [] : value as IReadOnlyList<object?> ?? [value];

    /// <summary>A deep copy with another map laid over it: its values win, maps are merged key by key.</summary>
    public SettingsMap With(SettingsMap over)
    {
        var merged = Copy();
        foreach (var pair in over)
            merged[pair.Key] = pair.Value is SettingsMap map ? (merged.Map(pair.Key) ?? []).With(map) : pair.Value;
        return merged;
    }

    public SettingsMap Copy()
    {
        var copy = new SettingsMap();
        foreach (var pair in this)
            copy[pair.Key] = pair.Value is SettingsMap map ? map.Copy() : pair.Value;
        return copy;
    }
}
