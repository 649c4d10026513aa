using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests.OpenStack;

public sealed class ConfigCmdletTests : IDisposable
{
    private const string Text = "[DEFAULT]\ntransport_url = rabbit://nova:Geheim1@mq:5672/\nmy_ip = 10.0.0.5\nvolume_api_class = nova.volume.cinder.API\n[neutron]\npassword = Geheim2\n";

    private readonly TempFolder _folder = new();
    private readonly Session _session = new();

    public ConfigCmdletTests() => File.WriteAllText(_folder.File("nova.conf"), Text);

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Get-OpenStackConfig $args[0]", @"Node\s+Service\s+Section\s+Option\s+State\s+Line\s+Value\s+-+[\s\S]+Nova\s+DEFAULT\s+my_ip\s+Set\s+3\s+10\.0\.0\.5")]
    [InlineData("Test-OpenStackConfig $args[0] -Severity Warning", @"Severity\s+Id\s+Node[\s\S]+Warning\s+Config\.Option\.Removed")]
    [InlineData("Compare-OpenStackConfig $args[0] -ToDefault", @"my_ip\s+=>")]
    [InlineData("Set-OpenStackConfig $args[0] -Section neutron -Option password -Value Geheim3", @"Path\s+: .*nova\.conf\s+Backup\s+: .*\.bak")]
    public void The_default_view_is_readable_and_shows_no_secret(string script, string expected)
    {
        var text = _session.Show(script, _folder.File("nova.conf"));
        Assert.Matches(expected, text);
        Assert.DoesNotContain("Geheim", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_only_shown_when_asked_for()
    {
        Assert.Equal("***", _session.Run("(Get-OpenStackConfig $args[0] -Option password).Value", _folder.File("nova.conf")).Single.ToString());
        Assert.Equal("Geheim2", _session.Run("(Get-OpenStackConfig $args[0] -Option password -ShowSecret).Value", _folder.File("nova.conf")).Single.ToString());
    }

    [Fact]
    public void WhatIf_shows_the_change_and_makes_none()
    {
        var text = _session.Show("Set-OpenStackConfig $args[0] -Section neutron -Option password -Value Geheim3 -WhatIf; Set-OpenStackConfig $args[0] -Modernize -WhatIf", _folder.File("nova.conf"));
        Assert.Contains("-password = ***", text, StringComparison.Ordinal);
        Assert.Contains("-volume_api_class = nova.volume.cinder.API", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Geheim", text, StringComparison.Ordinal);
        Assert.Equal(Text, File.ReadAllText(_folder.File("nova.conf")));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Files_folders_and_objects_come_through_the_pipeline()
    {
        Assert.Equal(4, _session.Run("[IO.DirectoryInfo]::new($args[0]).GetFiles() | Get-OpenStackConfig", _folder.Path).RequireNoErrors().Output.Count);
        Assert.Equal(4, _session.Run("$args[0] | Get-OpenStackConfig", _folder.Path).RequireNoErrors().Output.Count);
        Assert.Equal("10.0.0.6", _session.Run("Get-OpenStackConfig $args[0] -Option my_ip | Set-OpenStackConfig -Value 10.0.0.6 -NoBackup | ForEach-Object { (Get-OpenStackConfig $_.Path -Option my_ip).Value }", _folder.File("nova.conf")).Single.ToString());
        Assert.Single(Directory.GetFiles(_folder.Path));
        Assert.Equal("False", _session.Run("Test-OpenStackConfig $args[0] -Quiet", _folder.Path).Single.ToString());
        Assert.Equal("True", _session.Run("Test-OpenStackConfig $args[0] -Quiet -ExcludeId Config.Option.*, Config.File.*, Config.Login.*", _folder.Path).Single.ToString());
    }

    [Fact]
    public void A_secret_comes_as_a_secure_string()
    {
        _session.Run("$s = [securestring]::new(); foreach ($c in 'Neu$eins'.ToCharArray()) { $s.AppendChar($c) }; Set-OpenStackConfig $args[0] -Section neutron -Option password -SecretValue $s", _folder.File("nova.conf")).RequireNoErrors();
        Assert.Contains("password = Neu$$eins\n", File.ReadAllText(_folder.File("nova.conf")), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_are_compared_by_what_programs_get()
    {
        File.WriteAllText(_folder.File("b.conf"), "[neutron]\npassword=Geheim2\n[DEFAULT]\nmy_ip=10.0.0.6\ntransport_url=rabbit://nova:Geheim9@mq:5672/\nhost=x\n");
        var found = _session.Run("Compare-OpenStackConfig $args[1] -ReferencePath $args[0] -Service Nova", _folder.File("nova.conf"), _folder.File("b.conf")).RequireNoErrors().Output
            .Select(d => $"{d.Get<string>("Option")} {d.Get<string>("SideIndicator")} {d.Get<string>("ReferenceValue")} {d.Get<string>("DifferenceValue")}").Order();
        Assert.Equal(["host => <current_hostname> x", "my_ip <> 10.0.0.5 10.0.0.6", "transport_url <> rabbit://nova:***@mq:5672/ rabbit://nova:***@mq:5672/", "volume_api_class <= nova.volume.cinder.API "], found);
    }

    [Fact]
    public void Failures_have_their_ids_and_others_go_on()
    {
        File.WriteAllText(_folder.File("cinder.conf"), "[DEFAULT]\nnonsense Geheim4\nmy_ip = 1.2.3.4\n");
        var broken = _session.Run("Get-OpenStackConfig $args[0]", _folder.Path);
        Assert.Equal("Config.BadStructure,OsMigrate.Module.Commands.Configuration.GetOpenStackConfigCommand", Assert.Single(broken.Errors).FullyQualifiedErrorId);
        Assert.DoesNotContain("Geheim", broken.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(5, broken.Output.Count);
        var refused = _session.Run("Set-OpenStackConfig $args[0] -Section DEFAULT -Option debugg -Value true", _folder.File("nova.conf"));
        Assert.StartsWith("Config.Refused", Assert.Single(refused.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        var unnamed = Assert.Single(_session.Run("Set-OpenStackConfig -Section DEFAULT -Option debug -Value true").Errors);
        Assert.StartsWith("Convert.BadRequest", unnamed.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Name the file", unnamed.ToString(), StringComparison.Ordinal);
    }
}
