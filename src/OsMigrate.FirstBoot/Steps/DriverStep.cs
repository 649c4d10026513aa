using System.IO;
using OsMigrate.FirstBoot.Plan;

namespace OsMigrate.FirstBoot.Steps;

/// <summary>Gives one driver to Windows, which installs it where its device is.</summary>
public sealed class DriverStep : IStep
{
    private const int LimitSeconds = 300;
    private readonly string _inf;

    /// <param name="inf">Path below the Windows folder.</param>
    public DriverStep(string inf) => _inf = SafeName.Relative(inf, ".inf");

    public string Title => "driver " + _inf;

    public int MaxAttempts => 3;

    public int PauseSeconds => 10;

    public StepOutcome Run(StepContext context)
    {
        var inf = context.WindowsFolder;
        foreach (var name in _inf.Split('\\'))
            inf = Path.Combine(inf, name);
        if (!File.Exists(inf))
            return StepOutcome.GivenUp("'" + inf + "' does not exist");
        var outcome = context.RunTool("pnputil.exe", context.IsWindows10 ? "/add-driver " + Texts.Quoted(inf) + " /install" : "-i -a " + Texts.Quoted(inf), LimitSeconds);
        switch (outcome.ExitCode)
        {
            case 0:
                return StepOutcome.Done("installed");
            case 259:
                // ERROR_NO_MORE_ITEMS: it is there already, or no device wants it.
                return StepOutcome.Done("known to Windows already, or no device needs it");
            case 3010:
            case 1641:
                return StepOutcome.DoneAfterReboot("installed");
            default:
                // A driver that waits for somebody to click would wait again.
                return outcome.TimedOut ? StepOutcome.GivenUp(outcome.Text) : StepOutcome.Failed(outcome.Text);
        }
    }
}
