namespace OsMigrate.OpenStack.Configuration.Files;

/// <summary>What a configuration file is for, told by its name.</summary>
/// <param name="Service">Whose options it holds.</param>
/// <param name="Program">The program that reads it beside the service's own file; null for the service's own file.</param>
internal sealed record ConfigFileName(ServiceName Service, string? Program)
{
    private const string Folder = ".conf.d";

    /// <summary>Files of Neutron's plugins and agents, which are named after none of its services.</summary>
    private static readonly string[] NeutronFiles =
    [
        "ml2_conf", "ml2_conf_sriov", "openvswitch_agent", "linuxbridge_agent", "macvtap_agent", "sriov_agent", "dhcp_agent", "l3_agent", "metadata_agent",
        "metering_agent", "ovn", "neutron_ovn_metadata_agent", "ovn_agent", "neutron_vpnaas", "fwaas_driver",
    ];

    /// <summary>Files that look like the service's but are read in other ways.</summary>
    private static readonly string[] Foreign = ["glance-swift", "property-protections-policies", "property-protections-roles"];

    /// <summary>Programs whose file is complete by itself; a glance.conf is not usual.</summary>
    private static readonly string[] Alone = ["glance-api", "glance-registry", "glance-scrubber", "glance-cache", "glance-manage"];

    /// <summary>True for a file that another one must come before.</summary>
    public bool IsAddition => Program is not null && !Alone.Contains(Program);

    /// <summary>Null for a file that is none of the services'.</summary>
    public static ConfigFileName? Of(string name)
    {
        var isIni = name.EndsWith(".ini", StringComparison.Ordinal);
        if (!isIni && !name.EndsWith(".conf", StringComparison.Ordinal))
            return null;
        var stem = name.Substring(0, name.LastIndexOf('.'));
        if (NeutronFiles.Contains(stem))
            return new ConfigFileName(ServiceName.Neutron, stem);
        return isIni || Foreign.Contains(stem) ? null : OfStem(stem);
    }

    /// <summary>For the folder of additions of a file (nova.conf.d); null for other folders.</summary>
    public static ConfigFileName? OfFolder(string name)
        => name.EndsWith(Folder, StringComparison.Ordinal) ? OfStem(name.Substring(0, name.Length - Folder.Length)) : null;

    private static ConfigFileName? OfStem(string stem)
    {
        foreach (ServiceName service in Enum.GetValues(typeof(ServiceName)))
        {
            var own = service.ToString().ToLowerInvariant();
            if (stem == own)
                return new ConfigFileName(service, null);
            if (stem.StartsWith(own + "-", StringComparison.Ordinal))
                return stem == "glance-image-import" ? new ConfigFileName(service, "glance-api") : new ConfigFileName(service, stem);
        }

        return null;
    }
}
