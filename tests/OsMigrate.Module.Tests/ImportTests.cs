using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.Loader;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

public class ImportTests
{
    [Fact]
    public void The_module_exports_what_its_manifest_lists()
    {
        using var session = new Session();
        var commands = session.Run("(Get-Module OsMigrate).ExportedCommands.Keys").Output.Select(o => o.ToString()).Order();
        var listed = session.Run("$m = Test-ModuleManifest $args[0]; @($m.ExportedCmdlets.Keys) + @($m.ExportedAliases.Keys)", Repository.Module).RequireNoErrors().Output.Select(o => o.ToString()).Order();
        Assert.Equal(listed, commands);
        Assert.Contains("Get-DiskImage", commands);
    }

    [Fact]
    public void Importing_again_with_force_keeps_the_cmdlets_working()
    {
        using var folder = new TempFolder();
        var disk = folder.File("a.raw");
        File.WriteAllBytes(disk, new byte[1024]);
        using var session = new Session();
        for (var i = 0; i < 3; i++)
        {
            session.Run("Import-Module $args[0] -Force", Repository.Module).RequireNoErrors();
            Assert.Equal("raw", session.Run("Get-DiskImage $args[0]", disk).Single.Get<string>("Format"));
        }
    }

    [Fact]
    public void Removing_and_importing_works()
    {
        using var session = new Session();
        session.Run("Remove-Module OsMigrate").RequireNoErrors();
        Assert.Empty(session.Run("Get-Module OsMigrate").Output);
        session.Run("Import-Module $args[0]", Repository.Module).RequireNoErrors();
        Assert.NotEmpty(session.Run("Get-Command Get-DiskImage").RequireNoErrors().Output);
    }

    [Fact]
    public void A_cmdlet_loads_the_module_by_itself_when_it_is_on_the_module_path()
    {
        using var session = new Session(import: false);
        var script = "$env:PSModulePath = $args[0]; Get-Command Get-DiskImage | ForEach-Object ModuleName; (Get-Help Convert-DiskImage).Name";
        var outcome = session.Run(script, Repository.File("output")).RequireNoErrors();
        Assert.Equal(["OsMigrate", "Convert-DiskImage"], outcome.Output.Select(o => o.ToString()));
    }

    [Fact]
    public void The_staged_folder_works_wherever_it_is_copied_to()
    {
        using var folder = new TempFolder();
        var target = folder.File("Program Files/Modules/OsMigrate");
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(Repository.Module)!, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(Path.GetDirectoryName(Repository.Module)!, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var script = "$env:PSModulePath = $args[0]; (Get-DiskImage $args[1]).Format; (Get-Module OsMigrate).ModuleBase; (Get-Help Get-DiskImage).Synopsis";
        var (exitCode, output) = Tool.Run("dotnet", "exec", typeof(ImportTests).Assembly.Location, script, Path.GetDirectoryName(target)!, Disks.Raw(folder, "a.raw"));
        Assert.True(exitCode == 0, output);
        Assert.Equal(["raw", target], output.Split('\n').Take(2).Select(l => l.TrimEnd()));
        Assert.Contains("disk image", output.Split('\n')[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_cmdlets_are_in_the_default_load_context()
    {
        using var folder = new TempFolder();
        var disk = folder.File("a.raw");
        File.WriteAllBytes(disk, new byte[1024]);
        using var session = new Session();
        session.Run("Convert-DiskImage $args[0] $args[1] -Compression Zstd", disk, folder.File("a.qcow2")).RequireNoErrors();
        var staged = Path.GetDirectoryName(Repository.Module)!;
        var ours = AppDomain.CurrentDomain.GetAssemblies().Where(a => !a.IsDynamic && a.Location.StartsWith(staged, StringComparison.Ordinal)).ToList();
        Assert.Equal(["OsMigrate.Module"], ours.Where(a => AssemblyLoadContext.GetLoadContext(a) == AssemblyLoadContext.Default).Select(a => a.GetName().Name));
        Assert.Contains("OsMigrate", ours.Where(a => AssemblyLoadContext.GetLoadContext(a)?.Name == "OsMigrate").Select(a => a.GetName().Name));
    }

    [Fact]
    public void Importing_takes_less_than_a_third_of_a_second_once_the_engine_runs()
    {
        using (new Session())
        {
        }

        var times = Enumerable.Range(0, 5).Select(_ =>
        {
            using var session = new Session(import: false);
            var clock = Stopwatch.StartNew();
            session.Run("Import-Module $args[0]", Repository.Module).RequireNoErrors();
            return clock.Elapsed.TotalMilliseconds;
        }).Order().ToList();
        Assert.True(times[2] < 300, $"import took {times[2]:0} ms");
    }
}
