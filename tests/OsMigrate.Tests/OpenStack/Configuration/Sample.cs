using System.Text;
using OsMigrate.OpenStack.Configuration;
using OsMigrate.OpenStack.Configuration.Checks;
using OsMigrate.OpenStack.Configuration.Files;
using OsMigrate.OpenStack.Configuration.Text;

namespace OsMigrate.Tests.OpenStack.Configuration;

/// <summary>A small cloud's files that have no mistake: a controller and two compute hosts.</summary>
internal static class Sample
{
    private static readonly string[] Login = ["auth_type = password", "auth_url = https://keys.example.org:5000/v3", "username = svc", "password = Sup3rGeheim", "project_name = service", "user_domain_name = Default", "project_domain_name = Default"];

    /// <summary>Texts by path below the folder of all machines.</summary>
    public static Dictionary<string, string> Files()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ctl/etc/nova/nova.conf"] = Common("nova", "10.0.0.10") + NovaLogins() + "[api_database]\nconnection = mysql+pymysql://nova:Sup3rGeheim@db.example.org/nova_api\n",
            ["ctl/etc/cinder/cinder.conf"] = Common("cinder", "10.0.0.10").Replace("my_ip", "enabled_backends = fast\nmy_ip", StringComparison.Ordinal)
                + "[fast]\nvolume_driver = cinder.volume.drivers.lvm.LVMVolumeDriver\nvolume_group = cinder-volumes\ntarget_helper = lioadm\nvolume_backend_name = fast\n",
            ["ctl/etc/glance/glance-api.conf"] = "[DEFAULT]\nenabled_backends = disk:file\n[glance_store]\ndefault_backend = disk\n[disk]\nfilesystem_store_datadir = /var/lib/glance/images\n[database]\nconnection = mysql+pymysql://glance:Sup3rGeheim@db.example.org/glance\n[paste_deploy]\nflavor = keystone\n" + Section("keystone_authtoken", "www_authenticate_uri = https://keys.example.org:5000", "memcached_servers = 10.0.0.10:11211"),
            ["ctl/etc/keystone/keystone.conf"] = "[database]\nconnection = mysql+pymysql://keystone:Sup3rGeheim@db.example.org/keystone\n[token]\nprovider = fernet\n",
            ["ctl/etc/neutron/neutron.conf"] = "[DEFAULT]\ncore_plugin = ml2\ntransport_url = rabbit://openstack:Sup3rGeheim@mq.example.org:5672/\n[database]\nconnection = mysql+pymysql://neutron:Sup3rGeheim@db.example.org/neutron\n[oslo_concurrency]\nlock_path = /var/lib/neutron/tmp\n"
                + Section("keystone_authtoken", "www_authenticate_uri = https://keys.example.org:5000", "memcached_servers = 10.0.0.10:11211") + Section("nova"),
            ["ctl/etc/neutron/plugins/ml2/ml2_conf.ini"] = "[ml2]\ntype_drivers = flat,vlan,vxlan\ntenant_network_types = vxlan\nmechanism_drivers = openvswitch\n[ml2_type_vxlan]\nvni_ranges = 1:1000\n",
            ["ctl/etc/neutron/metadata_agent.ini"] = "[DEFAULT]\nmetadata_proxy_shared_secret = An0therOne\n",
            ["ctl/etc/placement/placement.conf"] = "[api]\nauth_strategy = keystone\n[placement_database]\nconnection = mysql+pymysql://placement:Sup3rGeheim@db.example.org/placement\n" + Section("keystone_authtoken", "www_authenticate_uri = https://keys.example.org:5000", "memcached_servers = 10.0.0.10:11211"),
        };
        foreach (var number in new[] { 1, 2 })
        {
            var ip = $"10.0.0.2{number}";
            files[$"cmp{number}/etc/nova/nova.conf"] = Common("nova", ip, database: false) + NovaLogins() + "[vnc]\nserver_listen = $my_ip\nserver_proxyclient_address = $my_ip\nnovncproxy_base_url = https://vnc.example.org:6080/vnc_auto.html\n";
            files[$"cmp{number}/etc/nova/nova-compute.conf"] = "[DEFAULT]\ncompute_driver = libvirt.LibvirtDriver\n[libvirt]\nvirt_type = kvm\n";
            files[$"cmp{number}/etc/iscsi/initiatorname.iscsi"] = $"InitiatorName=iqn.1993-08.org.debian:01:host{number}\n";
        }

        return files;
    }

    /// <summary>Writes the files, with changes, and checks them.</summary>
    public static IReadOnlyList<ConfigFinding> Test(Dictionary<string, string> files)
    {
        using var folder = new Support.TempFolder();
        Write(folder.Path, files);
        return ConfigFiles.Local(folder.Path, null, e => throw e, CancellationToken.None).Test("zed", CancellationToken.None);
    }

    public static void Write(string folder, Dictionary<string, string> files)
    {
        foreach (var (name, text) in files)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }
    }

    /// <summary>One file by itself.</summary>
    public static ConfigFile One(string text, string name = "nova.conf", string node = "n1")
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new ConfigFile(node, "/etc/x/" + name, ConfigFileName.Of(name), false, ConfigDocument.Parse(bytes, name), bytes, null) { Folder = "/etc/x" };
    }

    private static string NovaLogins()
        => Section("placement") + Section("neutron", "service_metadata_proxy = true", "metadata_proxy_shared_secret = An0therOne") + "[cinder]\nos_region_name = RegionOne\n[glance]\napi_servers = https://images.example.org:9292\n";

    private static string Common(string service, string ip, bool database = true)
        => $"[DEFAULT]\ntransport_url = rabbit://openstack:Sup3rGeheim@mq.example.org:5672/\nmy_ip = {ip}\nstate_path = /var/lib/{service}\n"
            + (database ? $"[database]\nconnection = mysql+pymysql://{service}:Sup3rGeheim@db.example.org/{service}\n" : "")
            + "[oslo_concurrency]\nlock_path = $state_path/tmp\n"
            + Section("keystone_authtoken", "www_authenticate_uri = https://keys.example.org:5000", "memcached_servers = 10.0.0.10:11211")
            + Section("service_user", "send_service_user_token = true");

    private static string Section(string name, params string[] more) => $"[{name}]\n{string.Join('\n', Login.Concat(more))}\n";
}
