using OsMigrate.OpenStack.Configuration.Values;
using static OsMigrate.OpenStack.Configuration.Checks.ConfigSeverity;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>Nova's files: what it needs of the other services, consoles, addresses.</summary>
internal static class ComputeChecks
{
    private const string Default = Text.GroupNames.Default;

    public static void Run(EffectiveConfig config, Findings findings)
    {
        if (config.Set.Service != ServiceName.Nova)
            return;
        if (config.HasGroup("keystone_authtoken"))
        {
            Needed(config, "placement", "Placement.Missing", "The scheduler and compute hosts cannot work without Placement.", findings);
            Needed(config, "neutron", "Neutron.Missing", "Servers cannot have ports without a login at Neutron.", findings);
        }

        Vnc(config, findings);
        Address(config, findings);
        Volumes(config, findings);
        if (config.Hit("workarounds", "disable_rootwrap") is null && config.Hit(Default, "instances_path") is { } path && config.Filled(path.Item).StartsWith("/tmp", StringComparison.Ordinal))
            findings.Add("Nova.InstancesPath", Error, config, path, "Disks of servers do not survive in /tmp.", "instances_path = $state_path/instances");
    }

    /// <summary>True for files of a compute host: they name its hypervisor.</summary>
    public static bool IsComputeHost(EffectiveConfig config)
        => config.Set.Service == ServiceName.Nova && (config.Set.Program?.StartsWith("nova-compute", StringComparison.Ordinal) == true || config.Hit(Default, "compute_driver") is not null);

    private static void Needed(EffectiveConfig config, string section, string id, string message, Findings findings)
    {
        if (!LoginChecks.Sections(config).Contains(section) && config.Hit(section, "auth_section") is null)
            findings.AddMissing(id, Error, config, section, "auth_url", message, $"Add [{section}] with auth_url, auth_type, username, password, project_name and the domains.");
    }

    private static void Vnc(EffectiveConfig config, Findings findings)
    {
        if (!IsComputeHost(config) || !config.IsTrue("vnc", "enabled"))
            return;
        if (config.Hit("vnc", "novncproxy_base_url") is null)
            findings.AddMissing("Vnc.BaseUrl", Warning, config, "vnc", "novncproxy_base_url", "Users are sent to 127.0.0.1 for consoles: to their own machine.", "novncproxy_base_url = http://HOST:6080/vnc_auto.html");
        else if (config.Hit("vnc", "novncproxy_base_url") is { } url && IsLoopback(config.Filled(url.Item)) && config.Value(Default, "my_ip") is { } own && !IsLoopback(own))
            findings.Add("Vnc.BaseUrl", Warning, config, url, "Users are sent to 127.0.0.1 for consoles: to their own machine.", "novncproxy_base_url = http://HOST:6080/vnc_auto.html");
        if (config.Hit("vnc", "server_listen") is null && config.Value(Default, "my_ip") is { } ip && !IsLoopback(ip))
            findings.AddMissing("Vnc.Listen", Warning, config, "vnc", "server_listen", "Consoles listen on 127.0.0.1, where a proxy of another machine does not reach them.", "server_listen = $my_ip and server_proxyclient_address = $my_ip");
        else if (config.Hit("vnc", "server_proxyclient_address") is { } client && IsLoopback(config.Filled(client.Item)) && config.Value("vnc", "server_listen") is { } listen && !IsLoopback(listen))
            findings.Add("Vnc.ProxyAddress", Warning, config, client, "The proxy is told to look for consoles on its own machine.", "server_proxyclient_address = $my_ip");
    }

    private static void Address(EffectiveConfig config, Findings findings)
    {
        if (config.Hit(Default, "my_ip") is not { } hit)
            return;
        var value = config.Filled(hit.Item);
        if (value is "0.0.0.0" or "::")
            findings.Add("Nova.MyIp", Error, config, hit, "Other hosts cannot use this address.", "my_ip = the host's address in the management network");
        else if (value.Length > 0 && config.FaultOf(hit.Item) is null && !Options.HostNames.IsAddress(value) && !value.StartsWith("<", StringComparison.Ordinal))
            findings.Add("Nova.MyIp", Error, config, hit, "The value is no IP address.", "my_ip = the host's address in the management network");
    }

    private static void Volumes(EffectiveConfig config, Findings findings)
    {
        if (config.Hit("cinder", "catalog_info") is { } info && config.Filled(info.Item).Split(':') is { Length: not 3 })
            findings.Add("Nova.CatalogInfo", Error, config, info, "The value has not three parts.", "catalog_info = volumev3::publicURL");
        var regions = new[] { "placement", "neutron", "cinder", "glance" }
            .Select(s => config.Hit(s, s == "cinder" ? "os_region_name" : "region_name"))
            .OfType<ConfigHit>()
            .ToList();
        if (regions.Select(r => config.Filled(r.Item)).Distinct(StringComparer.Ordinal).Count() > 1)
            findings.Add("Nova.Region", Warning, config, regions[regions.Count - 1], "The sections of this file name different regions: " + string.Join(", ", regions.Select(r => $"[{r.Item.Group}] {config.Filled(r.Item)}")) + ".", "Name the same region in all of them.");
    }

    private static bool IsLoopback(string value) => value.Contains("127.0.0.1") || value.Contains("localhost") || value == "::1";
}
