using System.Management.Automation;
using OsMigrate.Module.Tests.OpenStack;
using OsMigrate.Module.Tests.Support;
using OsMigrate.Tests.Support;

namespace OsMigrate.Module.Tests.VSphere;

// Connections are the process's: one test after the other.
[Collection(OpenStackCollection.Name)]
public sealed class VSphereCmdletTests : IDisposable
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
    public void Machines_are_found_by_name_pattern_place_and_id()
    {
        using var peer = Peer();
        PowerCliFakes.ConnectOurs(_session, peer);
        Assert.Equal(["db01", "web01", "web02"], Names("Get-VSphereVM web*, db01 -Cluster DC0* -VMHost *_H*"));
        Assert.Equal(["web01"], Names("'web01' | Get-VSphereVM -PowerState poweredOn"));
        Assert.Equal(["web02"], Names("Get-VSphereVM web02 | Get-VSphereVM"));
        Assert.Empty(Names("Get-VSphereVM nothing*"));
        Assert.StartsWith("VSphere.NotFound,", Assert.Single(_session.Run("Get-VSphereVM nothing").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        var shown = _session.Show("Get-VSphereVM web01");
        Assert.Contains("poweredOn", shown, StringComparison.Ordinal);
        Assert.Contains("Capacity", shown, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Machines_are_found_by_tag()
    {
        using var peer = Peer();
        PowerCliFakes.ConnectOurs(_session, peer);
        Assert.Equal(["web01", "web02"], Names("Get-VSphereVM -Tag wave/*"));
        Assert.Equal(["web02"], Names("Get-VSphereVM web* -Tag 2"));
        Assert.Equal("wave/1", Assert.Single(_session.Run("(Get-VSphereVM web01 -IncludeTag).Tags").Output).ToString());
        Assert.Empty(_session.Run("(Get-VSphereVM web01).Tags").Output);
    }

    [SkippableFact]
    public void A_session_cookie_and_a_token_do_instead_of_a_password()
    {
        using var peer = Peer();
        var server = PowerCliFakes.Connect(peer);
        const string Secure = "[System.Net.NetworkCredential]::new('', $args[1]).SecurePassword";
        var cloned = _session.Run($"Connect-VSphere $args[0] -SessionSecret ({Secure}) -Thumbprint $args[2]", peer.Address, server.SessionSecret, VCenterPeer.Thumbprint).Single;
        Assert.Equal((VCenterPeer.User, (object)true), (cloned.Properties["User"].Value, cloned.Properties["IsOwnSession"].Value));
        const string Token = "<saml2:Assertion xmlns:saml2=\"urn:oasis:names:tc:SAML:2.0:assertion\"><saml2:Subject><saml2:NameID>ops</saml2:NameID></saml2:Subject></saml2:Assertion>";
        Assert.Equal("ops", _session.Run($"Connect-VSphere $args[0] -Token ({Secure}) -Thumbprint $args[2]", peer.Address, Token, VCenterPeer.Thumbprint).Single.Properties["User"].Value);
    }

    [SkippableFact]
    public void A_running_guest_is_restarted_for_a_CD_drive_only_with_consent()
    {
        using var peer = VCenterPeer.Start($"name=win01,disk={Disk(1)},power=on,cdrom=off,guest=windows2019srv_64Guest");
        Directory.CreateDirectory(Path.Combine(peer.Datastore, "iso"));
        File.WriteAllText(Path.Combine(peer.Datastore, "iso", "virtio-win.iso"), "the disc");
        PowerCliFakes.ConnectOurs(_session, peer);
        const string Command = "Get-VSphereVM win01 | Add-VirtioDriver -VirtioDriver '[LocalDS_0] iso/virtio-win.iso' -GuestCredential ([pscredential]::new('root', [System.Net.NetworkCredential]::new('', 'guest-pass').SecurePassword)) -TimeoutSeconds 20";
        peer.ForgetCalls();
        var fault = Assert.Single(_session.Run(Command).Errors);
        Assert.StartsWith("Guest.NeedsRestart,", fault.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain(peer.Calls, c => c.StartsWith("Shutdown", StringComparison.Ordinal) || c.StartsWith("Reconfig", StringComparison.Ordinal));
        Assert.Equal(true, _session.Run(Command + " -AllowRestart").Single.Properties["WasRestarted"].Value);
    }

    [SkippableFact]
    public void What_a_source_is_called_afterwards_must_differ_for_each()
    {
        using var peer = Peer();
        PowerCliFakes.ConnectOurs(_session, peer);
        var fault = Assert.Single(_session.Run("Get-VSphereVM web* | Convert-ToOpenStack -Cloud nowhere -RenameSource moved").Errors);
        Assert.StartsWith("Convert.BadRequest,", fault.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("{0}", fault.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Names_of_machines_and_servers_are_completed()
    {
        using var peer = Peer();
        PowerCliFakes.ConnectOurs(_session, peer);
        string[] Complete(string line) => [.. _session.Run("[System.Management.Automation.CommandCompletion]::CompleteInput($args[0], $args[0].Length, $null).CompletionMatches.CompletionText", line).Output.Select(o => o.ToString())];
        Assert.Equal(["web01", "web02"], Complete("Get-VSphereVM we"));
        Assert.Equal([peer.Address], Complete("Get-VSphereVM -Server "));
        Assert.Equal(["db01"], Complete("Convert-ToOpenStack -VM db"));
        Assert.Equal(["DC0_C0"], Complete("Get-VSphereCluster DC0_C"));
    }

    [SkippableFact]
    public void A_name_with_a_space_is_completed_in_quotes()
    {
        using var peer = VCenterPeer.Start($"name=file server,disk={Disk(1)}");
        PowerCliFakes.ConnectOurs(_session, peer);
        foreach (var typed in new[] { "Get-VSphereVM fi", "Get-VSphereVM 'fi", "Get-VSphereVM 'file s" })
            Assert.Equal("'file server'", _session.Run("[System.Management.Automation.CommandCompletion]::CompleteInput($args[0], $args[0].Length, $null).CompletionMatches.CompletionText", typed).Single.ToString());
    }

    [SkippableFact]
    public void Without_a_connection_the_error_says_what_to_do()
    {
        _session.Run("Disconnect-VSphere *");
        var fault = Assert.Single(_session.Run("Get-VSphereVM").Errors);
        Assert.StartsWith("VSphere.NotConnected,", fault.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Connect-VSphere", fault.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_password_is_in_no_stream()
    {
        using var peer = Peer();
        var outcome = _session.Run("$VerbosePreference = 'Continue'; Connect-VSphere $args[0] -Credential ([pscredential]::new('u@vsphere.local', [System.Net.NetworkCredential]::new('', 'canary-password').SecurePassword)) -Thumbprint $args[1]", peer.Address, VCenterPeer.Thumbprint);
        var fault = Assert.Single(outcome.Errors);
        Assert.StartsWith("VSphere.Unauthorized,", fault.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-password", string.Join('\n', outcome.Verbose) + fault + fault.Exception + fault.ErrorDetails, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Machines_are_exported_as_appliances_and_as_disks()
    {
        using var peer = Peer();
        PowerCliFakes.ConnectOurs(_session, peer);
        var exported = _session.Run("Get-VSphereVM web01, db01 | Export-VSphereVM -Destination $args[0]", _folder.Path).RequireNoErrors().Output;
        Assert.Equal(2, exported.Count);
        foreach (var name in new[] { "web01", "db01" })
        {
            var machine = _session.Run("(Get-VirtualAppliance $args[0]).Machine", _folder.File(name + ".ova")).RequireNoErrors();
            Assert.NotEmpty(machine.Output);
            _session.Run("Convert-ToOpenStack $args[0] -OutputDirectory $args[1]", _folder.File(name + ".ova"), _folder.File("out")).RequireNoErrors();
        }

        Assert.Equal(["poweredOn", "poweredOff"], new[] { peer.Power("web01"), peer.Power("db01") });
        Assert.Empty(peer.Snapshots("web01"));
        var disks = _session.Run("Get-VSphereVM db01 | Export-VSphereVM -Destination $args[0] -Format qcow2", _folder.File("disks")).RequireNoErrors();
        Assert.Single(disks.Output);
        var same = _session.Run("Compare-DiskImage $args[0] $args[1]", _folder.File("d2.raw"), Directory.GetFiles(_folder.File("disks"), "*.qcow2", SearchOption.AllDirectories).Order().First()).Single;
        Assert.Equal(true, same.Properties["Identical"].Value);
    }

    [SkippableFact]
    public void An_appliance_has_the_descriptor_of_vCenter_where_that_is_wanted()
    {
        using var peer = Peer();
        PowerCliFakes.ConnectOurs(_session, peer);
        peer.ForgetCalls();
        // Disk images have no descriptor: refused before anything is done.
        var fault = Assert.Single(_session.Run("Export-VSphereVM db01 $args[0] -Format qcow2 -HostDescriptor", _folder.File("none")).Errors);
        Assert.StartsWith("Convert.BadRequest,", fault.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-Format qcow2", fault.ToString(), StringComparison.Ordinal);
        Assert.Empty(peer.Calls);
        Assert.False(Directory.Exists(_folder.File("none")));

        _session.Run("Export-VSphereVM db01 $args[0] -HostDescriptor", _folder.Path).RequireNoErrors();
        Assert.Contains(peer.Calls, c => c.StartsWith("CreateDescriptor", StringComparison.Ordinal));
        var machine = _session.Run("(Get-VirtualAppliance $args[0]).Machine", _folder.File("db01.ova")).RequireNoErrors().Single;
        Assert.Equal("Efi", machine.Properties["Firmware"].Value.ToString());
        _session.Run("Convert-ToOpenStack $args[0] -OutputDirectory $args[1]", _folder.File("db01.ova"), _folder.File("out")).RequireNoErrors();
        var same = _session.Run("Compare-DiskImage $args[0] $args[1]", _folder.File("d2.raw"), Directory.GetFiles(_folder.File("out"), "*.qcow2", SearchOption.AllDirectories).Order().First()).Single;
        Assert.Equal(true, same.Properties["Identical"].Value);
    }

    [SkippableFact]
    public void WhatIf_changes_nothing_on_the_server()
    {
        using var peer = Peer();
        PowerCliFakes.ConnectOurs(_session, peer);
        _session.Run("Get-VSphereVM web01 | Export-VSphereVM -Destination $args[0] -WhatIf; Disconnect-VSphere -WhatIf", _folder.File("none")).RequireNoErrors();
        Assert.DoesNotContain(peer.Calls, c => c.StartsWith("CreateSnapshot", StringComparison.Ordinal) || c.StartsWith("Export", StringComparison.Ordinal) || c.StartsWith("Shutdown", StringComparison.Ordinal));
        Assert.False(Directory.Exists(_folder.File("none")));
    }

    private string[] Names(string script) => [.. _session.Run(script).RequireNoErrors().Output.Select(o => (string)o.Properties["Name"].Value)];

    private VCenterPeer Peer() => VCenterPeer.Start(
        $"name=web01,disk={Disk(1)},power=on,tag=wave/1", $"name=web02,disk={Disk(1)},tag=wave/2", $"name=db01,disk={Disk(2)},disk={Disk(1)},firmware=efi,mac=00:50:56:00:20:01");

    private string Disk(int seed)
    {
        var path = _folder.File($"d{seed}.raw");
        return File.Exists(path) ? path : VCenterPeer.MakeDisk(path, 8 << 20, seed);
    }
}
