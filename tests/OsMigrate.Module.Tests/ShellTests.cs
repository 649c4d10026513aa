using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

/// <summary>The module in the staged shell.</summary>
public class ShellTests
{
    [SkippableFact]
    public void The_shell_finds_the_module_by_itself_and_converts()
    {
        var shell = Repository.File("output", "shell", OperatingSystem.IsWindows() ? "osmigrate.exe" : "osmigrate");
        Skip.IfNot(File.Exists(shell), "the shell is staged by a Release build of the solution");
        using var folder = new TempFolder();
        var command = $"(Get-DiskImage '{Disks.Raw(folder, "a.raw")}').Format; (Convert-DiskImage '{folder.File("a.raw")}' '{folder.File("a.qcow2")}' -Compression Zstd).DiskFormat; (Get-DiskImage '{folder.File("a.qcow2")}').Partitions.Count";
        var (exitCode, output) = Tool.Run(shell, "-Command", command);
        Assert.True(exitCode == 0, output);
        Assert.Equal(["raw", "qcow2", "0"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
