using OsMigrate.Shell.Tests.Support;

namespace OsMigrate.Shell.Tests;

public sealed class ExitCodeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1 + 1", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("throw 'no'", 1)]
    [InlineData("Write-Error no", 1)]
    [InlineData("Write-Error no; 'but then'", 0)]
    [InlineData("this is not { a command", 1)]
    public void A_command_ends_with_the_code_that_PowerShell_would_give(string command, int expected)
        => Assert.Equal(expected, StagedShell.Command(command).ExitCode);

    [Theory]
    [InlineData("'fine'", 0)]
    [InlineData("exit 5", 5)]
    [InlineData("function f { exit 6 }; f", 6)]
    [InlineData("throw 'no'", 1)]
    [InlineData("Write-Error no", 0)]
    public void A_script_ends_with_the_code_that_PowerShell_would_give(string script, int expected)
        => Assert.Equal(expected, StagedShell.Run("-File", Script(script)).ExitCode);

    [Fact]
    public void A_script_gets_its_arguments_and_knows_its_place()
    {
        var script = Script("param([string] $Task, [string] $Filter, [switch] $Fast, [switch] $Slow) \"$Task|$Filter|$Fast|$Slow|$([IO.Path]::GetFileName($PSCommandPath))\"");
        var run = StagedShell.Run("-NoProfile", "-ExecutionPolicy", "Bypass", "-File", script, "Test", "-Filter", "a b'c", "-Fast", "-Slow:$false");
        Assert.Equal("Test|a b'c|True|False|script.ps1\n", run.Output);
    }

    [Fact]
    public void A_script_that_does_not_exist_is_refused()
    {
        var run = StagedShell.Run("-File", "nowhere.ps1");
        Assert.Equal(64, run.ExitCode);
        Assert.Contains("nowhere.ps1", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_option_is_refused() => Assert.Equal(64, StagedShell.Run("-Wrong").ExitCode);

    [Fact]
    public void Commands_can_come_from_standard_input()
        => Assert.Equal("3\n4\n", StagedShell.RunWith("1 + 2\n2 + 2\n", null, "-Command", "-").Output);

    [Fact]
    public void Help_says_plainly_what_the_shell_is_not()
        => Assert.Contains("not a second PowerShell", StagedShell.Run("-Help").Output, StringComparison.Ordinal);

    [Fact]
    public void The_version_names_the_engine() => Assert.Matches(@"^osmigrate \d+\.\d+\.\d+ \(PowerShell engine 7\.", StagedShell.Run("-Version").Output);

    private string Script(string text)
    {
        var path = Path.Combine(_folder.Path, "script.ps1");
        File.WriteAllText(path, text);
        return path;
    }
}
