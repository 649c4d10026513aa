using OsMigrate.FirstBoot;

namespace OsMigrate.Tests.FirstBoot;

public sealed class FirstBootRunTests
{
    [Fact]
    public void Drivers_and_scripts_are_run_once_the_service_removes_itself_and_nothing_is_restarted()
    {
        using var guest = new FakeGuest(@"driver	Drivers\VirtIO\netkvm.inf", "script	001-a.cmd", "script	002-b.ps1", "script	003-c.exe");
        guest.Put("w/Drivers/VirtIO/netkvm.inf");
        foreach (var script in new[] { "001-a.cmd", "002-b.ps1", "003-c.exe" })
            guest.Put("fb/scripts/" + script);
        Assert.True(guest.Boot());
        Assert.Equal(
        [
            "pnputil.exe /add-driver \"/w/Drivers/VirtIO/netkvm.inf\" /install",
            "cmd.exe /d /s /c \"\"/fb/scripts/001-a.cmd\"\"",
            "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File \"/fb/scripts/002-b.ps1\"",
            "003-c.exe",
            "sc.exe delete OsMigrateFirstBoot",
        ], guest.Calls);
        Assert.Contains(@"driver Drivers\VirtIO\netkvm.inf: done: installed (attempts: 1)", guest.Result, StringComparison.Ordinal);
        Assert.Contains("2026-01-02 03:04:05Z", guest.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_fails_is_tried_three_times_and_the_rest_goes_on_without_a_restart()
    {
        using var guest = new FakeGuest(@"driver	Drivers\VirtIO\bad.inf", @"driver	Drivers\VirtIO\good.inf") { Answer = static c => c.Contains("bad.inf", StringComparison.Ordinal) ? ProcessOutcome.Exited(-536870342) : null };
        guest.Put("w/Drivers/VirtIO/bad.inf");
        guest.Put("w/Drivers/VirtIO/good.inf");
        Assert.True(guest.Boot());
        Assert.Equal((3, 1, 0), (guest.Calls.Count(c => c.Contains("bad.inf", StringComparison.Ordinal)), guest.Calls.Count(c => c.Contains("good.inf", StringComparison.Ordinal)), guest.Restarts));
        Assert.Contains("bad.inf: failed: exit code -536870342 (attempts: 3)", guest.Result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(259, 0)]
    [InlineData(3010, 1)]
    [InlineData(1641, 1)]
    public void Pnputil_s_good_exit_codes_end_the_driver_and_only_some_ask_for_a_restart(int code, int restarts)
    {
        using var guest = new FakeGuest(@"driver	Drivers\VirtIO\a.inf") { IsWindows10 = false, Answer = c => c.StartsWith("pnputil", StringComparison.Ordinal) ? ProcessOutcome.Exited(code) : null };
        guest.Put("w/Drivers/VirtIO/a.inf");
        guest.Boot();
        Assert.Equal("pnputil.exe -i -a \"/w/Drivers/VirtIO/a.inf\"", guest.Calls[0]);
        Assert.Equal((1, restarts), (guest.Count("pnputil"), guest.Restarts));
    }

    [Fact]
    public void Many_wishes_for_a_restart_make_one_after_the_service_is_gone()
    {
        using var guest = new FakeGuest([.. Enumerable.Range(1, 20).Select(i => $"script	{i:000}.cmd")]) { Answer = static c => c.StartsWith("cmd", StringComparison.Ordinal) ? ProcessOutcome.Exited(3010) : null };
        for (var i = 1; i <= 20; i++)
            guest.Put($"fb/scripts/{i:000}.cmd");
        guest.Boot();
        Assert.Equal(["sc.exe delete OsMigrateFirstBoot", "shutdown.exe /r /t 15 /c \"OsMigrate: the last step of moving this machine needs one restart.\""], guest.Calls.Skip(20));
        // Should the service not have gone: a start more does nothing but remove it.
        guest.Calls.Clear();
        guest.Boot();
        Assert.Equal(["sc.exe delete OsMigrateFirstBoot"], guest.Calls);
    }

    [Fact]
    public void A_script_that_takes_the_system_down_is_not_run_again()
    {
        using var guest = new FakeGuest("script	001-crash.cmd", "script	002-good.cmd");
        guest.Put("fb/scripts/001-crash.cmd");
        guest.Put("fb/scripts/002-good.cmd");
        guest.BootAndLosePowerAt("001-crash");
        guest.Boot();
        Assert.Equal(1, guest.Calls.Count(c => c.Contains("001-crash", StringComparison.Ordinal)));
        Assert.Equal(1, guest.Calls.Count(c => c.Contains("002-good", StringComparison.Ordinal)));
        Assert.Contains("script 001-crash.cmd: failed: cut off in the middle (attempts: 1)", guest.Result, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_takes_the_system_down_every_time_is_over_after_three_starts()
    {
        using var guest = new FakeGuest(@"driver	Drivers\VirtIO\a.inf", "disks") { DiskCount = 2 };
        guest.Put("w/Drivers/VirtIO/a.inf");
        for (var i = 0; i < 3; i++)
            guest.BootAndLosePowerAt("a.inf");
        Assert.True(guest.Boot());
        Assert.True(guest.IsOver);
        Assert.Equal(3, guest.Count("pnputil"));
        Assert.Equal(0, guest.Restarts);
        Assert.Equal("sc.exe delete OsMigrateFirstBoot", guest.Calls[^1]);
    }

    [Fact]
    public void A_half_written_line_of_the_state_is_passed_over()
    {
        using var guest = new FakeGuest("script	001.cmd", "script	002.cmd");
        guest.Put("fb/scripts/001.cmd");
        guest.Put("fb/scripts/002.cmd");
        guest.Put("fb/state.txt", "plan id1\r\nboot\r\nstart 0\r\nsettled 0 done: exit code 0\r\nstar");
        guest.Boot();
        Assert.Equal(["cmd.exe /d /s /c \"\"/fb/scripts/002.cmd\"\"", "sc.exe delete OsMigrateFirstBoot"], guest.Calls);
    }

    [Fact]
    public void A_state_of_another_plan_does_not_count()
    {
        using var guest = new FakeGuest("script	001.cmd");
        guest.Put("fb/scripts/001.cmd");
        guest.Put("fb/state.txt", "plan other\r\nfinished\r\n");
        guest.Boot();
        Assert.Equal(1, guest.Count("cmd.exe"));
    }

    [Fact]
    public void Without_a_state_that_can_be_written_nothing_is_run()
    {
        using var guest = new FakeGuest("script	001.cmd");
        guest.Put("fb/scripts/001.cmd");
        Directory.CreateDirectory(Path.Combine(guest.Folder, "state.txt"));
        Assert.True(guest.Boot());
        Assert.Equal(["sc.exe delete OsMigrateFirstBoot"], guest.Calls);
        Assert.Contains("Nothing is done", guest.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shutdown_in_the_middle_goes_on_at_the_next_start_with_what_is_left()
    {
        using var guest = new FakeGuest("disks", "script	001.cmd") { DiskCount = 1 };
        guest.Put("fb/scripts/001.cmd");
        guest.Answer = c =>
        {
            if (c.StartsWith("diskpart", StringComparison.Ordinal))
                guest.IsStopping = true;
            return null;
        };
        Assert.False(guest.Boot());
        Assert.False(guest.IsOver);
        (guest.IsStopping, guest.Answer) = (false, static _ => null);
        Assert.True(guest.Boot());
        Assert.Equal((1, 1), (guest.Count("diskpart"), guest.Count("cmd.exe")));
    }

    [Fact]
    public void A_service_that_cannot_be_removed_is_disabled()
    {
        using var guest = new FakeGuest("vmware-services") { Answer = static c => c.StartsWith("sc.exe delete", StringComparison.Ordinal) ? ProcessOutcome.Exited(5) : null };
        guest.Boot();
        Assert.Contains("OsMigrateFirstBoot", guest.Disabled);
    }

    [Fact]
    public void What_runs_too_long_is_not_tried_again()
    {
        using var guest = new FakeGuest(@"driver	Drivers\VirtIO\a.inf", "install	ga.msi") { Answer = static c => c.StartsWith("sc", StringComparison.Ordinal) ? null : ProcessOutcome.Ended(600) };
        guest.Put("w/Drivers/VirtIO/a.inf");
        guest.Put("fb/packages/ga.msi");
        guest.Boot();
        Assert.Equal((1, 1), (guest.Count("pnputil"), guest.Count("msiexec")));
        Assert.Contains("failed: ended after 600 seconds", guest.Result, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_said_and_not_tried_again()
    {
        using var guest = new FakeGuest("script	001-gone.cmd", "install	gone.msi", @"driver	Drivers\VirtIO\gone.inf");
        guest.Boot();
        Assert.Equal(["sc.exe delete OsMigrateFirstBoot"], guest.Calls);
        Assert.Equal(3, guest.Result.Split("does not exist (attempts: 1)").Length - 1);
    }
}
