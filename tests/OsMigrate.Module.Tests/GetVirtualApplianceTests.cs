using System.Management.Automation;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

public class GetVirtualApplianceTests : IDisposable
{
    private readonly Session _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_disk_is_no_appliance()
    {
        using var folder = new TempFolder();
        var error = Assert.Single(_session.Run("Get-VirtualAppliance $args[0]", Disks.Raw(folder, "a.raw")).Errors);
        Assert.StartsWith("Image.UnknownFormat,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Real_descriptors_are_shown_or_refused_with_one_of_our_errors()
    {
        var files = SharedData.Files("ova", ".ovf").Concat(SharedData.Files("ovf", ".ovf")).Take(40).ToArray();
        Skip.If(files.Length == 0, "the shared test data is not beside this checkout");
        var outcome = _session.Run("$args[0] | Get-VirtualAppliance", files.ToArray<object>() as object);
        Assert.DoesNotContain(outcome.Errors, e => e.FullyQualifiedErrorId.StartsWith("Internal.", StringComparison.Ordinal));
        Assert.NotEmpty(outcome.Output);
        Assert.All(outcome.Output, machine => Assert.True(machine.Get<int>("CpuCount") >= 1));
    }

    [SkippableFact]
    public void The_default_view_shows_the_machine_with_its_disks_and_adapters()
    {
        var file = SharedData.Files("ova", ".ovf").Concat(SharedData.Files("ovf", ".ovf"))
            .FirstOrDefault(f => _session.Run("Get-VirtualAppliance $args[0] | ForEach-Object Nics", f).Output.Count > 0);
        Skip.If(file is null, "the shared test data is not beside this checkout");
        var text = _session.Show("Get-VirtualAppliance $args[0]", file!);
        Assert.Matches(@"CpuCount\s+: \d", text);
        Assert.Matches(@"Disks\s+: \{", text);
        Assert.Matches(@"Nics\s+: \{", text);
        Assert.DoesNotContain("OsMigrate.Module.Output", text, StringComparison.Ordinal);
    }
}
