using OsMigrate.OpenStack.Configuration.Values;
using static OsMigrate.OpenStack.Configuration.Checks.ConfigSeverity;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>What must be the same on every machine of a cloud, and what must not.</summary>
internal static class NodeChecks
{
    private const string Default = Text.GroupNames.Default;

    /// <param name="configs">The files of all machines; the service's own set of each.</param>
    public static void Run(IReadOnlyList<EffectiveConfig> configs, Findings findings)
    {
        foreach (var service in configs.GroupBy(c => c.Set.Service))
        {
            var sets = service.ToList();
            Same(sets, Default, "transport_url", "Nodes.TransportUrl", Error, "The nodes use different brokers or logins, so they do not hear each other.", BrokerForm, findings);
            Same(sets, "keystone_authtoken", "auth_url", "Nodes.AuthUrl", Warning, "The nodes ask different Keystones.", v => v.TrimEnd('/'), findings);
            Same(sets, "keystone_authtoken", "memcached_servers", "Nodes.Memcached", Warning, "The nodes cache tokens in different places.", Sorted, findings);
            Same(sets, "keystone_authtoken", "memcache_secret_key", "Nodes.MemcacheKey", Error, "The nodes cannot read each other's cached tokens.", v => v, findings);
            Same(sets, "database", "connection", "Nodes.Database", Error, "The nodes of one service use different databases.", v => v, findings);
            Same(sets, Default, "host", "Nodes.Host", Error, "", v => v, findings, mustDiffer: true);
            foreach (var section in new[] { "placement", "neutron", "keystone_authtoken" })
                Same(sets, section, "region_name", "Nodes.Region", Warning, "The nodes look for services in different regions.", v => v, findings);
        }

        Same(configs.Where(c => c.Set.Service == ServiceName.Nova).ToList(), "cinder", "os_region_name", "Nodes.Region", Warning, "The nodes look for services in different regions.", v => v, findings);
        Same(configs.Where(ComputeChecks.IsComputeHost).ToList(), Default, "my_ip", "Nodes.MyIp", Error, "", v => v, findings, mustDiffer: true);
        Loopback(configs, findings);
        MetadataSecret(configs, findings);
    }

    private static void Same(IReadOnlyList<EffectiveConfig> sets, string group, string name, string id, ConfigSeverity severity, string message, Func<string, string> form, Findings findings, bool mustDiffer = false)
    {
        var values = sets.Select(c => (Config: c, Hit: c.Hit(group, name))).Where(v => v.Hit is not null && v.Config.Filled(v.Hit.Item).Length > 0)
            .GroupBy(v => v.Config.Set.Node, StringComparer.Ordinal).Select(n => n.First()).ToList();
        if (mustDiffer)
        {
            foreach (var clash in values.GroupBy(v => form(v.Config.Filled(v.Hit!.Item)), StringComparer.Ordinal).Where(g => g.Count() > 1))
                findings.Add(id, severity, clash.Last().Config, clash.Last().Hit!, $"{string.Join(", ", clash.Select(c => c.Config.Set.Node))} have the same {name}; it must be each node's own.", $"Give each node its own {name}.");
            return;
        }

        var groups = values.GroupBy(v => form(v.Config.Filled(v.Hit!.Item)), StringComparer.Ordinal).OrderByDescending(g => g.Count()).ToList();
        if (groups.Count < 2)
            return;
        foreach (var odd in groups.Skip(1).SelectMany(g => g))
            findings.Add(id, severity, odd.Config, odd.Hit!, $"{message} {odd.Config.Set.Node} differs from {string.Join(", ", groups[0].Select(v => v.Config.Set.Node).Take(4))}.", $"Set the same {name} on every node.");
    }

    private static string BrokerForm(string value)
        => TransportUrl.Parse(value).Url is { } url
            ? url.VirtualHost + " " + string.Join(",", url.Hosts.Select(h => FormattableString.Invariant($"{h.User}:{h.Password?.Reveal()}@{h.Host}:{h.Port}")).OrderBy(h => h, StringComparer.Ordinal))
            : value;

    private static string Sorted(string list) => string.Join(",", list.Split(',').Select(v => v.Trim()).OrderBy(v => v, StringComparer.Ordinal));

    private static void Loopback(IReadOnlyList<EffectiveConfig> configs, Findings findings)
    {
        if (configs.Select(c => c.Set.Node).Distinct(StringComparer.Ordinal).Count() < 2)
            return;
        foreach (var config in configs)
        {
            foreach (var (group, name) in new[] { (Default, "my_ip"), (Default, "transport_url"), ("keystone_authtoken", "auth_url"), ("keystone_authtoken", "memcached_servers") })
            {
                if (config.Hit(group, name) is { } hit && IsLoopback(config.Filled(hit.Item)))
                    findings.Add("Nodes.Loopback", Warning, config, hit, "127.0.0.1 is another machine on every node.", "Use an address that all nodes reach.");
            }
        }
    }

    private static bool IsLoopback(string value)
        => value is "127.0.0.1" or "localhost" || value.Contains("@127.0.0.1") || value.Contains("@localhost") || value.Contains("//127.0.0.1") || value.Contains("//localhost") || value.StartsWith("127.0.0.1:", StringComparison.Ordinal);

    /// <summary>Nova and Neutron's metadata agent sign the addresses of servers with one secret.</summary>
    private static void MetadataSecret(IReadOnlyList<EffectiveConfig> configs, Findings findings)
    {
        var nova = configs.FirstOrDefault(c => c.Set.Service == ServiceName.Nova && c.Hit("neutron", "metadata_proxy_shared_secret") is not null);
        var agent = configs.FirstOrDefault(c => c.Set.Service == ServiceName.Neutron && c.Hit(Default, "metadata_proxy_shared_secret") is not null);
        if (nova is null || agent is null || nova.Value("neutron", "metadata_proxy_shared_secret") == agent.Value(Default, "metadata_proxy_shared_secret"))
            return;
        findings.Add("Nodes.MetadataSecret", Error, agent, agent.Hit(Default, "metadata_proxy_shared_secret")!, "Nova has another secret than Neutron's metadata agent, so servers get no metadata.", "Set the same metadata_proxy_shared_secret in nova.conf [neutron] and metadata_agent.ini [DEFAULT].");
    }
}
