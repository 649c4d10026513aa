using System.IO;
using OsMigrate.FirstBoot.Plan;

namespace OsMigrate.FirstBoot.Steps;

/// <summary>Runs a script or program of the user: once, whatever comes of it.</summary>
public sealed class ScriptStep : IStep
{
    private const int LimitSeconds = 1800;
    private readonly string _file;

    public ScriptStep(string file) => _file = SafeName.File(file, ".cmd", ".bat", ".exe", ".ps1");

    public string Title => "script " + _file;

    public int MaxAttempts => 1;

    public int PauseSeconds => 0;

    public StepOutcome Run(StepContext context)
    {
        var script = Path.Combine(context.ScriptFolder, _file);
        if (!File.Exists(script))
            return StepOutcome.GivenUp("'" + script + "' does not exist");
        var outcome = Start(context, script);
        return outcome.ExitCode switch
        {
            0 => StepOutcome.Done(outcome.Text),
            3010 or 1641 => StepOutcome.DoneAfterReboot(outcome.Text),
            _ => StepOutcome.GivenUp(outcome.Text),
        };
    }

    private static ProcessOutcome Start(StepContext context, string script)
    {
        switch (Path.GetExtension(script).ToLowerInvariant())
        {
            case ".exe":
                return context.Run(script, "", context.ScriptFolder, LimitSeconds);
            case ".ps1":
                var powershell = Path.Combine(Path.Combine(Path.Combine(context.SystemFolder, "WindowsPowerShell"), "v1.0"), "powershell.exe");
                return context.Run(powershell, "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File " + Texts.Quoted(script), context.ScriptFolder, LimitSeconds);
            default:
                // With /s cmd takes away the outer quotes and nothing else.
                return context.Run(Path.Combine(context.SystemFolder, "cmd.exe"), "/d /s /c \"" + Texts.Quoted(script) + "\"", context.ScriptFolder, LimitSeconds);
        }
    }
}
