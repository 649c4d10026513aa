using System.Diagnostics;
using System.Management.Automation;
using System.Text.Json;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

public class ConvertToOpenStackTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Session _session = new();

    private string Output => _folder.File("out");

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("-Cloud x -DiskFormat raw", "-DiskFormat")]
    [InlineData("-Cloud x -Force", "-Force")]
    [InlineData("-OutputDirectory $args[1] -Flavor big", "-Flavor")]
    [InlineData("-OutputDirectory $args[1] -KeepOnFailure", "-KeepOnFailure")]
    [InlineData("-OutputDirectory $args[1] -Cloud x", "exclude")]
    [InlineData("-OutputDirectory $args[1] -VirtioDriver . -SkipDriverInjection", "exclude")]
    [InlineData("-OutputDirectory $args[1] -InjectionWay Minimal", "without -VirtioDriver")]
    [InlineData("", "Say where to")]
    public void A_wish_that_the_chosen_way_cannot_fulfil_is_told(string parameters, string told)
    {
        var outcome = _session.Run("Convert-ToOpenStack -Path $args[0] " + parameters, Disks.Raw(_folder, "web01.raw"), Output);
        var error = Assert.Single(outcome.Errors);
        Assert.StartsWith("Convert.BadRequest,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(told, error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void A_disk_becomes_a_folder_with_disk_record_and_script()
    {
        var result = _session.Run("Convert-ToOpenStack -Path $args[0] -OutputDirectory $args[1]", Disks.Raw(_folder, "web01.raw"), Output).Single;
        Assert.Equal(Path.Combine(Output, "web01"), result.Get<string>("Folder"));
        Assert.Equal(["migration.json", "openstack.sh", "web01-disk0.qcow2"], Directory.EnumerateFiles(result.Get<string>("Folder")).Select(Path.GetFileName).Order());
        var disk = PSObject.AsPSObject(Assert.Single(result.Get<object[]>("Disks")));
        Assert.Equal(Sums.Sha512(disk.Get<string>("Path")), disk.Get<string>("Sha512"));
        using var record = JsonDocument.Parse(File.ReadAllText(result.Get<string>("RecordPath")));
        Assert.Equal(disk.Get<string>("Sha512"), record.RootElement.GetProperty("disks")[0].GetProperty("target").GetProperty("sha512").GetString());
    }

    [Fact]
    public void The_alias_and_relative_paths_work()
    {
        Disks.Raw(_folder, "web01.raw");
        _session.Run("$ExecutionContext.SessionState.Path.SetLocation($args[0])", _folder.Path).RequireNoErrors();
        _session.Run("ConvertTo-OpenStack web01.raw out").RequireNoErrors();
        Assert.True(File.Exists(Path.Combine(Output, "web01", "migration.json")));
    }

    [Fact]
    public void One_broken_source_of_ten_is_one_error_and_nine_are_done()
    {
        for (var i = 0; i < 9; i++)
            Disks.Raw(_folder, $"vm{i}.raw", 65536, i);
        File.WriteAllText(_folder.File("vm9.raw"), "<?xml version=\"1.0\"?><Envelope xmlns=\"http://schemas.dmtf.org/ovf/envelope/1\">");
        var files = Directory.EnumerateFiles(_folder.Path, "vm*.raw").Order().Select(f => new FileInfo(f)).ToArray();
        var outcome = _session.Run("$args[0] | Convert-ToOpenStack -OutputDirectory $args[1]", files, Output);
        Assert.Equal(9, outcome.Output.Count);
        Assert.Single(outcome.Errors);
        Assert.Matches("^(Appliance|Image)\\.[A-Za-z]+,", outcome.Errors[0].FullyQualifiedErrorId);
        Assert.Equal(9, Directory.EnumerateDirectories(Output).Count());
    }

    [Fact]
    public void WhatIf_lists_the_files_and_writes_nothing()
    {
        var source = Disks.Raw(_folder, "web01.raw");
        var text = _session.Show("Convert-ToOpenStack $args[0] $args[1] -WhatIf", source, Output);
        Assert.Contains("web01-disk0.qcow2", text, StringComparison.Ordinal);
        Assert.Contains("migration.json", text, StringComparison.Ordinal);
        Assert.Equal([source], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void An_earlier_conversion_is_kept_without_force()
    {
        var source = Disks.Raw(_folder, "web01.raw");
        _session.Run("Convert-ToOpenStack $args[0] $args[1]", source, Output).RequireNoErrors();
        var error = Assert.Single(_session.Run("Convert-ToOpenStack $args[0] $args[1]", source, Output).Errors);
        Assert.StartsWith("File.Exists,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        _session.Run("Convert-ToOpenStack $args[0] $args[1] -Force", source, Output).RequireNoErrors();
    }

    [Fact]
    public void Two_sources_for_one_folder_are_an_error_even_with_force()
    {
        Directory.CreateDirectory(_folder.File("x"));
        Directory.CreateDirectory(_folder.File("y"));
        var first = Disks.Raw(_folder, Path.Combine("x", "web01.raw"));
        var second = Disks.Raw(_folder, Path.Combine("y", "web01.raw"), seed: 2);
        var outcome = _session.Run("$args[0], $args[1] | Convert-ToOpenStack -OutputDirectory $args[2] -Force", first, second, Output);
        Assert.Single(outcome.Output);
        Assert.StartsWith("Convert.BadRequest,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_view_is_a_table_with_the_folder()
    {
        var text = _session.Show("Convert-ToOpenStack $args[0] $args[1]", Disks.Raw(_folder, "web01.raw"), Output);
        Assert.Matches(@"Machine\s+Disks\s+Virtual size\s+File size\s+Time\s+Folder", text);
        Assert.Matches(@"web01\s+1\s+1 MiB", text);
    }

    [Fact]
    public void Stopping_in_the_middle_is_quick_and_leaves_no_final_name()
    {
        var source = Disks.Large(_folder, "large.raw", 400);
        using var shell = _session.Prepare("Convert-ToOpenStack $args[0] $args[1] -Compression Zlib", source, Output);
        var running = shell.BeginInvoke();
        var waited = Stopwatch.StartNew();
        while (!Directory.Exists(Path.Combine(Output, "large.partial")) && waited.Elapsed < TimeSpan.FromSeconds(20))
            Thread.Sleep(20);
        Thread.Sleep(200);
        Assert.False(running.IsCompleted);
        var clock = Stopwatch.StartNew();
        shell.Stop();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"stopping took {clock.Elapsed}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Output));
    }

    [Fact]
    public void Nothing_but_the_result_is_written_to_the_other_streams()
    {
        using var shell = _session.Prepare("Convert-ToOpenStack $args[0] $args[1] -WarningAction SilentlyContinue", Disks.Raw(_folder, "web01.raw"), Output);
        var written = Console.Out;
        using var console = new StringWriter();
        Console.SetOut(console);
        try
        {
            Assert.Single(shell.Invoke());
        }
        finally
        {
            Console.SetOut(written);
        }

        Assert.Equal("", console.ToString());
        Assert.Empty(shell.Streams.Information);
        Assert.Empty(shell.Streams.Debug);
        Assert.Empty(shell.Streams.Verbose);
    }
}
