using OsMigrate.Bytes;
using OsMigrate.OpenStack.Configuration;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.OpenStack.Configuration;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ConfigEditTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // in its place, in the user's own way of writing
    [InlineData("[DEFAULT]\n# c\ndebug=false\nmy_ip = 1.2.3.4\n", "DEFAULT", "debug", "true", "[DEFAULT]\n# c\ndebug=true\nmy_ip = 1.2.3.4\n")]
    [InlineData("[DEFAULT]\r\ndebug : false\r\n", "DEFAULT", "debug", "true", "[DEFAULT]\r\ndebug : true\r\n")]
    [InlineData("[DEFAULT]\nmy_ip =\n[x]\n", "DEFAULT", "my_ip", "10.0.0.1", "[DEFAULT]\nmy_ip = 10.0.0.1\n[x]\n")]
    [InlineData("[DEFAULT]\nstate_path = a\n   b\n# c\n", "DEFAULT", "state_path", "/x", "[DEFAULT]\nstate_path = /x\n# c\n")]
    [InlineData("[DEFAULT]\ndebug = true\ndebug = true", "DEFAULT", "debug", "false", "[DEFAULT]\ndebug = true\ndebug = false")]
    // below its example
    [InlineData("[DEFAULT]\n# help\n#debug = false\n\n# more\n#my_ip = x\n[vnc]\n", "DEFAULT", "debug", "true", "[DEFAULT]\n# help\n#debug = false\ndebug = true\n\n# more\n#my_ip = x\n[vnc]\n")]
    [InlineData("[DEFAULT]\n#debug = false\n", "DEFAULT", "debug", "false", "[DEFAULT]\ndebug = false\n")]
    // behind the section's last option, in a new section, behind a last line that has no end
    [InlineData("[DEFAULT]\ndebug = true\n\n[vnc]\nenabled = true\n", "DEFAULT", "my_ip", "10.0.0.1", "[DEFAULT]\ndebug = true\nmy_ip = 10.0.0.1\n\n[vnc]\nenabled = true\n")]
    [InlineData("[DEFAULT]\ndebug = true", "vnc", "enabled", "false", "[DEFAULT]\ndebug = true\n\n[vnc]\nenabled = false\n")]
    [InlineData("", "DEFAULT", "debug", "true", "[DEFAULT]\ndebug = true\n")]
    // what would lose its space or quotation marks
    [InlineData("[DEFAULT]\n", "DEFAULT", "state_path", " /x ", "[DEFAULT]\nstate_path = \" /x \"\n")]
    [InlineData("[DEFAULT]\n", "DEFAULT", "state_path", "'x'", "[DEFAULT]\nstate_path = \"'x'\"\n")]
    public void An_option_is_set_and_everything_else_stays(string before, string section, string option, string value, string after)
    {
        var change = Write(before, f => f.PlanOption(section, option, [value], add: false, force: false, null));
        Assert.Equal(after, File.ReadAllText(_folder.File("nova.conf")));
        Assert.Equal(before, File.ReadAllText(change.Backup!));
    }

    [Fact]
    public void Options_with_several_values_keep_their_place()
    {
        Write("[DEFAULT]\n[pci]\ndevice_spec = {\"a\":1}\n# c\ndevice_spec = {\"b\":1}\n", f => f.PlanOption("pci", "device_spec", ["{\"c\":1}"], add: true, force: false, null));
        Assert.Equal("[DEFAULT]\n[pci]\ndevice_spec = {\"a\":1}\n# c\ndevice_spec = {\"b\":1}\ndevice_spec = {\"c\":1}\n", File.ReadAllText(_folder.File("nova.conf")));
        Write(null, f => f.PlanOption("pci", "device_spec", ["{\"x\":1}", "{\"y\":1}"], add: false, force: false, null));
        Assert.Equal("[DEFAULT]\n[pci]\ndevice_spec = {\"x\":1}\ndevice_spec = {\"y\":1}\n# c\n", File.ReadAllText(_folder.File("nova.conf")));
        Write(null, f => f.PlanOption("pci", "device_spec", [], add: false, force: false, null));
        Assert.Equal("[DEFAULT]\n[pci]\n# c\n", File.ReadAllText(_folder.File("nova.conf")));
    }

    [Theory]
    [InlineData("DEFAULT", "debugg", "true", "did you mean debug")]
    [InlineData("DEFAULT", "debug", "maybe", "no boolean")]
    [InlineData("DEFAULT", "osapi_compute_listen_port", "70000", "more than 65535")]
    [InlineData("libvirt", "virt_type", "vmware", "none of")]
    [InlineData("DEFAULT", "my ip", "1", "no name of an option")]
    [InlineData("a]b", "x", "1", "no name of a section")]
    [InlineData("DEFAULT", "state_path", "a\n\nb", "cannot hold it")]
    public void What_the_release_does_not_take_is_refused_and_nothing_written(string section, string option, string value, string reason)
    {
        File.WriteAllText(_folder.File("nova.conf"), "[DEFAULT]\n");
        var error = Assert.Throws<OsMigrateException>(() => Files().PlanOption(section, option, [value], add: false, force: false, null));
        Assert.Equal(ErrorIds.ConfigRefused, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_file_that_was_changed_meanwhile_is_left_alone()
    {
        File.WriteAllText(_folder.File("nova.conf"), "[DEFAULT]\n");
        var files = Files();
        var plan = files.PlanOption("DEFAULT", "debug", ["true"], add: false, force: false, null);
        File.WriteAllText(_folder.File("nova.conf"), "[DEFAULT]\n# someone else\n");
        Assert.Equal(ErrorIds.ConfigChanged, Assert.Throws<OsMigrateException>(() => files.Write(plan, true, CancellationToken.None)).ErrorId);
        Assert.Equal("[DEFAULT]\n# someone else\n", File.ReadAllText(_folder.File("nova.conf")));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_file_that_oslo_config_refuses_is_not_edited()
    {
        File.WriteAllText(_folder.File("nova.conf"), "[DEFAULT]\nnonsense\n");
        var error = Assert.Throws<OsMigrateException>(() => Files().PlanOption("DEFAULT", "debug", ["true"], add: false, force: false, null));
        Assert.Equal(ErrorIds.ConfigBadStructure, error.ErrorId);
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("nonsense", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Rights_stay_and_the_backup_has_them_too()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no permission bits.");
        var path = _folder.File("nova.conf");
        File.WriteAllText(path, "[DEFAULT]\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var files = Files();
        var change = files.Write(files.PlanOption("DEFAULT", "debug", ["true"], add: false, force: false, null), true, CancellationToken.None);
        Assert.Equal(File.GetUnixFileMode(path), File.GetUnixFileMode(change.Backup!));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(path));
    }

    [Fact]
    public void The_diff_shows_the_change_and_no_secret()
    {
        var change = Write(
            "[DEFAULT]\n# transport_url = rabbit://u:Geheim1@h/\ntransport_url = rabbit://nova:Geheim2@h:5672,nova:Geheim3@i/\n[neutron]\n#password = Geheim4\npassword = Geheim5\n    Geheim6\nusername = nova\n",
            f => f.PlanOption("neutron", "password", ["Geheim7"], add: false, force: false, null));
        Assert.DoesNotContain("Geheim", change.Diff, StringComparison.Ordinal);
        Assert.Equal(
            ["@@ -3,6 +3,5 @@", " transport_url = rabbit://nova:***@h:5672,nova:***@i/", " [neutron]", " #password = ***", "-password = ***", "-    ***", "+password = ***", " username = nova"],
            change.Diff.Split('\n').Select(l => l.TrimEnd('\r')).Skip(2));
    }

    private ConfigFiles Files() => ConfigFiles.Local(_folder.File("nova.conf"), null, e => throw e, CancellationToken.None);

    private ConfigChange Write(string? before, Func<ConfigFiles, OsMigrate.OpenStack.Configuration.Editing.PlannedChange> plan)
    {
        if (before is not null)
            File.WriteAllText(_folder.File("nova.conf"), before);
        var files = Files();
        return files.Write(plan(files), true, CancellationToken.None);
    }
}
