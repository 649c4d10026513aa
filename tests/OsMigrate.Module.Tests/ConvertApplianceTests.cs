using System.Diagnostics;
using System.Management.Automation;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

public class ConvertApplianceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Session _session = new();

    private string Output => _folder.File("out");

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public void An_appliance_is_shown_with_disks_and_adapters()
    {
        var ova = Ova.Pack(_folder, "web01", Disks.Raw(_folder, "a.raw"), Disks.Raw(_folder, "b.raw", seed: 2));
        var machine = _session.Run("Get-VirtualAppliance $args[0]", ova).Single;
        Assert.Equal(["web01", "OVA", "2", "1024"], new[] { "Name", "Kind", "CpuCount", "MemoryMiB" }.Select(p => machine.Get<string>(p)));
        Assert.Equal(["scsi0:0", "scsi0:1"], machine.Get<object[]>("Disks").Select(d => PSObject.AsPSObject(d).Get<string>("Address")));
        Assert.Equal("00:50:56:aa:bb:cc", PSObject.AsPSObject(Assert.Single(machine.Get<object[]>("Nics"))).Get<string>("MacAddress"));
        var text = _session.Show("Get-VirtualAppliance $args[0]", ova);
        Assert.Matches(@"Disks\s+: \{scsi0:0 \(lsilogic\) 1 MiB web01-0\.vmdk, scsi0:1", text);
        Assert.DoesNotContain("OsMigrate.Module.Output", text, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Every_disk_of_an_appliance_has_the_content_it_had()
    {
        string[] raw = [Disks.Raw(_folder, "a.raw"), Disks.Raw(_folder, "b.raw", seed: 2)];
        var made = _session.Run("Convert-ToOpenStack $args[0] $args[1]", Ova.Pack(_folder, "web01", raw), Output).Single;
        var disks = made.Get<object[]>("Disks").Select(PSObject.AsPSObject).ToList();
        for (var i = 0; i < 2; i++)
        {
            Assert.True(disks[i].Get<bool>("ManifestVerified"));
            Assert.True(disks[i].Get<long>("PassedThroughBlocks") > 0);
            Tool.Check("qemu-img", "check", disks[i].Get<string>("Path"));
            Tool.Check("qemu-img", "compare", raw[i], disks[i].Get<string>("Path"));
        }
    }

    [SkippableFact]
    public void One_broken_appliance_of_ten_is_one_error_and_nine_are_done()
    {
        var appliances = Enumerable.Range(0, 10).Select(i => Ova.Pack(_folder, $"vm{i}", Disks.Raw(_folder, $"d{i}.raw", 1 << 18, i))).ToList();
        Ova.Damage(appliances[4]);
        var outcome = _session.Run("$args[0] | Convert-ToOpenStack -OutputDirectory $args[1]", appliances.Select(a => new FileInfo(a)).ToArray(), Output);
        Assert.Equal(9, outcome.Output.Count);
        Assert.Matches(@"^(Appliance\.ManifestMismatch|Image\.\w+),", Assert.Single(outcome.Errors).FullyQualifiedErrorId);
        Assert.Equal(Enumerable.Range(0, 10).Where(i => i != 4).Select(i => $"vm{i}"), Directory.EnumerateFileSystemEntries(Output).Select(Path.GetFileName).Order());
    }

    [SkippableFact]
    public void Stopping_in_the_middle_of_an_appliance_is_quick_and_leaves_nothing()
    {
        var ova = Ova.Pack(_folder, "large", Disks.Large(_folder, "large.raw", 120));
        using var shell = _session.Prepare("Convert-ToOpenStack $args[0] $args[1] -Compression Zstd", ova, Output);
        var running = shell.BeginInvoke();
        var waited = Stopwatch.StartNew();
        while (!Directory.Exists(Path.Combine(Output, "large.partial")) && waited.Elapsed < TimeSpan.FromSeconds(20))
            Thread.Sleep(10);
        Assert.False(running.IsCompleted);
        var clock = Stopwatch.StartNew();
        shell.Stop();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"stopping took {clock.Elapsed}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Output));
    }
}
