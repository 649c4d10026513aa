using System.Globalization;
using System.Management.Automation;
using OsMigrate.Module.Tests.OpenStack;
using OsMigrate.Module.Tests.Support;
using OsMigrate.Tests.Support;
using VMware.VimAutomation.ViCore.Impl.V1.VM;

namespace OsMigrate.Module.Tests.VSphere;

/// <summary>The command this module was made for: from a vCenter (the peer) into a real OpenStack.</summary>
[Collection(OpenStackCollection.Name)]
public sealed class VMToCloudTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Session _session = new();

    public void Dispose()
    {
        _session.Run("Disconnect-VSphere *");
        _session.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public void Machines_of_PowerCLI_become_servers_that_start()
    {
        using var clouds = OpenStackPeer.Connect();
        var guest = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(OpenStackPeer.CloudsFile)!, "guest.raw");
        Skip.IfNot(File.Exists(guest), "the OpenStack peer has no guest.raw");
        var random = new Random();
        string Mac(int n) => string.Create(CultureInfo.InvariantCulture, $"00:50:56:{random.Next(64):x2}:{random.Next(256):x2}:{n:x2}");
        var (first, second) = (Mac(1), Mac(2));
        using var peer = VCenterPeer.Start($"name=web01,disk={guest},power=on,mem=256,mac={first}", $"name=cold01,disk={guest},disk={VCenterPeer.MakeDisk(_folder.File("data.raw"), 8 << 20, 3)},mem=256,mac={second}");
        var server = PowerCliFakes.Connect(peer);
        _session.Run("$null = Connect-VSphere -VIServer $args[0] -Thumbprint $args[1]", server, VCenterPeer.Thumbprint).RequireNoErrors();
        object[] machines = [.. new[] { "web01", "cold01" }.Select(n => new UniversalVirtualMachineImpl(server, PowerCliFakes.MoRef(_session, n), n))];
        var jobs = _folder.File("jobs");
        try
        {
            var made = _session.Run("$args[0] | Convert-ToOpenStack -Cloud lab -Network demo-net -Flavor m1.tiny -WaitForText GUEST-OK -JobPath $args[1] -TimeoutSeconds 600", machines, jobs).RequireNoErrors().Output;
            Assert.Equal(2, made.Count);
            foreach (var (name, mac) in new[] { ("web01", first), ("cold01", second) })
            {
                var result = made.Single(m => (string)m.Properties["Name"].Value == name);
                Assert.Equal("ACTIVE", result.Properties["Status"].Value);
                var console = string.Concat(_session.Run("Get-NovaInstanceConsole $args[0] -Cloud lab", result.Properties["Id"].Value).RequireNoErrors().Output.Select(o => o + "\n"));
                Assert.Contains("GUEST-OK", console, StringComparison.Ordinal);
                Assert.Contains(mac, console, StringComparison.OrdinalIgnoreCase);
            }

            Assert.Equal("poweredOff", peer.Power("web01"));
            Assert.Equal(0, peer.OpenLeases);
            Assert.Empty(Directory.EnumerateFiles(jobs, "*.img", SearchOption.AllDirectories));
        }
        finally
        {
            _session.Run("Get-MigrationJob -JobPath $args[0] | Undo-MigrationJob -JobPath $args[0] -Confirm:$false", jobs);
        }

        // Undone, a machine that the job had shut down runs again.
        Assert.Equal(("poweredOn", "poweredOff"), (peer.Power("web01"), peer.Power("cold01")));
    }

    [SkippableFact]
    public void A_job_that_fails_gives_the_machine_back_as_it_was()
    {
        using var clouds = OpenStackPeer.Connect();
        using var peer = VCenterPeer.Start($"name=web01,disk={VCenterPeer.MakeDisk(_folder.File("d.raw"), 8 << 20, 3)},power=on,mem=256");
        PowerCliFakes.ConnectOurs(_session, peer);
        peer.Fault("kind=status&path=/nfc/&code=404");
        var fault = Assert.Single(_session.Run("Get-VSphereVM web01 | Convert-ToOpenStack -Cloud lab -Network demo-net -Flavor m1.tiny -NewMacAddress -JobPath $args[0] -Transport Lease", _folder.File("jobs")).Errors);
        Assert.StartsWith("VSphere.Failed,", fault.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("removed again", fault.ToString(), StringComparison.Ordinal);
        Assert.Equal("poweredOn", peer.Power("web01"));
        Assert.Empty(peer.Snapshots("web01"));
        Assert.Equal(0, peer.OpenLeases);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.img*", SearchOption.AllDirectories));
    }
}
