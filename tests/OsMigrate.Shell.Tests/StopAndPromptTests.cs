using System.Diagnostics;
using OsMigrate.Shell.Tests.Support;

namespace OsMigrate.Shell.Tests;

public class StopAndPromptTests
{
    [SkippableTheory]
    [InlineData("INT", "Start-Sleep 60")]
    [InlineData("INT", "while ($true) { }")]
    [InlineData("TERM", "Start-Sleep 60")]
    public void A_signal_stops_what_runs_within_two_seconds_and_finally_blocks_run(string signal, string work)
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals are those of Linux and macOS.");
        using var process = StagedShell.Start(null, "-Command", $"'started'; try {{ {work} }} finally {{ [Console]::WriteLine('cleaned up') }}");
        Assert.Equal("started", process.StandardOutput.ReadLine());
        Thread.Sleep(300);
        var clock = Stopwatch.StartNew();
        Tool.Check("kill", $"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var ended = process.WaitForExit(20_000);
        var taken = clock.Elapsed;
        if (!ended)
            process.Kill(entireProcessTree: true);
        Assert.True(ended && taken < TimeSpan.FromSeconds(2), $"It took {taken.TotalSeconds:F1} s.");
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("cleaned up", process.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Read-Host name")]
    [InlineData("Get-Credential")]
    [InlineData("Read-Host name -AsSecureString")]
    [InlineData("$Host.UI.PromptForChoice('c', 'm', @([System.Management.Automation.Host.ChoiceDescription]::new('&Yes')), 0)")]
    public void A_question_fails_at_once_when_nobody_can_answer(string line)
    {
        foreach (var options in new[] { new[] { "-NonInteractive", "-Command", line }, ["-Command", line] })
        {
            var run = StagedShell.Run(options);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("has to ask a question", run.Errors.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_missing_mandatory_parameter_is_named_when_nobody_can_answer()
    {
        var run = StagedShell.Command("New-Object");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("TypeName", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_can_come_from_standard_input()
    {
        Assert.Equal("<x>", StagedShell.RunWith("x\n", null, "-Command", "'<' + (Read-Host) + '>'").Output.Trim());
        Assert.EndsWith("1\n", StagedShell.RunWith("n\n", null, "-Command", "$c = '&Yes','&No' | ForEach-Object { [System.Management.Automation.Host.ChoiceDescription]::new($_) }; $Host.UI.PromptForChoice('', 'Sure?', $c, 0)").Output, StringComparison.Ordinal);
    }
}
