using OsMigrate.OpenStack.Configuration.Values;
using static OsMigrate.OpenStack.Configuration.Checks.ConfigSeverity;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>What remains: stores, plugins, tokens, locks, logs.</summary>
internal static class OtherChecks
{
    private const string Default = Text.GroupNames.Default;

    public static void Run(EffectiveConfig config, Findings findings)
    {
        Locks(config, findings);
        if (config.IsTrue(Default, "debug") && config.Hit(Default, "debug") is { } debug)
            findings.Add("Debug.On", Warning, config, debug, "The log is told everything, which is slow and may show what should not be read.", "debug = false");
        switch (config.Set.Service)
        {
            case ServiceName.Glance:
                Stores(config, findings);
                break;
            case ServiceName.Keystone:
                Identity(config, findings);
                break;
            case ServiceName.Neutron:
                Networks(config, findings);
                break;
            case ServiceName.Placement or ServiceName.Nova when config.Value("api", "auth_strategy") is "noauth2" && config.Hit("api", "auth_strategy") is { } strategy:
                findings.Add("Api.NoAuth", Error, config, strategy, "Everyone may do everything: requests need no token.", "auth_strategy = keystone");
                break;
        }
    }

    private static void Locks(EffectiveConfig config, Findings findings)
    {
        if (config.Set.Service is ServiceName.Keystone or ServiceName.Placement || !config.HasGroup("keystone_authtoken") || config.Set.Service == ServiceName.Glance)
            return;
        if (config.Hit("oslo_concurrency", "lock_path") is not { } hit)
            findings.AddMissing("Locks.Missing", Warning, config, "oslo_concurrency", "lock_path", "Locks between processes have no folder; what needs one fails.", "lock_path = $state_path/lock");
        else if (config.Filled(hit.Item) is "/tmp" or "/var/tmp" or "/tmp/" or "/var/tmp/")
            findings.Add("Locks.Shared", Warning, config, hit, "Every user of the machine may write there.", "lock_path = $state_path/lock");
    }

    private static void Stores(EffectiveConfig config, Findings findings)
    {
        var names = (config.Value(Default, "enabled_backends") ?? "").Split([','], StringSplitOptions.RemoveEmptyEntries).Select(b => b.Split(':')[0].Trim()).ToList();
        if (names.Count == 0)
            return;
        if (config.Hit("glance_store", "default_backend") is not { } chosen)
            findings.AddMissing("Glance.DefaultStore", Error, config, "glance_store", "default_backend", "With several stores one must be the default; glance-api does not start.", $"default_backend = {names[0]}");
        else if (!names.Contains(config.Filled(chosen.Item)))
            findings.Add("Glance.DefaultStore", Error, config, chosen, "It is none of enabled_backends.", $"One of: {string.Join(", ", names)}.");
        foreach (var name in names.Where(n => !config.HasGroup(Text.GroupNames.Normal(n))))
            findings.AddMissing("Glance.NoSection", Error, config, name, "", $"The store {name} has no section.", $"Add [{name}] with what its type needs.");
    }

    private static void Identity(EffectiveConfig config, Findings findings)
    {
        if (config.Hit(Default, "admin_token") is { } token && config.Filled(token.Item).Length > 0 && config.Filled(token.Item) != "<None>")
            findings.Add("Keystone.AdminToken", Error, config, token, "Whoever knows this text is the administrator, for ever.", "Remove it; keystone-manage bootstrap makes an administrator.");
    }

    private static void Networks(EffectiveConfig config, Findings findings)
    {
        if (config.Value(Default, "auth_strategy") == "noauth" && config.Hit(Default, "auth_strategy") is { } strategy)
            findings.Add("Api.NoAuth", Error, config, strategy, "Everyone may do everything: requests need no token.", "auth_strategy = keystone");
        var types = List(config, "ml2", "type_drivers");
        if (types.Count > 0 && config.Hit("ml2", "tenant_network_types") is { } hit && List(config, "ml2", "tenant_network_types").Where(t => !types.Contains(t)).ToList() is { Count: > 0 } missing)
            findings.Add("Neutron.NetworkTypes", Error, config, hit, $"{string.Join(", ", missing)}: not in type_drivers.", $"Use only {string.Join(", ", types)}, or add to type_drivers.");
        foreach (var (type, option) in new[] { ("vxlan", "vni_ranges"), ("gre", "tunnel_id_ranges"), ("geneve", "vni_ranges") })
        {
            if (List(config, "ml2", "tenant_network_types").Contains(type) && string.IsNullOrEmpty(config.Value("ml2_type_" + type, option)))
                findings.AddMissing("Neutron.NoRanges", Warning, config, "ml2_type_" + type, option, $"No network of the type {type} can be made: there are no numbers for it.", $"{option} = 1:1000");
        }
    }

    private static List<string> List(EffectiveConfig config, string group, string name)
        => (config.Value(group, name) ?? "").Split(',').Select(t => t.Trim()).Where(t => t.Length > 0).ToList();
}
