using System.Management.Automation;
using System.Reflection;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests.Architecture;

public class ManifestTests
{
    [Fact]
    public void Cmdlets_in_the_assembly_in_the_manifest_and_in_the_help_are_the_same()
    {
        using var session = new Session();
        var built = StagedTypes.Cmdlets.Select(StagedTypes.NameOf).Order().ToList();
        var listed = session.Run("(Test-ModuleManifest $args[0]).ExportedCmdlets.Keys", Repository.Module).RequireNoErrors().Output.Select(o => o.ToString()).Order();
        var pages = Directory.EnumerateFiles(Repository.File("module", "help"), "*.md").Select(f => Path.GetFileNameWithoutExtension(f)!).Order();
        Assert.Equal(built, listed);
        Assert.Equal(built, pages);
    }

    [Fact]
    public void Every_cmdlet_says_what_it_writes_and_has_an_approved_verb()
    {
        using var session = new Session();
        Assert.Empty(session.Run("Import-Module $args[0] -Force", Repository.Module).RequireNoErrors().Warnings);
        Assert.All(StagedTypes.Cmdlets, type => Assert.NotEmpty(type.GetCustomAttributes<OutputTypeAttribute>()));
    }

    [Fact]
    public void What_writes_files_supports_WhatIf_and_what_only_reads_does_not()
    {
        foreach (var type in StagedTypes.Cmdlets)
        {
            var cmdlet = type.GetCustomAttribute<CmdletAttribute>()!;
            var reads = cmdlet.VerbName is "Get" or "Test" or "Compare" or "Find" or "Measure" || cmdlet is { VerbName: "ConvertTo", NounName: not "NovaServerGroup" };
            Assert.True(reads != cmdlet.SupportsShouldProcess, $"{StagedTypes.NameOf(type)}: SupportsShouldProcess is {cmdlet.SupportsShouldProcess}");
        }
    }

    [Fact]
    public void No_parameter_takes_a_secret_as_plain_text()
        => Assert.Empty(
            from type in StagedTypes.Cmdlets
            from property in type.GetProperties()
            where property.GetCustomAttributes<ParameterAttribute>().Any() && property.PropertyType == typeof(string)
            where property.Name.Contains("Password", StringComparison.OrdinalIgnoreCase) || property.Name.Contains("Secret", StringComparison.OrdinalIgnoreCase) || property.Name.Contains("Token", StringComparison.OrdinalIgnoreCase)
            select $"{StagedTypes.NameOf(type)} -{property.Name}");

    [Fact]
    public void The_manifest_is_plain_data_with_explicit_exports()
    {
        var text = File.ReadAllText(Repository.Module);
        Assert.DoesNotMatch(@"ToExport\s*=\s*'?\*", text);
        Assert.DoesNotContain("$", text, StringComparison.Ordinal);
    }
}
