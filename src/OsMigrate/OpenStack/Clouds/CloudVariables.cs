namespace OsMigrate.OpenStack.Clouds;

/// <summary>The OS_* variables of the environment as openstacksdk reads them: each is a key of a cloud named "envvars".</summary>
internal sealed class CloudVariables
{
    private const string Prefix = "OS_";

    // These choose among clouds or files; they describe none.
    private static readonly HashSet<string> Selectors = new(StringComparer.Ordinal) { "OS_CLOUD", "OS_REGION_NAME", "OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE", "OS_CLOUD_NAME" };

    private readonly IReadOnlyDictionary<string, string> _variables;

    public CloudVariables(IReadOnlyDictionary<string, string> variables) => _variables = variables;

    public static CloudVariables OfProcess()
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            if (entry.Key is string key && entry.Value is string value && key.StartsWith(Prefix, StringComparison.Ordinal))
                all[key] = value;
        }

        return new CloudVariables(all);
    }

    public string? this[string name] => _variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>Name of the cloud that the variables describe.</summary>
    public string CloudName => this["OS_CLOUD_NAME"] ?? "envvars";

    /// <summary>The cloud that the variables describe, or null when they describe none.</summary>
    public SettingsMap? Cloud()
    {
        var used = _variables.Where(v => v.Value.Length > 0 && IsSetting(v.Key)).ToList();
        if (used.TrueForAll(v => Selectors.Contains(v.Key)))
            return null;
        var cloud = new SettingsMap();
        foreach (var variable in used)
            cloud[variable.Key.Substring(Prefix.Length).ToLowerInvariant()] = variable.Value;
        return cloud;
    }

    private static bool IsSetting(string name)
        => name.StartsWith(Prefix, StringComparison.Ordinal)
           && !name.StartsWith("OS_TEST", StringComparison.Ordinal)
           && !name.StartsWith("OS_STD", StringComparison.Ordinal)
           && !name.StartsWith("OS_LOG", StringComparison.Ordinal);
}
