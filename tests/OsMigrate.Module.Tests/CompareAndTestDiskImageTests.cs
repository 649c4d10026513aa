using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

public class CompareAndTestDiskImageTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Session _session = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Equal_disks_are_identical()
    {
        var result = _session.Run("Compare-DiskImage $args[0] $args[1]", Disks.Raw(_folder, "a.raw"), Disks.Raw(_folder, "b.raw")).Single;
        Assert.True(result.Get<bool>("Identical"));
        Assert.Null(result.Value("FirstDifference"));
    }

    [Fact]
    public void The_first_difference_is_an_offset_on_the_disk()
    {
        var other = Disks.Raw(_folder, "b.raw");
        var bytes = File.ReadAllBytes(other);
        bytes[700_001] ^= 1;
        File.WriteAllBytes(other, bytes);
        var result = _session.Run("[IO.FileInfo]::new($args[1]) | Compare-DiskImage -ReferencePath $args[0]", Disks.Raw(_folder, "a.raw"), other).Single;
        Assert.False(result.Get<bool>("Identical"));
        Assert.Equal(700_001, result.Get<long>("FirstDifference"));
    }

    [Fact]
    public void A_missing_reference_ends_the_command_at_once()
    {
        var outcome = _session.Run("$args[0] | Compare-DiskImage -ReferencePath ./nowhere.raw", Disks.Raw(_folder, "a.raw"));
        Assert.StartsWith("File.NotFound,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Fact]
    public void A_plain_disk_is_healthy()
    {
        var disk = Disks.Raw(_folder, "a.raw");
        var result = _session.Run("Test-DiskImage $args[0]", disk).Single;
        Assert.True(result.Get<bool>("IsHealthy"));
        Assert.True((bool)_session.Run("Test-DiskImage $args[0] -Quiet", disk).Single.BaseObject);
    }

    [Fact]
    public void A_damaged_image_is_not_healthy_and_its_findings_say_why()
    {
        var disk = _folder.File("bad.qcow2");
        _session.Run("Convert-DiskImage $args[0] $args[1]", Disks.Raw(_folder, "a.raw"), disk).RequireNoErrors();
        using (var file = File.OpenWrite(disk))
            file.SetLength(100);
        var result = _session.Run("Test-DiskImage $args[0]", disk).Single;
        Assert.False(result.Get<bool>("IsHealthy"));
        Assert.False((bool)_session.Run("Test-DiskImage $args[0] -Quiet", disk).Single.BaseObject);
        Assert.Contains("Corruption", _session.Show("Test-DiskImage $args[0]", disk), StringComparison.Ordinal);
        Assert.Contains("Image.", _session.Show("(Test-DiskImage $args[0]).Findings", disk), StringComparison.Ordinal);
    }
}
