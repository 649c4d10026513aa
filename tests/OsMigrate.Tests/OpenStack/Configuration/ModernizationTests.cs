using OsMigrate.OpenStack.Configuration;
using OsMigrate.OpenStack.Configuration.Checks;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.OpenStack.Configuration;

public sealed class ModernizationTests : IDisposable
{
    /// <summary>The block of many guides of 2012 and 2013: the four settings, in nova.conf.</summary>
    private const string Notes = "volume_driver=nova.volume.driver.ISCSIDriver\nenabled_apis=ec2,osapi_compute,metadata\nvolume_api_class=nova.volume.cinder.API\niscsi_helper=tgtadm\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_four_old_settings_are_each_explained()
    {
        Write("n1/etc/nova/nova.conf", "[DEFAULT]\n# volumes\n" + Notes);
        var found = Files().Test("zed", CancellationToken.None).Where(f => f.Option.Length > 0).ToDictionary(f => f.Option);
        Assert.Contains("Grizzly", found["volume_driver"].Message, StringComparison.Ordinal);
        Assert.Contains("removed in Mitaka", found["enabled_apis"].Message, StringComparison.Ordinal);
        Assert.Contains("Newton", found["volume_api_class"].Message, StringComparison.Ordinal);
        Assert.Contains("Grizzly", found["iscsi_helper"].Message, StringComparison.Ordinal);
        Assert.Contains("osapi_compute,metadata", found["enabled_apis"].Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void The_old_block_of_nova_becomes_a_backend_in_cinder()
    {
        Write("n1/etc/nova/nova.conf", "[DEFAULT]\n# volumes\n" + Notes + "my_ip = 10.0.0.5\n");
        Write("n1/etc/cinder/cinder.conf", "[DEFAULT]\n# ours\nmy_ip = 10.0.0.5\nvolume_api_class=nova.volume.cinder.API\n");
        var files = Files();
        var notes = files.PlanModernization("zed").Select(p => files.Write(p, true, CancellationToken.None)).SelectMany(c => c.Notes).ToList();
        Assert.Equal("[DEFAULT]\n# volumes\nenabled_apis=osapi_compute,metadata\nmy_ip = 10.0.0.5\n", Read("n1/etc/nova/nova.conf"));
        Assert.Equal(
            "[DEFAULT]\n# ours\nmy_ip = 10.0.0.5\nvolume_api_class=cinder.volume.api.API\nenabled_backends = lvm\n\n[lvm]\nvolume_driver = cinder.volume.drivers.lvm.LVMVolumeDriver\nvolume_backend_name = lvm\nvolume_group = cinder-volumes\ntarget_helper = tgtadm\n",
            Read("n1/etc/cinder/cinder.conf"));
        Assert.Contains(notes, n => n.Contains("Newton", StringComparison.Ordinal));
        Assert.DoesNotContain(Files().Test("zed", CancellationToken.None), f => f.Id.Contains("Option.", StringComparison.Ordinal) || f.Id.StartsWith("Config.Cinder", StringComparison.Ordinal));
        Assert.Empty(Files().PlanModernization("zed"));
    }

    [Fact]
    public void A_backend_in_the_default_section_of_cinder_gets_a_section_of_its_own()
    {
        Write("n1/etc/cinder/cinder.conf", "[DEFAULT]\nvolume_driver = cinder.volume.drivers.lvm.LVMISCSIDriver\niscsi_helper = lioadm\niscsi_ip_address = 10.0.0.5\niscsi_protocol = iser\nvolume_group = vg1\nlvm_type = thin\nrabbit_host = mq\nrabbit_userid = cinder\nrabbit_password = p@ss/w$d\nrabbit_virtual_host = /os\n");
        Modernize();
        Assert.Equal(
            "[DEFAULT]\ntransport_url = rabbit://cinder:p%40ss%2Fw%24d@mq:5672/os\nenabled_backends = lvm\n\n[lvm]\nvolume_driver = cinder.volume.drivers.lvm.LVMVolumeDriver\nvolume_backend_name = lvm\nvolume_group = vg1\ntarget_helper = lioadm\ntarget_protocol = iser\ntarget_ip_address = 10.0.0.5\nlvm_type = thin\n",
            Read("n1/etc/cinder/cinder.conf"));
    }

    [Fact]
    public void An_old_login_becomes_one_for_v3()
    {
        Write("n1/etc/nova/nova.conf", "[keystone_authtoken]\nauth_host = keys\nauth_port = 35357\nauth_protocol = http\nadmin_user = nova\nadmin_password = Geheim\nadmin_tenant_name = service\nauth_uri = http://keys:5000\n");
        Modernize();
        Assert.Equal(
            "[keystone_authtoken]\nauth_url = http://keys:5000/v3\nauth_type = password\nusername = nova\npassword = Geheim\nproject_name = service\nuser_domain_name = Default\nproject_domain_name = Default\nwww_authenticate_uri = http://keys:5000\n",
            Read("n1/etc/nova/nova.conf"));
        Assert.DoesNotContain(Files().Test("zed", CancellationToken.None), f => f.Severity == ConfigSeverity.Error && f.Id.StartsWith("Config.Auth", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_of_today_is_not_touched()
    {
        foreach (var (name, text) in Sample.Files())
            Write(name, text);
        Assert.Empty(Files().PlanModernization("zed").Select(p => p.Diff));
    }

    private void Modernize()
    {
        var files = Files();
        foreach (var plan in files.PlanModernization("zed"))
            files.Write(plan, false, CancellationToken.None);
    }

    private ConfigFiles Files() => ConfigFiles.Local(_folder.Path, null, e => throw e, CancellationToken.None);

    private string Read(string name) => File.ReadAllText(_folder.File(name));

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllText(_folder.File(name), text);
    }
}
