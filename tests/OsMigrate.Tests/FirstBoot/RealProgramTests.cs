using OsMigrate.Guests.Windows.FirstBoot;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.FirstBoot;

/// <summary>The program as it is put into guests, run by Mono with shell scripts in place of Windows' tools.</summary>
public sealed class RealProgramTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public RealProgramTests()
    {
        foreach (var folder in new[] { "fb/scripts", "fb/packages", "w/System32", "w/INF", "w/Drivers/VirtIO" })
            Directory.CreateDirectory(_temp.File(folder));
    }

    public void Dispose() => _temp.Dispose();

    [SkippableFact]
    public void It_works_through_a_plan_with_real_processes_and_ends()
    {
        Start("driver\tDrivers\\VirtIO\\good.inf", "install\tqemu-ga.msi", "uninstall\t{01234567-89ab-cdef-0123-456789abcdef}", "script\t001-a.cmd", "script\t..\\evil.cmd");
        File.WriteAllText(_temp.File("w/Drivers/VirtIO/good.inf"), "");
        File.WriteAllText(_temp.File("fb/packages/qemu-ga.msi"), "");
        File.WriteAllText(_temp.File("fb/scripts/001-a.cmd"), "");
        Tool("pnputil", "exit 0");
        Tool("msiexec", "exit 0");
        Tool("cmd", "echo printed by a script; exit 0");
        foreach (var tool in new[] { "icacls", "sc", "shutdown" })
            Tool(tool, "exit 0");

        Run();

        var calls = File.ReadAllLines(_temp.File("calls"));
        Assert.StartsWith("icacls", calls[0], StringComparison.Ordinal);
        Assert.Equal(1, calls.Count(static c => c.StartsWith("pnputil ", StringComparison.Ordinal)));
        Assert.Equal(2, calls.Count(static c => c.StartsWith("msiexec ", StringComparison.Ordinal)));
        // An exit code of 3010 is more than a program of this system can have: restarts are FirstBootRunTests' matter.
        Assert.Equal("sc delete OsMigrateFirstBoot", calls[^1]);
        Assert.DoesNotContain(calls, static c => c.StartsWith("shutdown ", StringComparison.Ordinal));
        var result = File.ReadAllText(_temp.File("fb/result.txt"));
        Assert.Contains("good.inf", result, StringComparison.Ordinal);
        Assert.Contains("is left out", File.ReadAllText(_temp.File("fb/log.txt")), StringComparison.Ordinal);
        Assert.Contains(Directory.GetFiles(_temp.File("fb/logs")), static f => File.ReadAllText(f).Contains("printed by a script", StringComparison.Ordinal));

        File.Delete(_temp.File("calls"));
        Run();
        Assert.Equal(["sc delete OsMigrateFirstBoot"], File.ReadAllLines(_temp.File("calls")));
    }

    [SkippableFact]
    public void Killed_in_the_middle_of_a_script_it_does_not_run_that_script_again()
    {
        Start("script\t001-a.cmd", "script\t002-b.cmd");
        File.WriteAllText(_temp.File("fb/scripts/001-a.cmd"), "");
        File.WriteAllText(_temp.File("fb/scripts/002-b.cmd"), "");
        // The first script kills the program that started it.
        Tool("cmd", "case \"$*\" in *001-a*) kill -9 $PPID;; esac; exit 0");
        foreach (var tool in new[] { "icacls", "sc", "shutdown" })
            Tool(tool, "exit 0");
        Run();
        Assert.False(File.Exists(_temp.File("fb/result.txt")));
        Run();
        var calls = File.ReadAllLines(_temp.File("calls"));
        Assert.Equal((1, 1), (calls.Count(static c => c.Contains("001-a", StringComparison.Ordinal)), calls.Count(static c => c.Contains("002-b", StringComparison.Ordinal))));
        Assert.Contains("001-a.cmd: failed: cut off in the middle", File.ReadAllText(_temp.File("fb/result.txt")), StringComparison.Ordinal);
    }

    private void Start(params string[] steps)
    {
        Support.Tool.Require("mono");
        File.WriteAllBytes(_temp.File("OsMigrateFirstBoot.exe"), FirstBootProgram.Exe);
        File.WriteAllText(_temp.File("fb/plan.txt"), string.Concat(steps.Prepend("OsMigrate first boot plan 1\tid1").Select(static s => s + "\r\n")));
    }

    private void Tool(string name, string script)
    {
        var path = _temp.File($"w/System32/{name}.exe");
        File.WriteAllText(path, $"#!/bin/sh\necho \"{name} $*\" >> '{_temp.File("calls")}'\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void Run() => Support.Tool.Run("mono", _temp.File("OsMigrateFirstBoot.exe"), "--run", _temp.File("fb"), _temp.File("w"), _temp.File("w/System32"));
}
