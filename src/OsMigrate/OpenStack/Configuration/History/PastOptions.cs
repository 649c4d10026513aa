using OsMigrate.OpenStack.Configuration.Options;
using static OsMigrate.OpenStack.Configuration.ServiceName;

namespace OsMigrate.OpenStack.Configuration.History;

/// <summary>What became of options that guides and old installations still have, release by release.</summary>
/// <remarks>
/// Source of the releases: release notes (reno) and history of openstack/nova, openstack/cinder and openstack/oslo.messaging: nova
/// "remove_volume_api_class" (Newton), "remove_ec2_and_objectstore_api" (Mitaka), commit 7e2b93ac "removes the nova-volume code" (Grizzly),
/// "drop-cinder-v2-support" (Queens), "rm_glance_opts" (Newton), "remove-deprecated-vnc-opts" (Yoga), "remove-deprecated-placement-opts"
/// (Rocky), "rm_import_object_ns" (Newton), "remove_security_group_api", "network-api-class-removed" (Newton), "remove-nova-network"
/// (Ussuri); cinder "rename-iscsi-target-config-options" (Queens), "remove-iscsi-target-config-options" (Stein), "remove-single-backend"
/// (Ocata), "remove_lvmdriver" (Mitaka); oslo.messaging 9.0.0 (Stein). Where no release stands it was not looked up.
/// </remarks>
internal static class PastOptions
{
    private const string Default = "DEFAULT";
    private const string Targets = "Queens gave the iSCSI options names that fit every protocol; the old names were removed in Stein.";
    private const string NovaVolume = "nova-volume was removed in Grizzly; volumes are Cinder's, and the option belongs into cinder.conf, in a section of the backend.";
    private const string NovaNetwork = "nova-network was removed in Ussuri; networks are Neutron's.";
    private const string Broker = "oslo.messaging takes the broker's address from transport_url alone since Stein.";
    private const string Login = "It is a login to the v2.0 API, which Keystone no longer has; today the section holds auth_url, auth_type and a user with domain.";

    /// <summary>The options that transport_url took the place of.</summary>
    public static IReadOnlyList<string> BrokerNames { get; } = ["rabbit_host", "rabbit_hosts", "rabbit_port", "rabbit_userid", "rabbit_password", "rabbit_virtual_host"];

    // Behind the names: it is made of them.
    public static IReadOnlyList<PastOption> All { get; } = [.. Compute(), .. Volumes(), .. Messaging(), .. Authentication(), .. Others()];

    private static IEnumerable<PastOption> Compute() =>
    [
        new(Nova, Default, "volume_api_class", "Newton", "Cinder is the only volume API since nova-volume went in Grizzly; the option was deprecated in Mitaka and removed in Newton."),
        new(Nova, Default, "volume_driver", "Grizzly", NovaVolume),
        new(Nova, Default, "volume_manager", "Grizzly", NovaVolume),
        new(Nova, Default, "volumes_path", "Grizzly", NovaVolume),
        new(Nova, Default, "volume_group", "Grizzly", NovaVolume),
        new(Nova, Default, "volume_name_template", "Grizzly", NovaVolume),
        new(Nova, Default, "iscsi_*", "Grizzly", NovaVolume),
        new(Nova, Default, "osapi_volume_*", "Grizzly", NovaVolume),
        new(Nova, Default, "enabled_apis", "Mitaka", "The APIs ec2 (removed in Mitaka; the project ec2-api took over) and osapi_volume (removed in Grizzly; Cinder took over) are no longer Nova's.")
            { OnlyValues = true, Now = new(Default, "enabled_apis"), Convert = PastValues.EnabledApis },
        new(Nova, "cinder", "catalog_info", "Queens", "Nova speaks Cinder's v3 API alone since Queens.") { OnlyValues = true, Now = new("cinder", "catalog_info"), Convert = PastValues.CatalogInfo },
        new(Nova, Default, "cinder_catalog_info", "Liberty", "It moved to the section [cinder].") { Now = new("cinder", "catalog_info"), Convert = v => PastValues.CatalogInfo(v) ?? v },
        new(Nova, Default, "compute_driver", "Newton", "Drivers are named below nova.virt since Newton.") { OnlyValues = true, Now = new(Default, "compute_driver"), Convert = PastValues.ComputeDriver },
        new(Nova, Default, "network_api_class", "Newton", NovaNetwork),
        new(Nova, Default, "security_group_api", "Newton", NovaNetwork),
        new(Nova, Default, "use_neutron", "Ussuri", NovaNetwork),
        new(Nova, Default, "firewall_driver", "Ussuri", NovaNetwork),
        new(Nova, Default, "linuxnet_interface_driver", "Ussuri", NovaNetwork),
        new(Nova, Default, "network_manager", "Ussuri", NovaNetwork),
        new(Nova, Default, "dhcpbridge*", "Ussuri", NovaNetwork),
        new(Nova, Default, "force_dhcp_release", "Ussuri", NovaNetwork),
        new(Nova, Default, "flat_*", "Ussuri", NovaNetwork),
        new(Nova, Default, "fixed_range", "Ussuri", NovaNetwork),
        new(Nova, Default, "public_interface", "Ussuri", NovaNetwork),
        new(Nova, Default, "multi_host", "Ussuri", NovaNetwork),
        new(Nova, Default, "libvirt_type", "Juno", "It moved to the section [libvirt].") { Now = new("libvirt", "virt_type") },
        new(Nova, Default, "libvirt_vif_driver", "Juno", "Networks are plugged by os-vif."),
        new(Nova, Default, "vncserver_listen", "Yoga", "It moved to [vnc] and was renamed in Queens; the old names were removed in Yoga.") { Now = new("vnc", "server_listen") },
        new(Nova, Default, "vncserver_proxyclient_address", "Yoga", "It moved to [vnc] and was renamed in Queens; the old names were removed in Yoga.") { Now = new("vnc", "server_proxyclient_address") },
        new(Nova, "vnc", "vncserver_listen", "Yoga", "It was renamed in Queens; the old name was removed in Yoga.") { Now = new("vnc", "server_listen") },
        new(Nova, "vnc", "vncserver_proxyclient_address", "Yoga", "It was renamed in Queens; the old name was removed in Yoga.") { Now = new("vnc", "server_proxyclient_address") },
        new(Nova, Default, "glance_*", "Newton", "It moved to [glance]; since then Glance is found in Keystone's catalogue."),
        new(Nova, "glance", "host", "Newton", "Glance is found in Keystone's catalogue, or named by [glance] endpoint_override."),
        new(Nova, "glance", "port", "Newton", "Glance is found in Keystone's catalogue, or named by [glance] endpoint_override."),
        new(Nova, "glance", "protocol", "Newton", "Glance is found in Keystone's catalogue, or named by [glance] endpoint_override."),
        new(Nova, Default, "image_service", "", "Images are Glance's."),
        new(Nova, Default, "ec2_*", "Mitaka", "The EC2 API was removed in Mitaka; the project ec2-api took over."),
        new(Nova, Default, "keystone_ec2_url", "Mitaka", "The EC2 API was removed in Mitaka; the project ec2-api took over."),
        new(Nova, Default, "s3_*", "Mitaka", "The object store of the EC2 API was removed in Mitaka."),
        new(Nova, Default, "neutron_*", "Kilo", "Neutron's options are in the section [neutron]."),
        new(Nova, Default, "quantum_*", "Kilo", "Quantum is Neutron, whose options are in the section [neutron]."),
        new(Nova, Default, "scheduler_default_filters", "Xena", "It moved to [filter_scheduler].") { Now = new("filter_scheduler", "enabled_filters") },
        new(Nova, "placement", "os_region_name", "Rocky", "It was renamed in Queens and removed in Rocky.") { Now = new("placement", "region_name") },
        new(Nova, "placement", "os_interface", "Rocky", "It was renamed in Queens and removed in Rocky.") { Now = new("placement", "valid_interfaces") },
        new(Nova, "neutron", "admin_username", "", "The section takes a login as every other one does.") { Now = new("neutron", "username") },
        new(Nova, "neutron", "admin_password", "", "The section takes a login as every other one does.") { Now = new("neutron", "password") },
        new(Nova, "neutron", "admin_tenant_name", "", "The section takes a login as every other one does.") { Now = new("neutron", "project_name") },
        new(Nova, "neutron", "admin_auth_url", "", "The section takes a login as every other one does.") { Now = new("neutron", "auth_url"), Convert = PastValues.AuthUrl },
        new(Nova, "neutron", "url", "", "Neutron is found in Keystone's catalogue, or named by endpoint_override.") { Now = new("neutron", "endpoint_override") },
    ];

    private static IEnumerable<PastOption> Volumes() =>
    [
        new(Cinder, Default, "volume_driver", "Ocata", "Backends in [DEFAULT] are not supported since Ocata; each has a section of its own, named in enabled_backends.")
            { Now = new("lvm", "volume_driver"), Convert = v => PastValues.VolumeDriver(v) ?? v, Family = OptionFamily.Backend },
        new(Cinder, Default, "volume_group", "Ocata", "Backends in [DEFAULT] are not supported since Ocata; each has a section of its own, named in enabled_backends.")
            { Now = new("lvm", "volume_group"), Family = OptionFamily.Backend },
        new(Cinder, Default, "iscsi_helper", "Stein", Targets) { Now = new("lvm", "target_helper"), Convert = PastValues.TargetHelper, Family = OptionFamily.Backend },
        new(Cinder, Default, "iscsi_protocol", "Stein", Targets) { Now = new("lvm", "target_protocol"), Family = OptionFamily.Backend },
        new(Cinder, Default, "iscsi_ip_address", "Stein", Targets) { Now = new("lvm", "target_ip_address"), Family = OptionFamily.Backend },
        new(Cinder, Default, "iscsi_port", "Stein", Targets) { Now = new("lvm", "target_port"), Family = OptionFamily.Backend },
        new(Cinder, Default, "iscsi_target_prefix", "Stein", Targets) { Now = new("lvm", "target_prefix"), Family = OptionFamily.Backend },
        new(Cinder, Default, "volume_api_class", "", "The class is Nova's, whose option of this name went in Newton; Cinder's own takes a class of Cinder.")
            { OnlyValues = true, Now = new(Default, "volume_api_class"), Convert = v => v.StartsWith("nova.", StringComparison.Ordinal) ? "cinder.volume.api.API" : null },
        new(Cinder, Default, "enabled_apis", "", "It is Nova's; Cinder never read it, and has one API."),
        new(Cinder, Default, "enable_v1_api", "", "The v1 API was removed."),
        new(Cinder, Default, "enable_v2_api", "", "The v2 API was removed."),
        new(Cinder, Default, "glance_host", "", "Glance is named by glance_api_servers, or found in Keystone's catalogue."),
        new(Cinder, Default, "glance_port", "", "Glance is named by glance_api_servers, or found in Keystone's catalogue."),
    ];

    private static IEnumerable<PastOption> Messaging()
    {
        foreach (var group in new[] { Default, "oslo_messaging_rabbit" })
        {
            foreach (var name in BrokerNames)
                yield return new(null, group, name, "Stein", Broker) { Now = new(Default, "transport_url"), Family = OptionFamily.Broker };
        }

        yield return new(null, Default, "rpc_backend", "Stein", Broker) { Now = new(Default, "transport_url"), Family = OptionFamily.Broker };
        yield return new(null, Default, "qpid_*", "Mitaka", "The Qpid driver was removed from oslo.messaging in Mitaka.");
        yield return new(null, Default, "rpc_zmq_*", "Stein", "The ZeroMQ driver was removed from oslo.messaging in Stein.");
    }

    private static IEnumerable<PastOption> Authentication()
    {
        (string Old, string? New)[] names =
        [
            ("auth_host", "auth_url"), ("auth_port", "auth_url"), ("auth_protocol", "auth_url"), ("auth_admin_prefix", null), ("identity_uri", "auth_url"),
            ("admin_user", "username"), ("admin_password", "password"), ("admin_tenant_name", "project_name"), ("admin_token", null),
        ];
        return names.Select(n => new PastOption(null, "keystone_authtoken", n.Old, "", Login) { Now = n.New is null ? null : new("keystone_authtoken", n.New), Family = OptionFamily.Login });
    }

    private static IEnumerable<PastOption> Others() =>
    [
        new(null, Default, "verbose", "", "It has no effect since oslo.log lost it; debug = true tells more."),
        new(null, Default, "use_syslog_rfc_format", "", "It is always so now."),
        new(Keystone, "token", "provider", "Rocky", "UUID, PKI and PKIZ tokens were removed.") { OnlyValues = true, Now = new("token", "provider"), Convert = PastValues.TokenProvider },
        new(Neutron, Default, "nova_url", "", "Nova is found in Keystone's catalogue; the login is in [nova]."),
        new(Neutron, Default, "nova_admin_*", "", "The login at Nova is in the section [nova]."),
        new(Glance, Default, "registry_*", "", "glance-registry was removed; glance-api talks to the database itself."),
        new(Glance, Default, "data_api", "", "glance-registry was removed; glance-api talks to the database itself."),
    ];
}
