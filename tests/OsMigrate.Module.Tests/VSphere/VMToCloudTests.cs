using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using OsMigrate.Module.Tests.OpenStack;
using OsMigrate.Module.Tests.Support;
using OsMigrate.Tests.Support;
using VMware.VimAutomation.ViCore.Impl.V1.VM;
using Xunit.Abstractions;

namespace OsMigrate.Module.Tests.VSphere;

/// <summary>The command this module was made for: from a vCenter (the peer) into a real OpenStack.</summary>
[Collection(OpenStackCollection.Name)]
public sealed partial class VMToCloudTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] All = ["web01", "efi01", "cold01"];

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
        var (peer, macs) = Start();
        using var machines = peer;
        var server = PowerCliFakes.Connect(peer);
        _session.Run("$null = Connect-VSphere -VIServer $args[0] -Thumbprint $args[1]", server, VCenterPeer.Thumbprint).RequireNoErrors();
        // What stands in for PowerCLI's own command; objects without a type of theirs would not do.
        var objects = All.ToDictionary(static n => n, n => new UniversalVirtualMachineImpl(server, PowerCliFakes.MoRef(_session, n), n));
        _session.Run("$global:fakes = $args[0]; function global:Get-VM([string[]] $Name) { $Name | ForEach-Object { $fakes[$_] } }", objects);
        Move(peer, macs, "Get-VM web01, efi01, cold01");
    }

    [SkippableFact]
    public void Machines_found_without_PowerCLI_become_the_same()
    {
        Skip.IfNot(Environment.GetEnvironmentVariable("OSMIGRATE_TEST_LONG") == "1", "the same three machines a second time: with OSMIGRATE_TEST_LONG=1");
        var (peer, macs) = Start();
        using var machines = peer;
        PowerCliFakes.ConnectOurs(_session, peer);
        Move(peer, macs, "Get-VSphereVM web01, efi01, cold01");
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

    private (VCenterPeer Peer, Dictionary<string, string> Macs) Start()
    {
        using var clouds = OpenStackPeer.Connect();
        var state = Path.GetDirectoryName(OpenStackPeer.CloudsFile)!;
        var (guest, uefi) = (Path.Combine(state, "guest.raw"), Path.Combine(state, "guest-uefi.raw"));
        Skip.IfNot(File.Exists(guest) && File.Exists(uefi), "the OpenStack peer has no guest.raw and guest-uefi.raw");
        var random = new Random();
        var macs = All.ToDictionary(static n => n, n => string.Create(CultureInfo.InvariantCulture, $"00:50:56:{random.Next(64):x2}:{random.Next(256):x2}:{n.Length:x2}"));
        macs["efi01"] = macs["efi01"][..^2] + "e1";
        var data = VCenterPeer.MakeDisk(_folder.File("data.raw"), 8 << 20, 3);
        var peer = VCenterPeer.Start(["-tags", "state/moved"],
            $"name=web01,disk={guest},power=on,mem=256,mac={macs["web01"]},tag=wave/1", $"name=efi01,disk={uefi},firmware=efi,power=on,mem=256,mac={macs["efi01"]}", $"name=cold01,disk={guest},disk={data},mem=256,mac={macs["cold01"]}");
        return (peer, macs);
    }

    private void Move(VCenterPeer peer, Dictionary<string, string> macs, string machines)
    {
        var jobs = _folder.File("jobs");
        var command = $"{machines} | Convert-ToOpenStack -Cloud lab -Network demo-net -Flavor m1.tiny -WaitForText GUEST-DONE -RenameSource '{{0}}-moved' -TagSource state/moved -CopyTag -TimeoutSeconds 600";
        try
        {
            var made = _session.Run($"{command} -JobPath $args[0] -Verbose", jobs);
            foreach (var line in made.RequireNoErrors().Verbose.Where(static v => v.Contains("Shutting", StringComparison.Ordinal) || v.Contains("Job ", StringComparison.Ordinal)))
                output.WriteLine("VERBOSE: " + line);
            output.WriteLine($"PS> {command}\n{_session.Show("$args", [.. made.Output])}");
            Assert.Equal(3, made.Output.Count);
            foreach (var result in made.Output)
                CheckServer(peer, result, macs);
            RequireTree(made.Progress);
            Assert.Equal(0, peer.OpenLeases);
            Assert.Empty(Directory.EnumerateFiles(jobs, "*.img", SearchOption.AllDirectories));
        }
        finally
        {
            _session.Run("Get-MigrationJob -JobPath $args[0] | Undo-MigrationJob -JobPath $args[0] -Confirm:$false", jobs);
        }

        // Undone, machines that the job had shut down run again, and all have their names back.
        Assert.Equal(("poweredOn", "poweredOn", "poweredOff"), (peer.Power("web01"), peer.Power("efi01"), peer.Power("cold01")));
    }

    private void CheckServer(VCenterPeer peer, PSObject result, Dictionary<string, string> macs)
    {
        var name = (string)result.Properties["Name"].Value;
        Assert.Equal("ACTIVE", result.Properties["Status"].Value);
        var console = string.Concat(_session.Run("Get-NovaInstanceConsole $args[0] -Cloud lab", result.Properties["Id"].Value).RequireNoErrors().Output.Select(o => o + "\n"));
        output.WriteLine($"{name}:\n{string.Join('\n', console.Split('\n').Where(static l => Told().IsMatch(l)).Select(static l => "  " + l.Trim()))}");
        Assert.Contains("GUEST-OK", console, StringComparison.Ordinal);
        Assert.Contains($"mac={macs[name]}", console, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(name == "efi01" ? "GUEST-FW uefi" : "GUEST-FW bios", console, StringComparison.Ordinal);
        Assert.Equal(name == "cold01" ? 2 : 1, Disk().Count(console));
        Assert.Equal("poweredOff", peer.Power(name + "-moved"));
        var metadata = (IReadOnlyDictionary<string, string>)((PSObject)PSObject.AsPSObject(result.Properties["Server"].Value)).Properties["Metadata"].Value;
        Assert.Equal(name == "web01", metadata.TryGetValue("vsphere_tag_wave", out var wave) && wave == "1");
        Assert.Contains(_session.Run("(Get-VSphereVM $args[0] -IncludeTag).Tags", name + "-moved").Output, static t => t.ToString() == "state/moved");
    }

    /// <summary>One bar for all and, below it, one for each machine; each is closed.</summary>
    private static void RequireTree(IReadOnlyList<ProgressRecord> progress)
    {
        var trunk = progress.First(static p => p.ParentActivityId < 0 && p.Activity.StartsWith("Moving 3 machines", StringComparison.Ordinal)).ActivityId;
        var branches = progress.Where(p => p.ParentActivityId == trunk).Select(static p => p.ActivityId).Distinct().ToList();
        Assert.Equal(3, branches.Count);
        Assert.All(branches.Append(trunk), id => Assert.Equal(ProgressRecordType.Completed, progress.Last(p => p.ActivityId == id).RecordType));
    }

    [GeneratedRegex("GUEST-(OK|BLOCK [vs]d|NIC|FW|DONE)", RegexOptions.ExplicitCapture)]
    private static partial Regex Told();

    [GeneratedRegex("GUEST-BLOCK [vs]d")]
    private static partial Regex Disk();
}
