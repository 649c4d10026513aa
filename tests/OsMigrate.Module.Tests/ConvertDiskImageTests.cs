using System.Diagnostics;
using System.Management.Automation;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

public class ConvertDiskImageTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Session _session = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_result_carries_the_checksums_of_the_file()
    {
        var result = _session.Run("Convert-DiskImage $args[0] $args[1]", Disks.Raw(_folder, "a.raw"), _folder.File("a.qcow2")).Single;
        Assert.Equal("qcow2", result.Get<string>("DiskFormat"));
        Assert.Equal(Sums.Sha256(result.Get<string>("Path")), result.Get<string>("Sha256"));
        Assert.Equal(Sums.Sha512(result.Get<string>("Path")), result.Get<string>("Sha512"));
        Assert.Equal(new FileInfo(result.Get<string>("Path")).Length, result.Get<long>("FileSizeBytes"));
    }

    [Fact]
    public void The_checksum_of_the_raw_disk_is_computed_when_asked_for()
    {
        var source = Disks.Raw(_folder, "a.raw");
        Assert.Null(_session.Run("Convert-DiskImage $args[0] $args[1]", source, _folder.File("a.qcow2")).Single.Value("RawSha256"));
        Assert.Equal(Sums.Sha256(source), _session.Run("Convert-DiskImage $args[0] $args[1] -RawChecksum", source, _folder.File("b.qcow2")).Single.Get<string>("RawSha256"));
    }

    [SkippableFact]
    public void Qemu_finds_the_written_image_whole_and_equal()
    {
        Tool.Require("qemu-img");
        var source = Disks.Raw(_folder, "a.raw");
        var target = _folder.File("a.qcow2");
        _session.Run("Convert-DiskImage $args[0] $args[1] -Compression Zlib -ClusterSize 128KB", source, target).RequireNoErrors();
        Tool.Check("qemu-img", "check", target);
        Tool.Check("qemu-img", "compare", "-f", "raw", "-F", "qcow2", source, target);
        Assert.Contains("cluster_size: 131072", Tool.Check("qemu-img", "info", target), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Compressed_blocks_of_a_VMDK_go_into_a_QCOW2_as_they_are()
    {
        Tool.Require("qemu-img");
        var (raw, vmdk, target) = (Disks.Raw(_folder, "a.raw"), _folder.File("a.vmdk"), _folder.File("a.qcow2"));
        Tool.Check("qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", raw, vmdk);
        var detail = _session.Run("Get-DiskImage $args[0]", vmdk).Single;
        Assert.Equal(("vmdk", "streamOptimized"), (detail.Get<string>("Format"), detail.Get<string>("Subformat")));
        var result = _session.Run("Convert-DiskImage $args[0] $args[1]", vmdk, target).Single;
        Assert.Equal(4, result.Get<long>("PassedThroughBlocks"));
        Tool.Check("qemu-img", "compare", "-f", "raw", "-F", "qcow2", raw, target);
        Assert.True(_session.Run("Compare-DiskImage $args[0] $args[1]", raw, vmdk).Single.Get<bool>("Identical"));
    }

    [SkippableFact]
    public void Free_space_is_left_out_when_that_is_wanted()
    {
        Tool.Require("mkntfs");
        var source = _folder.File("volume.raw");
        var junk = new byte[40 << 20];
        new Random(1).NextBytes(junk);
        File.WriteAllBytes(source, junk);
        Tool.Check("mkntfs", "-F", "-q", "-Q", source);
        var whole = _session.Run("Convert-DiskImage $args[0] $args[1]", source, _folder.File("whole.qcow2")).Single;
        var ran = _session.Run("Convert-DiskImage $args[0] $args[1] -SkipFreeSpace -Verbose", source, _folder.File("less.qcow2"));
        ran.RequireNoErrors();
        Assert.Contains(ran.Verbose, static v => v.Contains("of free space are left out", StringComparison.Ordinal));
        Assert.True(whole.Get<long>("FileSizeBytes") > 40 << 20);
        Assert.InRange(ran.Single.Get<long>("FileSizeBytes"), 1, 8 << 20);
        Assert.True(_session.Run("Test-GuestFileSystem $args[0]", _folder.File("less.qcow2")).Single.Get<bool>("IsHealthy"));
    }

    [Fact]
    public void Paths_are_relative_to_the_location_of_the_session_and_not_of_the_process()
    {
        Disks.Raw(_folder, "a.raw");
        _session.Run("$ExecutionContext.SessionState.Path.SetLocation($args[0])", _folder.Path).RequireNoErrors();
        _session.Run("Convert-DiskImage a.raw b.qcow2").RequireNoErrors();
        Assert.True(File.Exists(_folder.File("b.qcow2")));
    }

    [Fact]
    public void The_extension_of_the_destination_decides_unless_a_format_is_given()
    {
        var source = Disks.Raw(_folder, "a.raw");
        Assert.Equal("raw", _session.Run("Convert-DiskImage $args[0] $args[1]", source, _folder.File("b.raw")).Single.Get<string>("DiskFormat"));
        Assert.Equal("qcow2", _session.Run("Convert-DiskImage $args[0] $args[1]", source, _folder.File("b.bin")).Single.Get<string>("DiskFormat"));
        Assert.Equal("qcow2", _session.Run("Convert-DiskImage $args[0] $args[1] -DiskFormat QCOW2", source, _folder.File("c.raw")).Single.Get<string>("DiskFormat"));
        Assert.Equal(Sums.Sha256(source), Sums.Sha256(_folder.File("b.raw")));
    }

    [Fact]
    public void A_folder_as_destination_gets_the_name_of_each_source()
    {
        for (var i = 0; i < 3; i++)
            Disks.Raw(_folder, $"d{i}.raw", 4096, i);
        var outcome = _session.Run("Convert-DiskImage $args[0] -Destination $args[1] -DiskFormat qcow2", _folder.File("d*.raw"), _folder.File("new") + "/").RequireNoErrors();
        Assert.Equal(["d0.qcow2", "d1.qcow2", "d2.qcow2"], outcome.Output.Select(o => Path.GetFileName(o.Get<string>("Path"))).Order());
    }

    [Fact]
    public void Two_sources_for_one_file_are_an_error_even_with_force()
    {
        var outcome = _session.Run("$args[0], $args[1] | Convert-DiskImage -Destination $args[2] -Force", Disks.Raw(_folder, "a.raw"), Disks.Raw(_folder, "b.raw"), _folder.File("c.qcow2"));
        Assert.Single(outcome.Output);
        Assert.StartsWith("Convert.BadRequest,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_file_is_kept_without_force()
    {
        var target = _folder.File("b.qcow2");
        File.WriteAllText(target, "mine");
        var source = Disks.Raw(_folder, "a.raw");
        var error = Assert.Single(_session.Run("Convert-DiskImage $args[0] $args[1]", source, target).Errors);
        Assert.StartsWith("File.Exists,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ResourceExists, error.CategoryInfo.Category);
        Assert.Contains("-Force", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(target));
        _session.Run("Convert-DiskImage $args[0] $args[1] -Force", source, target).RequireNoErrors();
        Assert.NotEqual("mine", File.ReadAllText(target));
    }

    [Fact]
    public void WhatIf_writes_nothing_and_says_what_would_be_written()
    {
        var source = Disks.Raw(_folder, "a.raw");
        var text = _session.Show("Convert-DiskImage $args[0] -Destination $args[1] -WhatIf", source, _folder.File("new") + "/");
        Assert.Contains(Path.Combine("new", "a.qcow2"), text, StringComparison.Ordinal);
        Assert.Equal([source], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Confirm_asks_and_takes_no_for_an_answer()
    {
        var source = Disks.Raw(_folder, "a.raw");
        _session.Host.Answer = "No";
        Assert.Contains("b.qcow2", _session.Show("Convert-DiskImage $args[0] $args[1] -Confirm", source, _folder.File("b.qcow2")), StringComparison.Ordinal);
        Assert.Equal([source], Directory.EnumerateFileSystemEntries(_folder.Path));
        _session.Host.Answer = "Yes";
        _session.Show("Convert-DiskImage $args[0] $args[1] -Confirm", source, _folder.File("b.qcow2"));
        Assert.True(File.Exists(_folder.File("b.qcow2")));
    }

    [Fact]
    public void No_progress_is_shown_when_the_user_wants_none()
    {
        var outcome = _session.Run("$ProgressPreference = 'SilentlyContinue'; Convert-DiskImage $args[0] $args[1]", Disks.Raw(_folder, "a.raw"), _folder.File("b.qcow2")).RequireNoErrors();
        Assert.DoesNotContain(outcome.Progress, p => p.Activity.StartsWith("Converting", StringComparison.Ordinal));
    }

    [Fact]
    public void Stop_as_error_action_ends_the_command_at_the_first_error()
    {
        var script = "$args[0], './nowhere.raw', $args[1] | Convert-DiskImage -Destination $args[2] -DiskFormat qcow2 -ErrorAction Stop";
        var outcome = _session.Run(script, Disks.Raw(_folder, "a.raw"), Disks.Raw(_folder, "b.raw"), _folder.File("new") + "/");
        Assert.StartsWith("File.NotFound,", outcome.Terminating!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["a.qcow2"], Directory.EnumerateFiles(_folder.File("new")).Select(Path.GetFileName));
    }

    [Fact]
    public void Verbose_tells_what_is_done()
    {
        var outcome = _session.Run("Convert-DiskImage $args[0] $args[1] -Verbose", Disks.Raw(_folder, "a.raw"), _folder.File("b.qcow2")).RequireNoErrors();
        Assert.Contains(outcome.Verbose, v => v.Contains("b.qcow2", StringComparison.Ordinal));
    }

    [Fact]
    public void Stopping_in_the_middle_is_quick_and_leaves_nothing()
    {
        var source = Disks.Large(_folder, "large.raw", 400);
        using var shell = _session.Prepare("Convert-DiskImage $args[0] $args[1] -Compression Zlib", source, _folder.File("b.qcow2"));
        var running = shell.BeginInvoke();
        var waited = Stopwatch.StartNew();
        while (!File.Exists(_folder.File("b.qcow2.partial")) && waited.Elapsed < TimeSpan.FromSeconds(20))
            Thread.Sleep(20);
        Assert.False(running.IsCompleted);
        var clock = Stopwatch.StartNew();
        shell.Stop();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"stopping took {clock.Elapsed}");
        Assert.Equal([source], Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        // The session goes on as if nothing had been.
        _session.Run("Get-DiskImage $args[0]", source).RequireNoErrors();
    }

    [Fact]
    public void A_command_further_down_that_has_enough_stops_the_work()
    {
        for (var i = 0; i < 5; i++)
            Disks.Raw(_folder, $"d{i}.raw", 4096, i);
        var script = "function First { process { $_; throw 'enough' } } Convert-DiskImage $args[0] -Destination $args[1] -DiskFormat qcow2 | First";
        var outcome = _session.Run(script, _folder.File("d*.raw"), _folder.File("new") + "/");
        Assert.Equal("enough", (outcome.Terminating ?? outcome.Errors[0]).ToString());
        Assert.Single(Directory.EnumerateFiles(_folder.File("new")));
    }

    [Fact]
    public void Progress_stays_within_bounds_is_throttled_and_ends()
    {
        var source = Disks.Large(_folder, "large.raw", 150);
        var clock = Stopwatch.StartNew();
        var outcome = _session.Run("Convert-DiskImage $args[0] $args[1] -Compression Zlib", source, _folder.File("b.qcow2")).RequireNoErrors();
        var records = outcome.Progress.Where(p => p.Activity.Contains("large.raw", StringComparison.Ordinal)).ToList();
        Assert.True(records.Count >= 2, $"only {records.Count} records");
        Assert.All(records, r => Assert.InRange(r.PercentComplete, 0, 100));
        Assert.True(records.Count <= (4 * clock.Elapsed.TotalSeconds) + 2, $"{records.Count} records in {clock.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
        Assert.Single(records, r => r.RecordType == ProgressRecordType.Completed);
        Assert.Single(records.Select(r => r.ActivityId).Distinct());
    }

    [Fact]
    public void A_failed_conversion_takes_its_progress_away_too()
    {
        var outcome = _session.Run("Convert-DiskImage $args[0] $args[1] -ClusterSize 1000", Disks.Raw(_folder, "a.raw"), _folder.File("b.qcow2"));
        Assert.Single(outcome.Errors);
        Assert.All(
            outcome.Progress.Where(p => p.Activity.StartsWith("Converting", StringComparison.Ordinal)).GroupBy(p => p.ActivityId),
            bar => Assert.Equal(ProgressRecordType.Completed, bar.Last().RecordType));
        Assert.False(File.Exists(_folder.File("b.qcow2")));
    }
}
