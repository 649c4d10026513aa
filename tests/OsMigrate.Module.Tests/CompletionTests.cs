using System.Management.Automation;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

public class CompletionTests
{
    [Theory]
    [InlineData("Convert-DiskImage a b -DiskFormat ", "qcow2")]
    [InlineData("Convert-DiskImage a b -DiskFormat q", "qcow2")]
    [InlineData("Get-DiskImage a -DiskFormat r", "raw")]
    [InlineData("Convert-ToOpenStack a b -DiskFormat ", "raw")]
    [InlineData("Convert-ToOpenStack a b -Compression ", "Zstd")]
    [InlineData("Convert-DiskImage a b -Compression z", "Zlib")]
    [InlineData("Convert-DiskImage a b -DiskFormat qcow2 -Subformat ", "v3")]
    [InlineData("Convert-DiskImage a b -ClusterSize 6", "64KB")]
    [InlineData("Convert-DiskImage a b -Skip", "-SkipVerify")]
    [InlineData("Convert-To", "Convert-ToOpenStack")]
    public void Tab_offers_what_fits(string typed, string expected)
    {
        using var session = new Session();
        Assert.Contains(expected, Complete(session, typed));
    }

    [Theory]
    [InlineData("Convert-DiskImage -Path ")]
    [InlineData("Convert-ToOpenStack ")]
    [InlineData("Get-DiskImage a, ")]
    [InlineData("Compare-DiskImage -ReferencePath ")]
    public void Paths_are_completed(string typed)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("web01.vmdk"), "");
        using var session = new Session();
        session.Run("$ExecutionContext.SessionState.Path.SetLocation($args[0])", folder.Path);
        Assert.Contains(Complete(session, typed + "./we"), c => c.Contains("web01.vmdk", StringComparison.Ordinal));
    }

    [Fact]
    public void Variants_of_other_formats_are_not_offered()
    {
        using var session = new Session();
        Assert.DoesNotContain("v3", Complete(session, "Convert-DiskImage a b -DiskFormat raw -Subformat "));
    }

    private static IEnumerable<string> Complete(Session session, string typed)
    {
        using var shell = PowerShell.Create(session.Runspace);
        return CommandCompletion.CompleteInput(typed, typed.Length, null, shell).CompletionMatches.Select(m => m.CompletionText);
    }
}
