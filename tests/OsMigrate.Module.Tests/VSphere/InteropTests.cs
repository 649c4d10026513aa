using System.Management.Automation;
using OsMigrate.Module.Tests.OpenStack;
using OsMigrate.Module.Tests.Support;
using OsMigrate.Tests.Support;
using VMware.VimAutomation.ViCore.Impl.V1.Inventory;
using VMware.VimAutomation.ViCore.Impl.V1.VM;

namespace OsMigrate.Module.Tests.VSphere;

/// <summary>What PowerCLI returns goes into our cmdlets; its types are stood in for, the server behind them is the vCenter peer.</summary>
// Connections are the process's: one test after the other.
[Collection(OpenStackCollection.Name)]
public sealed class InteropTests : IDisposable
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
    public void Every_kind_of_machine_object_is_understood()
    {
        using var peer = Peer();
        var server = PowerCliFakes.Connect(peer);
        _session.Run("$global:DefaultVIServers = @($args[0])", server);
        _session.Run("$null = Connect-VSphere -VIServer $args[0] -Thumbprint $args[1]", server, VCenterPeer.Thumbprint).RequireNoErrors();
        var id = PowerCliFakes.MoRef(_session, "a");
        var vm = new UniversalVirtualMachineImpl(server, id, "a");
        object[] all =
        [
            vm, new UniversalVirtualMachineImpl(server, id, "a", hasView: false), new VirtualMachineImpl(server, id, "a"), new TemplateImpl(server, id, "a"),
            (VMware.Vim.VirtualMachine)vm.ExtensionData!, new SnapshotImpl(vm, "snapshot-1", "before"),
        ];
        foreach (var item in all)
        {
            var outcome = _session.Run("$args[0] | Export-VSphereVM -Destination $args[1] -WhatIf", item, _folder.Path).RequireNoErrors();
            Assert.Empty(outcome.Output);
            Assert.Contains("'a'", _session.Host.Text, StringComparison.Ordinal);
            _session.Host.Clear();
        }
    }

    [SkippableFact]
    public void The_session_of_PowerCLI_is_cloned_and_stays_as_it_was()
    {
        using var peer = Peer();
        var server = PowerCliFakes.Connect(peer);
        var connection = _session.Run("Connect-VSphere -VIServer $args[0] -Thumbprint $args[1]", server, VCenterPeer.Thumbprint).Single;
        Assert.Equal(VCenterPeer.User, connection.Properties["User"].Value);
        Assert.Equal(true, connection.Properties["IsOwnSession"].Value);
        _session.Run("Disconnect-VSphere *").RequireNoErrors();
        Assert.Contains(peer.Calls, c => c.StartsWith("CloneSession", StringComparison.Ordinal) && !c.Contains("fault", StringComparison.Ordinal));
        _session.Run("Connect-VSphere -VIServer $args[0] -Thumbprint $args[1]", server, VCenterPeer.Thumbprint).RequireNoErrors();
    }

    [Theory]
    [InlineData("deserialized", "Interop.Deserialized")]
    [InlineData("hyperv", "Interop.HyperV")]
    [InlineData("alone", "Interop.NoSession")]
    public void Objects_that_cannot_be_used_are_refused_with_the_cure(string what, string id)
    {
        object item = what switch
        {
            "deserialized" => PowerCliFakes.Deserialized("web01"),
            "hyperv" => new Microsoft.HyperV.PowerShell.VirtualMachine("web01"),
            _ => new UniversalVirtualMachineImpl(new VMware.VimAutomation.ViCore.Impl.V1.VIServerImpl("vc.example.org", "x", "u"), "vm-1", "web01", hasView: false),
        };
        var fault = Assert.Single(_session.Run("$args[0] | Convert-ToOpenStack -Cloud nowhere -Network x", item).Errors);
        Assert.StartsWith(id + ",", fault.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("web01", fault.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(fault.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void Paths_and_files_stay_paths_and_files()
    {
        var file = _folder.File("server.ova");
        File.WriteAllText(file, "KDMV, and then nothing that is a disk");
        foreach (var item in new object[] { file, new FileInfo(file), new PSObject(file) })
        {
            var fault = Assert.Single(_session.Run("$args[0] | Convert-ToOpenStack -OutputDirectory $args[1]", item, _folder.File("out")).Errors);
            Assert.DoesNotContain("Interop", fault.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.DoesNotContain("VSphere", fault.FullyQualifiedErrorId, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Test_OsMigrateInterop_tells_what_holds_and_keeps_the_secret()
    {
        var server = new VMware.VimAutomation.ViCore.Impl.V1.VIServerImpl("vc.example.org:443", "canary-cookie", "u");
        _session.Run("$global:DefaultVIServers = @($args[0])", server);
        var checks = _session.Run("$args[0] | Test-OsMigrateInterop", new UniversalVirtualMachineImpl(server, "vm-7", "web01")).RequireNoErrors().Output;
        string State(string check) => checks.Single(c => ((string)c.Properties["Check"].Value).EndsWith(check, StringComparison.Ordinal)).Properties["State"].Value.ToString()!;
        Assert.Equal("Holds", State("web01: Id and MoRef agree"));
        Assert.Equal("Holds", State("machine and session are found"));
        Assert.Equal("Holds", State("SessionSecret"));
        Assert.Equal("NotTried", State("Get-VM is PowerCLI's"));
        Assert.DoesNotContain(checks, c => c.ToString().Contains("canary", StringComparison.Ordinal) || c.Properties.Any(p => p.Value?.ToString()?.Contains("canary", StringComparison.Ordinal) == true));
        var broken = _session.Run("$args[0] | Test-OsMigrateInterop", PowerCliFakes.Deserialized("web02")).RequireNoErrors().Output;
        Assert.Contains(broken, c => c.Properties["State"].Value.ToString() == "Fails");
    }

    private VCenterPeer Peer() => VCenterPeer.Start($"name=a,disk={VCenterPeer.MakeDisk(_folder.File("a.raw"), 4 << 20, 1)}");
}
