using OsMigrate.OpenStack.Configuration.Values;
using static OsMigrate.OpenStack.Configuration.Checks.ConfigSeverity;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>Cinder's backends, and what compute hosts need to reach them.</summary>
internal static class VolumeChecks
{
    private const string Default = Text.GroupNames.Default;

    public static void Run(EffectiveConfig config, Findings findings)
    {
        if (config.Set.Service != ServiceName.Cinder || config.Set.Program is not null)
            return;
        if (config.Hit(Default, "enabled_backends") is not { } enabled || config.Filled(enabled.Item).Trim(' ', ',').Length == 0)
        {
            if (!config.Hits.Any(h => h.Item.Group == Default && h.Item.Name == "volume_driver") && config.Hits.Any(h => h.Item.Name == "volume_driver"))
                findings.AddMissing("Cinder.NoBackends", Error, config, Default, "enabled_backends", "Sections of backends are there, but none is switched on; cinder-volume does not start.", "enabled_backends = the sections' names");
            return;
        }

        var names = config.Filled(enabled.Item).Split(',').Select(n => n.Trim()).Where(n => n.Length > 0).ToList();
        foreach (var name in names)
            Backend(config, enabled, name, findings);
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count)
            findings.Add("Cinder.BackendTwice", Warning, config, enabled, "A backend is named twice.", "Name each once.");
        Unused(config, names, findings);
        if (config.Value(Default, "default_volume_type") is null && names.Count > 1)
            findings.AddMissing("Cinder.DefaultType", Notice, config, Default, "default_volume_type", "Volumes without a type go to any of the backends.", "default_volume_type = the name of a type");
    }

    /// <summary>True for a backend whose volumes reach compute hosts over iSCSI.</summary>
    public static bool UsesIscsi(EffectiveConfig config, string backend)
    {
        var group = Text.GroupNames.Normal(backend);
        var driver = config.Value(group, "volume_driver") ?? config.ValueOrDefault("backend_defaults", "volume_driver") ?? "";
        return (driver.EndsWith(".LVMVolumeDriver", StringComparison.Ordinal) || driver.IndexOf("ISCSI", StringComparison.OrdinalIgnoreCase) >= 0)
            && (config.Value(group, "target_protocol") ?? config.Value("backend_defaults", "target_protocol") ?? "iscsi") is "iscsi" or "iser";
    }

    /// <summary>Names of the backends that are switched on.</summary>
    public static IReadOnlyList<string> Backends(EffectiveConfig config)
        => (config.Value(Default, "enabled_backends") ?? "").Split(',').Select(n => n.Trim()).Where(n => n.Length > 0).ToList();

    private static void Backend(EffectiveConfig config, ConfigHit enabled, string name, Findings findings)
    {
        var group = Text.GroupNames.Normal(name);
        if (!config.HasGroup(group))
        {
            findings.Add("Cinder.NoSection", Error, config, enabled, $"The backend {name} has no section.", $"Add [{name}] with volume_driver and what the driver needs.");
            return;
        }

        if (config.Hit(group, "volume_driver") is null && config.Hit("backend_defaults", "volume_driver") is null)
            findings.AddMissing("Cinder.NoDriver", Warning, config, name, "volume_driver", $"The backend {name} names no driver, so LVM is taken.", "volume_driver = cinder.volume.drivers.lvm.LVMVolumeDriver");
        if (config.Hit(group, "volume_backend_name") is null && Backends(config).Count > 1)
            findings.AddMissing("Cinder.NoBackendName", Warning, config, name, "volume_backend_name", $"Volume types cannot choose the backend {name} without a name.", $"volume_backend_name = {name}");
        if (UsesIscsi(config, name) && TargetAddress(config, group) is { } address && address.StartsWith("127.", StringComparison.Ordinal))
            findings.AddMissing("Cinder.TargetAddress", Warning, config, name, "target_ip_address", "Volumes are exported on 127.0.0.1, where other compute hosts do not reach them.", "target_ip_address = the host's address in the storage network");
    }

    private static string? TargetAddress(EffectiveConfig config, string group)
        => config.Value(group, "target_ip_address") ?? config.Value("backend_defaults", "target_ip_address") ?? config.Value(Default, "target_ip_address") ?? config.Value(Default, "my_ip");

    private static void Unused(EffectiveConfig config, IReadOnlyList<string> names, Findings findings)
    {
        foreach (var hit in config.Hits.Where(h => h.Item.Name == "volume_driver" && h.Item.Group is not (Default or "backend_defaults") && !names.Contains(h.Item.Section, StringComparer.OrdinalIgnoreCase)))
            findings.Add("Cinder.UnusedBackend", Notice, config, hit, $"The backend [{hit.Item.Section}] is not in enabled_backends.", "Switch it on, or remove the section.");
    }
}
