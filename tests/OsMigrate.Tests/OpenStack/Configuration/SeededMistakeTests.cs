using OsMigrate.OpenStack.Configuration.Checks;

namespace OsMigrate.Tests.OpenStack.Configuration;

/// <summary>One mistake at a time in files that have none.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public class SeededMistakeTests
{
    private const string Nova = "ctl/etc/nova/nova.conf";
    private const string Cinder = "ctl/etc/cinder/cinder.conf";
    private const string Glance = "ctl/etc/glance/glance-api.conf";
    private const string Keystone = "ctl/etc/keystone/keystone.conf";
    private const string Neutron = "ctl/etc/neutron/neutron.conf";
    private const string Ml2 = "ctl/etc/neutron/plugins/ml2/ml2_conf.ini";
    private const string Placement = "ctl/etc/placement/placement.conf";
    private const string Compute = "cmp2/etc/nova/nova.conf";
    private const string Token = "[keystone_authtoken]\nauth_type = password\nauth_url = https://keys.example.org:5000/v3";

    [Fact]
    public void Files_without_a_mistake_give_neither_errors_nor_warnings()
        => Assert.Empty(Sample.Test(Sample.Files()).Where(f => f.Severity > ConfigSeverity.Notice).Select(f => $"{f.Id} {f.Place} {f.Section} {f.Option}: {f.Message}"));

    [Theory]
    // The file as text
    [InlineData(Nova, "[database]", "[database] # main", "Config.Syntax.Section")]
    [InlineData(Nova, "[database]", "[ database ]", "Config.Section.Spaces")]
    [InlineData(Nova, "[DEFAULT]", "[default]", "Config.Section.DefaultCase")]
    [InlineData(Nova, "[DEFAULT]", "debug = false\n[DEFAULT]", "Config.Syntax.NoSection")]
    [InlineData(Nova, "my_ip =", "my_ip\nhost =", "Config.Syntax.Assignment")]
    [InlineData(Nova, "[DEFAULT]\n", "[DEFAULT]\n\n  debug = false\n", "Config.Syntax.Continuation")]
    [InlineData(Nova, "my_ip = 10.0.0.10", "my_ip = 10.0.0.10\n  # of the management network", "Config.Syntax.IndentedComment")]
    [InlineData(Nova, "state_path = /var/lib/nova", "state_path = /var/lib/nova # here", "Config.Syntax.TrailingComment")]
    [InlineData(Nova, "state_path = /var/lib/nova", "state_path = \"/var/lib/nova", "Config.Syntax.Quote")]
    [InlineData(Nova, "[DEFAULT]", "\uFEFF[DEFAULT]", "Config.Syntax.ByteOrderMark")]
    // Options
    [InlineData(Compute, "[vnc]", "[vnk]", "Config.Section.Unknown")]
    [InlineData(Nova, "my_ip =", "osapi_compute_workrs = 2\nmy_ip =", "Config.Option.Unknown")]
    [InlineData(Nova, "my_ip =", "virt_type = kvm\nmy_ip =", "Config.Option.WrongSection")]
    [InlineData(Nova, "my_ip =", "sql_connection = sqlite://\nmy_ip =", "Config.Option.Renamed")]
    [InlineData(Nova, "my_ip =", "debug = maybe\nmy_ip =", "Config.Option.Type")]
    [InlineData(Nova, "my_ip =", "osapi_compute_workers = two\nmy_ip =", "Config.Option.Type")]
    [InlineData(Nova, "my_ip =", "osapi_compute_listen_port = 99999\nmy_ip =", "Config.Option.Type")]
    [InlineData(Cinder, "target_helper = lioadm", "target_helper = tgt", "Config.Option.Choice")]
    [InlineData(Nova, "my_ip =", "my_ip = 10.9.9.9\nmy_ip =", "Config.Option.Duplicate")]
    [InlineData(Nova, "my_ip =", "verbose = true\nmy_ip =", "Config.Option.Removed")]
    [InlineData(Nova, "lock_path = $state_path/tmp", "lock_path = $statepath/tmp", "Config.Interpolation.Unknown")]
    [InlineData(Nova, "state_path = /var/lib/nova", "state_path = $state_path/x", "Config.Interpolation.Loop")]
    [InlineData(Nova, "password = Sup3rGeheim", "password = NOVA_PASS", "Config.Value.Placeholder")]
    [InlineData(Nova, "password = Sup3rGeheim", "password = Sup3r$geheim", "Config.Interpolation.Unknown")]
    // Databases
    [InlineData(Keystone, "[database]\nconnection = mysql+pymysql://keystone:Sup3rGeheim@db.example.org/keystone\n", "", "Config.Database.Missing")]
    [InlineData(Nova, "mysql+pymysql://nova:Sup3rGeheim@db.example.org/nova\n", "db.example.org\n", "Config.Database.Syntax")]
    [InlineData(Nova, "mysql+pymysql://nova:Sup3rGeheim@db.example.org/nova\n", "mysql://nova:Sup3rGeheim@db.example.org/nova\n", "Config.Database.Scheme")]
    [InlineData(Placement, "mysql+pymysql://", "postgres://", "Config.Database.Scheme")]
    [InlineData(Nova, "mysql+pymysql://nova:Sup3rGeheim@db.example.org/nova\n", "mysql+pymsql://nova:Sup3rGeheim@db.example.org/nova\n", "Config.Database.Driver")]
    [InlineData(Keystone, "mysql+pymysql://keystone:Sup3rGeheim@db.example.org/keystone", "sqlite:////var/lib/keystone/keystone.db", "Config.Database.Sqlite")]
    [InlineData(Keystone, "db.example.org/keystone", "db.example.org", "Config.Database.NoDatabase")]
    [InlineData(Keystone, "keystone:Sup3rGeheim@", "keystone@", "Config.Database.NoPassword")]
    [InlineData(Keystone, "Sup3rGeheim@", "Sup3r@Geheim@", "Config.Database.Characters")]
    [InlineData(Nova, "db.example.org/nova_api", "db.example.org/nova", "Config.Database.Shared")]
    // Logins
    [InlineData(Nova, Token, "[keystone_authtoken]\nauth_host = keys\nauth_port = 35357\nauth_protocol = http", "Config.Authtoken.OldStyle")]
    [InlineData(Nova, "www_authenticate_uri", "delay_auth_decision", "Config.Option.Type")]
    [InlineData(Glance, "www_authenticate_uri = https://keys.example.org:5000\n", "", "Config.Authtoken.WwwAuthenticateUri")]
    [InlineData(Nova, "memcached_servers", "memcache_security_strategy = ENCRYPT\nmemcached_servers", "Config.Authtoken.MemcacheKey")]
    [InlineData(Nova, "auth_type = password\n", "", "Config.Login.AuthType")]
    [InlineData(Nova, "auth_url = https://keys.example.org:5000/v3\n", "", "Config.Login.AuthUrl")]
    [InlineData(Nova, "auth_url = https:", "auth_url = ", "Config.Login.AuthUrlSyntax")]
    [InlineData(Nova, ":5000/v3", ":5000/v2.0", "Config.Login.Version")]
    [InlineData(Nova, ":5000/v3", ":35357/v3", "Config.Login.AdminPort")]
    [InlineData(Nova, "username = svc\n", "", "Config.Login.Incomplete")]
    [InlineData(Nova, "project_name = service\n", "", "Config.Login.Incomplete")]
    [InlineData(Nova, "user_domain_name = Default\n", "", "Config.Login.Domain")]
    [InlineData(Nova, "username = svc\n", "username = svc\ninsecure = true\n", "Config.Login.Insecure")]
    [InlineData(Nova, "[placement]", "[old_placement]", "Config.Placement.Missing")]
    [InlineData(Nova, "[neutron]", "[old_neutron]", "Config.Neutron.Missing")]
    [InlineData(Cinder, "[service_user]", "[other_user]", "Config.ServiceUser.Missing")]
    [InlineData(Cinder, "send_service_user_token = true", "send_service_user_token = false", "Config.ServiceUser.NotSent")]
    [InlineData(Keystone, "[token]", "[DEFAULT]\nadmin_token = Sup3rGeheim\n[token]", "Config.Keystone.AdminToken")]
    [InlineData(Keystone, "provider = fernet", "provider = keystone.token.providers.uuid.Provider", "Config.Option.PastValue")]
    [InlineData(Placement, "auth_strategy = keystone", "auth_strategy = noauth2", "Config.Api.NoAuth")]
    // Brokers
    [InlineData(Cinder, "transport_url = rabbit://openstack:Sup3rGeheim@mq.example.org:5672/\n", "", "Config.Messaging.Missing")]
    [InlineData(Cinder, "transport_url = rabbit://openstack:Sup3rGeheim@mq.example.org:5672/\n", "rabbit_host = mq\nrabbit_password = Sup3rGeheim\n", "Config.Messaging.OldStyle")]
    [InlineData(Cinder, "Sup3rGeheim@mq", "Sup3r/Geheim@mq", "Config.Messaging.Syntax")]
    [InlineData(Cinder, "rabbit://", "rabit://", "Config.Messaging.Transport")]
    [InlineData(Cinder, "openstack:Sup3rGeheim@mq", "guest:guest@mq", "Config.Messaging.Guest")]
    [InlineData(Cinder, "openstack:Sup3rGeheim@mq", "mq", "Config.Messaging.NoLogin")]
    [InlineData(Cinder, ":5672/", ":15672/", "Config.Messaging.Port")]
    [InlineData(Cinder, "mq.example.org:5672/", "mq.example.org:5672,other:Pw12345@mq2:5672/", "Config.Messaging.DifferentLogins")]
    // Compute and volumes
    [InlineData(Nova, "my_ip =", "volume_api_class = nova.volume.cinder.API\nmy_ip =", "Config.Option.Removed")]
    [InlineData(Nova, "my_ip =", "enabled_apis = ec2,osapi_compute,metadata\nmy_ip =", "Config.Option.PastValue")]
    [InlineData(Nova, "my_ip =", "volume_driver = nova.volume.driver.ISCSIDriver\nmy_ip =", "Config.Option.Removed")]
    [InlineData(Nova, "my_ip =", "iscsi_helper = tgtadm\nmy_ip =", "Config.Option.Removed")]
    [InlineData(Nova, "os_region_name = RegionOne", "os_region_name = RegionOne\ncatalog_info = volumev2:cinderv2:publicURL", "Config.Option.PastValue")]
    [InlineData(Nova, "[placement]\n", "[placement]\nregion_name = RegionTwo\n", "Config.Nova.Region")]
    [InlineData(Nova, "my_ip = 10.0.0.10", "my_ip = controller", "Config.Nova.MyIp")]
    [InlineData(Nova, "api_servers = https://images.example.org:9292", "host = images", "Config.Option.Removed")]
    [InlineData(Cinder, "enabled_backends = fast\n", "volume_driver = nova.volume.driver.ISCSIDriver\n", "Config.Cinder.OldBackend")]
    [InlineData(Cinder, "enabled_backends = fast\n", "", "Config.Cinder.NoBackends")]
    [InlineData(Cinder, "enabled_backends = fast", "enabled_backends = fast,slow", "Config.Cinder.NoSection")]
    [InlineData(Cinder, "cinder.volume.drivers.lvm.LVMVolumeDriver", "cinder.volume.drivers.lvm.LVMISCSIDriver", "Config.Cinder.Driver")]
    [InlineData(Cinder, "target_helper =", "iscsi_helper =", "Config.Option.Removed")]
    [InlineData(Cinder, "target_helper = lioadm", "target_helper = lioadm\ntarget_ip_address = 127.0.0.1", "Config.Cinder.TargetAddress")]
    [InlineData(Glance, "default_backend = disk", "default_backend = disc", "Config.Glance.DefaultStore")]
    [InlineData(Glance, "[disk]", "[disc]", "Config.Glance.NoSection")]
    [InlineData(Ml2, "tenant_network_types = vxlan", "tenant_network_types = vxlan,gre", "Config.Neutron.NetworkTypes")]
    [InlineData(Ml2, "vni_ranges = 1:1000\n", "", "Config.Neutron.NoRanges")]
    [InlineData(Neutron, "lock_path = /var/lib/neutron/tmp\n", "", "Config.Locks.Missing")]
    [InlineData(Nova, "my_ip =", "debug = true\nmy_ip =", "Config.Debug.On")]
    // Machines against each other
    [InlineData(Compute, "openstack:Sup3rGeheim@mq", "openstack:0ther@mq", "Config.Nodes.TransportUrl")]
    [InlineData(Compute, "auth_url = https://keys.example.org", "auth_url = https://keys2.example.org", "Config.Nodes.AuthUrl")]
    [InlineData(Compute, "memcached_servers = 10.0.0.10", "memcached_servers = 10.0.0.22", "Config.Nodes.Memcached")]
    [InlineData(Compute, "os_region_name = RegionOne", "os_region_name = RegionTwo", "Config.Nodes.Region")]
    [InlineData(Compute, "my_ip = 10.0.0.22", "my_ip = 10.0.0.21", "Config.Nodes.MyIp")]
    [InlineData(Compute, "mq.example.org", "localhost", "Config.Nodes.Loopback")]
    [InlineData(Compute, "novncproxy_base_url = https://vnc.example.org:6080/vnc_auto.html\n", "", "Config.Vnc.BaseUrl")]
    [InlineData(Compute, "server_listen = $my_ip\n", "", "Config.Vnc.Listen")]
    [InlineData(Compute, "server_proxyclient_address = $my_ip", "server_proxyclient_address = 127.0.0.1", "Config.Vnc.ProxyAddress")]
    [InlineData("ctl/etc/neutron/metadata_agent.ini", "An0therOne", "An0therTwo", "Config.Nodes.MetadataSecret")]
    [InlineData("cmp2/etc/iscsi/initiatorname.iscsi", "host2", "host1", "Config.Compute.SameInitiator")]
    [InlineData("cmp2/etc/iscsi/initiatorname.iscsi", "InitiatorName", "#", "Config.Compute.NoInitiator")]
    public void A_mistake_is_found(string file, string right, string wrong, string id)
    {
        var files = Sample.Files();
        Assert.Contains(right, files[file], StringComparison.Ordinal);
        files[file] = files[file].Replace(right, wrong, StringComparison.Ordinal);
        var findings = Sample.Test(files);
        var found = findings.Where(f => f.Id == id).ToList();
        Assert.True(found.Count > 0, $"{id} is not among: {string.Join(", ", findings.Select(f => f.Id).Distinct())}");
        Assert.All(found, f => Assert.True(f.Cure.Length > 3 && f.Message.Length > 10 && f.Path.Length > 0));
        // Not one of them gives a secret away.
        Assert.DoesNotContain(findings, f => $"{f.Message} {f.Evidence} {f.Cure} {f.Section}".Contains("Geheim", StringComparison.Ordinal) || f.Evidence.Contains("An0ther", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void Rights_that_let_everyone_read_secrets_are_found()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no permission bits.");
        using var folder = new Support.TempFolder();
        Sample.Write(folder.Path, Sample.Files());
        File.SetUnixFileMode(folder.File(Nova), (UnixFileMode)0b110_100_100);
        File.SetUnixFileMode(folder.File(Cinder), (UnixFileMode)0b110_110_110);
        var findings = OsMigrate.OpenStack.Configuration.ConfigFiles.Local(folder.Path, null, e => throw e, CancellationToken.None).Test(null, CancellationToken.None);
        Assert.Equal(["Config.File.WorldReadable", "Config.File.WorldReadable", "Config.File.WorldWritable"], findings.Where(f => f.Id.StartsWith("Config.File.", StringComparison.Ordinal)).Select(f => f.Id).Order());
    }
}
