using System.Management.Automation;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

public class GetDiskImageTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Session _session = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_default_view_shows_format_and_sizes_for_people()
    {
        var disk = Disk("a.raw", 3 << 20);
        var text = _session.Show("Get-DiskImage $args[0]", disk);
        Assert.Matches(@"Format\s+: raw", text);
        Assert.Matches(@"VirtualSize\s+: 3 MiB", text);
        Assert.DoesNotContain("VirtualSizeBytes", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Strings_and_files_come_through_the_pipeline()
    {
        var disk = Disk("a.raw", 512);
        Assert.Equal(3, _session.Run("$args[0], [IO.FileInfo]::new($args[0]), [pscustomobject]@{ Path = $args[0] } | Get-DiskImage", disk).RequireNoErrors().Output.Count);
    }

    [Fact]
    public void Wildcards_are_expanded_and_a_literal_path_is_not()
    {
        Disk("a.raw", 512);
        Disk("b.raw", 512);
        var odd = Disk("odd[1].raw", 512);
        var outcome = _session.Run("$ExecutionContext.SessionState.Path.SetLocation($args[0]) | Out-Null; Get-DiskImage ?.raw", _folder.Path).RequireNoErrors();
        Assert.Equal(["a.raw", "b.raw"], outcome.Output.Select(o => Path.GetFileName(o.Get<string>("Path"))).Order());
        Assert.Equal(odd, _session.Run("Get-DiskImage -LiteralPath 'odd[1].raw'").Single.Get<string>("Path"));
        Assert.Equal(odd, _session.Run("Get-DiskImage 'odd[1].raw'").Single.Get<string>("Path"));
    }

    [Theory]
    [InlineData("Get-DiskImage ./nowhere.raw", "File.NotFound")]
    [InlineData("Get-DiskImage ./nowhere*.raw", "File.NotFound")]
    [InlineData("Get-DiskImage nodrive:/a.raw", "File.NotFound")]
    [InlineData("Get-DiskImage Env:/PATH", "File.NotFileSystem")]
    [InlineData("Get-DiskImage -LiteralPath Variable:/PWD", "File.NotFileSystem")]
    [InlineData("Get-DiskImage .", "File.Access")]
    public void A_path_that_is_no_file_is_one_error_with_a_stable_id(string script, string id)
    {
        var outcome = _session.Run(script);
        var error = Assert.Single(outcome.Errors);
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Null(outcome.Terminating);
    }

    [Fact]
    public void Partitions_are_listed()
    {
        var disk = Disk("a.raw", 4 << 20);
        var bytes = File.ReadAllBytes(disk);
        byte[] entry = [0x80, 0, 0, 0, 0x83, 0, 0, 0, 0x00, 0x08, 0, 0, 0x00, 0x10, 0, 0];
        entry.CopyTo(bytes, 446);
        (bytes[510], bytes[511]) = (0x55, 0xAA);
        File.WriteAllBytes(disk, bytes);
        var partition = _session.Run("(Get-DiskImage $args[0]).Partitions", disk).Single;
        Assert.Equal((1, 1L << 20, 2L << 20, true), (partition.Get<int>("Number"), partition.Get<long>("OffsetBytes"), partition.Get<long>("SizeBytes"), partition.Get<bool>("IsBootable")));
        Assert.Matches(@"PartitionScheme\s+: Mbr\s+Partitions\s+: \{1: Linux.* 2 MiB \(boot\)\}", _session.Show("Get-DiskImage $args[0]", disk));
    }

    [Fact]
    public void An_appliance_is_not_taken_for_a_raw_disk()
    {
        var ovf = _folder.File("a.ovf");
        File.WriteAllText(ovf, "<?xml version=\"1.0\"?><Envelope/>");
        var error = Assert.Single(_session.Run("Get-DiskImage $args[0]", ovf).Errors);
        Assert.StartsWith("Convert.BadRequest,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Convert-ToOpenStack", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_format_is_refused_with_the_list_of_known_ones()
    {
        var outcome = _session.Run("Get-DiskImage $args[0] -DiskFormat floppy", Disk("a.raw", 512));
        var error = Assert.Single(outcome.Errors);
        Assert.StartsWith("ParameterArgumentValidationError,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("raw", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_bad_item_of_several_is_one_error_and_the_others_go_on()
    {
        var disks = Enumerable.Range(0, 9).Select(i => Disk($"disk{i}.raw", 512)).ToList();
        disks.Insert(4, _folder.File("missing.raw"));
        var outcome = _session.Run("$args[0] | Get-DiskImage", disks.ToArray<object>() as object);
        Assert.Equal(9, outcome.Output.Count);
        Assert.Equal(ErrorCategory.ObjectNotFound, Assert.Single(outcome.Errors).CategoryInfo.Category);
    }

    private string Disk(string name, int size)
    {
        var path = _folder.File(name);
        File.WriteAllBytes(path, new byte[size]);
        return path;
    }
}
