using System.Reflection;
using System.Reflection.Emit;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

/// <summary>Other modules may bring the packages that we bring, in any version and order.</summary>
public class AssemblyConflictTests
{
    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public void Another_version_of_a_package_of_ours_disturbs_neither_side(string order)
    {
        using var folder = new TempFolder();
        var foreign = WriteForeignAssembly(folder, "ZstdSharp");
        var load = "$f = [Reflection.Assembly]::LoadFrom($args[0])\n";
        var use = "Import-Module $args[1]; (Convert-DiskImage $args[2] $args[3] -Compression Zstd).DiskFormat\n";
        var check = "$f.GetName().Version.ToString(); [Reflection.Assembly]::Load([Reflection.AssemblyName]'ZstdSharp').GetName().Version.ToString()";
        var script = (order == "before" ? load + use : use + load) + check;
        var (exitCode, output) = Tool.Run(
            "dotnet", "exec", typeof(AssemblyConflictTests).Assembly.Location, script, foreign, Repository.Module, Disks.Raw(folder, "a.raw"), folder.File("a.qcow2"));
        Assert.True(exitCode == 0, output);
        Assert.Equal(["qcow2", "99.0.0.0", "99.0.0.0"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public void A_package_of_ours_cannot_be_found_by_others()
    {
        using var folder = new TempFolder();
        var script = "Import-Module $args[0]; $null = Convert-DiskImage $args[1] $args[2] -Compression Zstd; try { $null = [Reflection.Assembly]::Load([Reflection.AssemblyName]'ZstdSharp'); 'found' } catch { 'not found' }";
        var (exitCode, output) = Tool.Run("dotnet", "exec", typeof(AssemblyConflictTests).Assembly.Location, script, Repository.Module, Disks.Raw(folder, "a.raw"), folder.File("a.qcow2"));
        Assert.True(exitCode == 0, output);
        Assert.Equal("not found", output.Trim());
    }

    private static string WriteForeignAssembly(TempFolder folder, string name)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name) { Version = new Version(99, 0, 0, 0) }, typeof(object).Assembly);
        assembly.DefineDynamicModule(name).DefineType("Foreign.Thing", TypeAttributes.Public).CreateType();
        var path = folder.File(name + ".dll");
        assembly.Save(path);
        return path;
    }
}
