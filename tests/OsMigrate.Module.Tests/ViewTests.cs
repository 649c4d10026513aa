using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

public class ViewTests
{
    [Theory]
    [InlineData("Get-DiskImage $args[0]", @"Path\s+: .*a\.raw\s+Format\s+: raw")]
    [InlineData("Convert-DiskImage $args[0] $args[1]", @"Format\s+Virtual size\s+File size\s+Time\s+Path\s+-+[\s-]+qcow2\s+1 MiB")]
    [InlineData("Test-DiskImage $args[0]", @"IsHealthy\s+: True\s+Findings\s+: \{\}")]
    [InlineData("Compare-DiskImage $args[0] $args[0]", @"Identical\s+: True")]
    [InlineData("(Convert-ToOpenStack $args[0] $args[2]).Disks", @"Format\s+Source\s+Virtual bytes\s+File bytes\s+Path\s+-+[\s-]+qcow2\s+raw\s+1048576")]
    public void The_default_view_is_readable(string script, string expected)
    {
        using var folder = new TempFolder();
        using var session = new Session();
        var text = session.Show(script, Disks.Raw(folder, "a.raw"), folder.File("a.qcow2"), folder.File("out"));
        Assert.Matches(expected, text);
        Assert.DoesNotContain("OsMigrate.Module.", text, StringComparison.Ordinal);
    }
}
