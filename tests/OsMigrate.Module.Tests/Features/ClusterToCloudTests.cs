using System.Management.Automation;
using OsMigrate.Module.Tests.Support;
using OsMigrate.Module.Tests.VSphere;
using OsMigrate.Tests.Support;

namespace OsMigrate.Module.Tests.Features;

/// <summary>A cluster of the vCenter peer, with rules, overrides, fault tolerance and a vApp, in a real OpenStack whose zone "fake" has two hosts.</summary>
[Collection(OpenStackCollection.Name)]
public sealed class ClusterToCloudTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _name = OpenStackPeer.Name("map");
    private Session? _session;

    public void Dispose()
    {
        _session?.Run("Disconnect-VSphere *; Get-NovaServerGroup \"DC0_C0.$($args[0])*\" | Remove-NovaServerGroup -Confirm:$false", _name);
        _session?.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public void Machines_of_a_cluster_are_placed_by_its_rules()
    {
        var session = Connect("lab-admin");
        string[] machines = ["web1", "web2", "web3", "db1", "db2", "app1", "app2", "app3"];
        var rules = $$"""
            {"rules":[{"name":"{{_name}}-apart","kind":"apart","vms":{{Names("web1", "web2", "web3")}},"must":true},
                      {"name":"{{_name}}-pair","kind":"together","vms":{{Names("db1", "db2")}},"must":true},
                      {"name":"{{_name}}-soft","kind":"apart","vms":{{Names("app1", "app2", "app3")}}},
                      {"name":"{{_name}}-after","kind":"depends","vms":{{Names("web1", "web2", "web3")}},"after":{{Names("db1")}}}],
             "overrides":[{"vm":"{{_name}}-db1","priority":"high"}],
             "vapps":[{"name":"shop","entries":[{"vm":"{{_name}}-db1","order":1,"delay":60},{"vm":"{{_name}}-app1","order":2}]}]}
            """;
        var disk = VCenterPeer.MakeDisk(_folder.File("d.raw"), 1 << 20, 5);
        using var peer = VCenterPeer.Start(["-machines", "0", "-cluster", rules], [.. machines.Select(m => $"name={_name}-{m},disk={disk},mem=64{(m == "db2" ? ",ft=on" : "")}")]);
        PowerCliFakes.ConnectOurs(session, peer);
        using var leftovers = new CloudLeftovers(session, _name);
        try
        {
            Assert.Empty(session.Run("ConvertTo-NovaServerGroup DC0_C0 -Cloud lab -WhatIf").RequireNoErrors().Output);
            Assert.Empty(session.Run("Get-NovaServerGroup \"DC0_C0.$($args[0])*\"", _name).RequireNoErrors().Output);
            var made = session.Run("$global:groups = Get-VSphereCluster DC0_C0 | ConvertTo-NovaServerGroup -Cloud lab; $groups").RequireNoErrors().Output;
            Assert.Equal(["Made anti-affinity", "Made affinity", "Made soft-anti-affinity"], made.Select(g => $"{g.Value("Outcome")} {g.Value("Policy")}"));
            var again = session.Run("ConvertTo-NovaServerGroup DC0_C0 -Cloud lab").RequireNoErrors().Output;
            Assert.Equal(made.Select(g => $"Found {g.Value("ServerGroupId")}"), again.Select(g => $"{g.Value("Outcome")} {g.Value("ServerGroupId")}"));

            var moved = session.Run(
                """
                $plan = $(ConvertTo-MigrationOrder DC0_C0; ConvertTo-NovaMetadata DC0_C0) + $groups
                Get-VSphereVM "$($args[0])*" | Convert-ToOpenStack -Cloud lab -Network demo-net -NewMacAddress -Flavor m1.tiny -AvailabilityZone fake -Placement $plan -JobPath $args[1] -ThrottleLimit 4
                """,
                _name, _folder.File("jobs"));
            // Two hosts: a strict group takes two servers, and the third finds none.
            var refused = Assert.Single(moved.Errors);
            Assert.StartsWith("Cloud.Failed,", refused.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("No valid host", refused.ToString(), StringComparison.Ordinal);
            var servers = moved.Output.ToDictionary(m => m.Get<string>("Name")[(_name.Length + 1)..], m => session.Run("Get-NovaInstance $args[0] -Cloud lab-admin", m.Value("Id")!).Single);
            List<string> Hosts(string kind) => [.. servers.Where(s => s.Key.StartsWith(kind, StringComparison.Ordinal)).Select(s => s.Value.Get<string>("Host"))];
            Assert.Equal((2, 2), (Hosts("web").Count, Hosts("web").Distinct().Count()));
            Assert.Equal((2, 1), (Hosts("db").Count, Hosts("db").Distinct().Count()));
            Assert.Equal((3, 2), (Hosts("app").Count, Hosts("app").Distinct().Count()));
            var metadata = servers["db1"].Get<IReadOnlyDictionary<string, string>>("Metadata");
            Assert.Equal(("True", "high", "shop", "60"), (metadata["HA_Enabled"], metadata["vsphere:ha_restart_priority"], metadata["vsphere:vapp"], metadata["vsphere:start_delay"]));
            Assert.All(servers.Where(s => s.Key != "db1"), s => Assert.True(s.Value.Get<DateTime>("CreatedAt") >= servers["db1"].Get<DateTime>("CreatedAt"), s.Key));
        }
        finally
        {
            session.Run("Get-MigrationJob -JobPath $args[0] | Undo-MigrationJob -JobPath $args[0] -Confirm:$false", _folder.File("jobs"));
        }
    }

    [SkippableFact]
    public void What_the_quota_does_not_allow_is_told_before_anything_is_made()
    {
        var session = Connect();
        var many = string.Join(',', Enumerable.Range(0, 11).Select(i => $"\"DC0_C0_RP0_VM{i}\""));
        using var peer = VCenterPeer.Start(["-machines", "11", "-cluster", $$"""{"rules":[{"name":"{{_name}}-few","kind":"apart","vms":["DC0_C0_RP0_VM0","DC0_C0_RP0_VM1"]},{"name":"{{_name}}-many","kind":"apart","vms":[{{many}}],"must":true}]}"""], []);
        PowerCliFakes.ConnectOurs(session, peer);
        var fault = Assert.Single(session.Run("ConvertTo-NovaServerGroup DC0_C0 -Cloud lab").Errors);
        Assert.StartsWith("Cloud.QuotaExceeded,", fault.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("11 machines", fault.ToString(), StringComparison.Ordinal);
        Assert.Empty(session.Run("Get-NovaServerGroup \"DC0_C0.$($args[0])*\"", _name).RequireNoErrors().Output);
    }

    [SkippableFact]
    public void Clusters_and_rules_of_PowerCLI_are_understood()
    {
        var session = Connect();
        using var peer = VCenterPeer.Start(["-machines", "3", "-cluster", $$"""{"rules":[{"name":"{{_name}}-a","kind":"apart","vms":["DC0_C0_RP0_VM0","DC0_C0_RP0_VM1"]},{"name":"{{_name}}-b","kind":"on","vms":["DC0_C0_RP0_VM2"],"hosts":["DC0_C0_H0"]}]}"""], []);
        PowerCliFakes.ConnectOurs(session, peer);
        var server = PowerCliFakes.Connect(peer);
        session.Run(
            """
            $server = $args[0]
            $global:DefaultVIServers = @($server)
            $id = (Get-VSphereCluster).Id
            $global:cluster = [pscustomobject]@{ PSTypeName = 'VMware.VimAutomation.ViCore.Impl.V1.Inventory.ClusterImpl'; Name = 'DC0_C0'; Id = $id; Uid = "$($server.Uid)Cluster=$id/" }
            $global:rule = [pscustomobject]@{ PSTypeName = 'VMware.VimAutomation.ViCore.Impl.V1.Cluster.DrsRuleImpl'; Name = "$($args[1])-a"; Cluster = $cluster; KeepTogether = $false }
            """,
            server, _name).RequireNoErrors();
        Assert.Equal("DC0_C0", session.Run("$cluster | Get-VSphereCluster").Single.Value("Name"));
        Assert.Equal(3, session.Run("$cluster | ConvertTo-MigrationOrder").RequireNoErrors().Output.Count);
        Assert.Equal($"DC0_C0.{_name}-a", session.Run("$rule | ConvertTo-NovaServerGroup -Cloud lab").Single.Value("ServerGroup"));
        var zone = session.Run("Get-VSphereVM DC0_C0_RP0_VM2 | ConvertTo-NovaAvailabilityZone -Cloud lab -HostGroupMap @{ \"$($args[0])-b-hosts\" = 'fake' }", _name).Single;
        Assert.Equal(("fake", "Found"), (zone.Value("AvailabilityZone"), zone.Value("Outcome")!.ToString()));
        Assert.StartsWith("VSphere.NotFound,", Assert.Single(session.Run("ConvertTo-MigrationOrder nix").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("Interop.NotAMachine,", Assert.Single(session.Run("[datetime]::Now | ConvertTo-MigrationOrder").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("Convert.BadRequest,", Assert.Single(session.Run("Convert-ToOpenStack x.ova -Cloud lab -Placement 1").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        session.Run("$global:DefaultVIServers = $null");
    }

    private Session Connect(params string[] more) => _session = OpenStackPeer.Connect(more);

    private string Names(params string[] machines) => $"[{string.Join(',', machines.Select(m => $"\"{_name}-{m}\""))}]";
}
