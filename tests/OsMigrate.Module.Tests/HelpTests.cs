using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests;

public class HelpTests
{
    public static TheoryData<string> Cmdlets
    {
        get
        {
            using var session = new Session();
            return [.. session.Run("(Get-Module OsMigrate).ExportedCmdlets.Keys").Output.Select(o => o.ToString())];
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Every_cmdlet_has_help_with_parameters_and_examples(string name)
    {
        using var session = new Session();
        var text = session.Show("Get-Help $args[0] -Full", name);
        Assert.Contains("SYNOPSIS", text, StringComparison.Ordinal);
        Assert.Contains("EXAMPLE 1", text, StringComparison.OrdinalIgnoreCase);
        var parameters = session.Run("(Get-Command $args[0]).Parameters.Values | Where-Object { $_.Attributes.Where({ $_ -is [Parameter] -and -not $_.DontShow }) } | ForEach-Object Name", name).Output.Select(o => o.ToString());
        var common = session.Run("[System.Management.Automation.Cmdlet]::CommonParameters").Output.Select(o => o.ToString()).ToHashSet();
        foreach (var parameter in parameters.Where(p => !common.Contains(p)))
        {
            var description = session.Run("(Get-Help $args[0] -Parameter $args[1]).Description.Text", name, parameter).Single.ToString();
            Assert.True(description.Length > 10, $"{name} -{parameter} is not described");
        }
    }

    [Theory]
    [InlineData("about_OsMigrate", "Convert-ToOpenStack")]
    [InlineData("about_OsMigrate_Errors", "Image.Truncated")]
    [InlineData("about_OsMigrate_OpenStack", "New-NovaInstance")]
    public void About_topics_are_found(string topic, string mentions)
    {
        using var session = new Session();
        Assert.Contains(mentions, session.Run("Get-Help $args[0]", topic).RequireNoErrors().Output[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_alias_leads_to_the_help_of_the_cmdlet()
    {
        using var session = new Session();
        Assert.Equal("Convert-ToOpenStack", session.Run("(Get-Help ConvertTo-OpenStack).Name").Single.ToString());
    }
}
