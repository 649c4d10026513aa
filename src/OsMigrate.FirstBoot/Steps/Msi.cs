namespace OsMigrate.FirstBoot.Steps;

/// <summary>What the exit codes of Windows Installer mean.</summary>
/// <remarks>Source: Microsoft, "MsiExec.exe and InstMsi.exe error messages".</remarks>
internal static class Msi
{
    public const int LimitSeconds = 600;

    public static StepOutcome Outcome(ProcessOutcome outcome, string done)
    {
        switch (outcome.ExitCode)
        {
            case 0:
                return StepOutcome.Done(done);
            case 1605:
                return StepOutcome.Done("not installed");
            case 1641:
            case 3010:
                return StepOutcome.DoneAfterReboot(done);
            case 1618:
                return StepOutcome.Failed("another installation is running");
            default:
                return outcome.TimedOut ? StepOutcome.GivenUp(outcome.Text) : StepOutcome.Failed(outcome.Text);
        }
    }
}
