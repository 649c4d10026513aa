using OsMigrate.OpenStack.Configuration.Values;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>Sections that no table can list: their names come from the user, or from plugins that may not be installed here.</summary>
internal static class DynamicSections
{
    /// <summary>Beginnings of the names of sections that programs make up: privileges, physical networks, device types.</summary>
    private static readonly string[] Beginnings =
        ["privsep", "vif_plug_", "nova_sys_admin", "os_glance_", "cell:", "mdev_", "vgpu_", "oslo_", "ml2", "ovs", "agent", "sriov_nic", "service_providers", "taskflow_", "healthcheck", "profiler", "cors"];

    public static bool IsOne(EffectiveConfig config, string group)
    {
        if (Array.Exists(Beginnings, b => group.StartsWith(b, StringComparison.Ordinal)) || group.EndsWith("_privileged", StringComparison.Ordinal) || group.EndsWith("_sys_admin", StringComparison.Ordinal))
            return true;
        return config.Set.Service switch
        {
            // [keystone_authtoken] auth_section and the like lead to sections of any name.
            _ when config.Hits.Any(h => h.Item.Name is "auth_section" or "username_section" && config.Filled(h.Item).ToLowerInvariant() == group) => true,
            // A backend or store that is switched off for the moment is no mistake in itself; CinderChecks and GlanceChecks say so.
            ServiceName.Cinder => config.Hits.Any(h => h.Item.Group == group && h.Item.Name is "volume_driver" or "volume_backend_name" or "target_device_id"),
            ServiceName.Glance => config.Hits.Any(h => h.Item.Group == group && h.Item.Name.EndsWith("_store_datadir", StringComparison.Ordinal)),
            ServiceName.Nova => NamesOfNova(config).Contains(group),
            ServiceName.Keystone => config.Hits.Any(h => h.Item.Group == "auth" && h.Item.Name == "methods" && config.Filled(h.Item).Split(',').Any(m => m.Trim().ToLowerInvariant() == group)),
            _ => false,
        };
    }

    /// <summary>[devices] enabled_mdev_types names sections mdev_TYPE (their beginning is known); [neutron] physnets names sections neutron_physnet_NET.</summary>
    private static IEnumerable<string> NamesOfNova(EffectiveConfig config)
        => config.Value("neutron", "physnets") is { } nets
            ? nets.Split(',').Select(n => "neutron_physnet_" + n.Trim().ToLowerInvariant()).Append("neutron_tunnel")
            : ["neutron_tunnel"];
}
