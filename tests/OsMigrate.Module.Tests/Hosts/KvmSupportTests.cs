using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests.Hosts;

public sealed class KvmSupportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void This_machine_is_looked_at_without_SSH_and_over_it_with_the_same_outcome()
    {
        using var server = SshServer.Start();
        using var session = new Session();
        var hosts = session.Run(
            "$u = [Environment]::UserName; '.', \"$u@127.0.0.1:$($args[0])\" | Test-KvmSupport -KeyFile $args[1] -KnownHosts $args[2]", server.Port, server.KeyFile, server.KnownHosts).RequireNoErrors().Output;
        Assert.Equal(2, hosts.Count);
        Assert.Equal(hosts[0].Properties["Verdict"].Value, hosts[1].Properties["Verdict"].Value);
        Assert.Equal(server.Name, hosts[1].Properties["ComputerName"].Value);
        var info = session.Run("[pscustomobject]@{ HostName = '127.0.0.1' } | Get-HypervisorInfo -Port $args[0] -KeyFile $args[1] -KnownHosts $args[2]", server.Port, server.KeyFile, server.KnownHosts).RequireNoErrors().Output;
        Assert.NotEqual("Unknown", Assert.Single(info).Properties["Kind"].Value.ToString());
    }

    [SkippableFact]
    public void An_unknown_host_is_an_error_and_the_next_host_is_looked_at()
    {
        using var server = SshServer.Start();
        using var session = new Session();
        var outcome = session.Run("\"127.0.0.1:$($args[0])\", '.' | Test-KvmSupport -SkipGuest -KeyFile $args[1] -KnownHosts $args[2]", server.Port, server.KeyFile, _folder.File("none"));
        Assert.StartsWith("Ssh.UnknownHostKey,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Single(outcome.Output);
        Assert.False(File.Exists(_folder.File("none")));
    }

    [Fact]
    public void Copies_of_hosts_are_read_and_the_table_is_readable()
    {
        HostTree.Intel.Write(_folder.File("intel"));
        HostTree.XenDom0.Write(_folder.File("dom0"));
        HostTree.InVMware(passedOn: false).Write(_folder.File("inside"));
        using var session = new Session();
        var verdicts = session.Run("Test-KvmSupport -RootPath \"$($args[0])/*\" | ForEach-Object { \"$($_.ComputerName) $($_.Verdict) $($_.RunsIn)\" }", _folder.Path).RequireNoErrors().Output;
        Assert.Equal(["dom0 XenDom0 Xen dom0", "inside QemuOnly VMware", "intel KvmLikely bare metal"], verdicts.Select(v => v.ToString()).Order(StringComparer.Ordinal));
        Assert.Matches(@"ComputerName\s+KVM\s+Verdict\s+Flag\s+RunsIn\s+Summary\s+-+[\s-]+inside\s+False QemuOnly\s+VMware\s+QEMU/TCG", session.Show("Test-KvmSupport -RootPath $args[0]", _folder.File("inside")));
        Assert.Matches(@"Check\s+State\s+Found\s+Cure", session.Show("(Test-KvmSupport -RootPath $args[0]).Checks", _folder.File("inside")));
        Assert.Contains("vhv.enable", session.Run("(Test-KvmSupport -RootPath $args[0]).Details", _folder.File("inside")).RequireNoErrors().Output[0].ToString(), StringComparison.Ordinal);
        Assert.Equal("Xen", Assert.Single(session.Run("Get-HypervisorInfo -RootPath $args[0]", _folder.File("dom0")).RequireNoErrors().Output).Properties["Kind"].Value.ToString());
    }

    [Fact]
    public void Xen_and_KVM_are_compared_as_objects()
    {
        using var session = new Session();
        Assert.True(session.Run("Get-HypervisorInfo -Compare").RequireNoErrors().Output.Count > 10);
    }

    [SkippableFact]
    public void A_cloud_s_compute_hosts_are_told_as_they_are()
    {
        using var session = OpenStackPeer.Connect("lab-admin");
        var hosts = session.Run("Test-KvmSupport -Cloud lab-admin").RequireNoErrors().Output;
        var real = Assert.Single(hosts, h => h.Properties["QemuVersion"].Value is not null);
        Assert.Equal("QemuOnly", real.Properties["Verdict"].Value.ToString());
        Assert.Equal("lab-admin", real.Properties["Cloud"].Value);
        Assert.All(hosts.Where(h => !ReferenceEquals(h, real)), h => Assert.Equal("Unknown", h.Properties["Verdict"].Value.ToString()));
        Assert.NotEmpty(session.Run("Test-KvmSupport -Cloud lab").Errors);
    }

    [SkippableFact]
    public void A_vCenter_names_its_hosts()
    {
        using var peer = VCenterPeer.Start("name=web01,power=off");
        using var session = new Session();
        session.Run(
            "$null = Connect-VSphere $args[0] -Credential ([pscredential]::new($args[1], [System.Net.NetworkCredential]::new('', $args[2]).SecurePassword)) -Thumbprint $args[3]", peer.Address, VCenterPeer.User, VCenterPeer.Password, VCenterPeer.Thumbprint).RequireNoErrors();
        var found = session.Run("Get-HypervisorInfo -Server $args[0]", peer.Address).RequireNoErrors().Output;
        Assert.Contains(found, h => h.Properties["Kind"].Value.ToString() == "VCenter");
        Assert.Contains(found, h => h.Properties["Kind"].Value.ToString() == "Esxi" && h.Properties["Product"].Value.ToString()!.Contains("ESX", StringComparison.Ordinal));
    }
}
