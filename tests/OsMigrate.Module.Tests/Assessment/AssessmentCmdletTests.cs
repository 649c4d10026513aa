using System.Management.Automation;
using OsMigrate.Module.Tests.OpenStack;
using OsMigrate.Module.Tests.Support;
using OsMigrate.Module.Tests.VSphere;
using OsMigrate.Tests.Support;

namespace OsMigrate.Module.Tests.Assessment;

// Connections are the process's: one test after the other.
[Collection(OpenStackCollection.Name)]
public sealed class AssessmentCmdletTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Session _session = new();

    public void Dispose()
    {
        _session.Run("Disconnect-VSphere *");
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Csv_files_of_RVTools_are_assessed_and_shown_as_a_table()
    {
        var shown = _session.Show("Get-MigrationAssessment $args[0]", Export());
        Assert.Contains("web01", shown, StringComparison.Ordinal);
        Assert.Contains("Verdict", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("template01", shown, StringComparison.Ordinal);
        var all = _session.Run("Get-MigrationAssessment $args[0] -IncludeTemplate -JobPath $args[1]", Export(), _folder.File("jobs")).RequireNoErrors().Output;
        Assert.Equal(["template01", "web01"], all.Select(m => (string)m.Properties["Name"].Value).Order(StringComparer.Ordinal));
        var web = all.Single(m => (string)m.Properties["Name"].Value == "web01");
        // Most sheets are not there, and with them what decides.
        Assert.Equal("Unknown", web.Properties["Verdict"].Value.ToString());
    }

    [Fact]
    public void A_report_is_written_through_the_pipeline_and_WhatIf_writes_nothing()
    {
        var target = _folder.File("report");
        _session.Run("Get-MigrationAssessment $args[0] | Export-MigrationReport -Destination $args[1] -WhatIf", Export(), target).RequireNoErrors();
        Assert.False(Directory.Exists(target));
        var files = _session.Run("[System.IO.FileInfo]::new($args[0]) | Get-MigrationAssessment | Export-MigrationReport $args[1] -Title 'A title' -Redact", Export(), target).RequireNoErrors().Output;
        Assert.Equal(["report.html", "machines.csv", "concerns.csv", "report.json", "report.xlsx", "manifest.json"], files.Select(f => (string)f.Properties["Name"].Value));
        Assert.DoesNotContain("web01", File.ReadAllText(Path.Combine(target, "report.html")), StringComparison.Ordinal);
        Assert.Contains("A title", File.ReadAllText(Path.Combine(target, "report.html")), StringComparison.Ordinal);
        var again = Assert.Single(_session.Run("Get-MigrationAssessment $args[0] | Export-MigrationReport $args[1] -Format Html", Export(), target).Errors);
        Assert.StartsWith("File.Exists,", again.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["report.html", "manifest.json"], _session.Run("Get-MigrationAssessment $args[0] | Export-MigrationReport $args[1] -Format Html -Force", Export(), target).RequireNoErrors().Output.Select(f => (string)f.Properties["Name"].Value));
    }

    [SkippableFact]
    public void An_appliance_is_assessed()
    {
        var raw = _folder.File("d.raw");
        File.WriteAllBytes(raw, new byte[1 << 20]);
        var path = Ova.Pack(_folder, "server", raw);
        var machine = Assert.Single(_session.Run("Get-MigrationAssessment $args[0]", path).RequireNoErrors().Output);
        Assert.Equal("OVA", machine.Properties["SourceKind"].Value);
        Assert.NotEqual("Unknown", machine.Properties["Verdict"].Value.ToString());
    }

    [Fact]
    public void What_cannot_be_read_is_one_error_and_the_rest_goes_on()
    {
        var bad = _folder.File("bad.xlsx");
        File.WriteAllText(bad, "no workbook");
        var outcome = _session.Run("Get-MigrationAssessment $args[0], $args[1] -WarningAction SilentlyContinue", bad, Export());
        Assert.StartsWith("RvTools.BadWorkbook,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Single(outcome.Output);
        var twice = _session.Run("Get-MigrationAssessment $args[0] -Group @{ a = 'web01'; b = 'web01', 'x' }", Export());
        Assert.StartsWith("Convert.BadRequest,", Assert.Single(twice.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        var none = _session.Run("Get-MigrationAssessment");
        Assert.StartsWith("VSphere.NotConnected,", Assert.Single(none.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Machines_of_a_server_are_assessed_all_or_as_they_come()
    {
        var disk = VCenterPeer.MakeDisk(_folder.File("d.raw"), 8 << 20, 1);
        using var peer = VCenterPeer.Start($"name=web01,disk={disk},power=on", $"name=ft01,disk={disk},ft=on");
        PowerCliFakes.ConnectOurs(_session, peer);
        string[] Names(string script) => [.. _session.Run(script).RequireNoErrors().Output.Select(m => (string)m.Properties["Name"].Value).Order(StringComparer.Ordinal)];
        Assert.Superset(new HashSet<string> { "ft01", "web01" }, Names("Get-MigrationAssessment").ToHashSet());
        Assert.Equal(["web01"], Names("Get-VSphereVM web01 | Get-MigrationAssessment"));
        Assert.Equal(["web01"], Names("Get-VSphereVM web01 | Get-MigrationAssessment -WaveSize 20 -Group @{ shop = 'web01' }"));
        Assert.Equal(["ft01", "web01"], Names("Get-MigrationAssessment -VM web01, ft*"));
        Assert.Contains("vmware.fault_tolerance.enabled", _session.Run("(Get-MigrationAssessment -VM ft01).Concerns.Id").RequireNoErrors().Output.Select(o => o.ToString()));
        Assert.StartsWith("VSphere.NotFound,", Assert.Single(_session.Run("Get-MigrationAssessment -VM nothing").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private string Export()
    {
        var path = _folder.File("RVTools_tabvInfo.csv");
        File.WriteAllText(path, "VM,Powerstate,Template,CPUs,Memory,Firmware,OS according to the configuration file,VM ID,Cluster,Host\r\nweb01,poweredOn,False,2,4096,bios,Debian GNU/Linux 12 (64-bit),vm-1,C1,esx1\r\ntemplate01,poweredOff,True,1,1024,bios,Debian GNU/Linux 12 (64-bit),vm-2,C1,esx1\r\n");
        return path;
    }
}
