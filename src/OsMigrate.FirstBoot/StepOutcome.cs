namespace OsMigrate.FirstBoot;

/// <summary>What came of one attempt at a step.</summary>
public sealed class StepOutcome
{
    private StepOutcome(bool succeeded, bool final, bool reboot, string text)
    {
        Succeeded = succeeded;
        IsFinal = final;
        NeedsReboot = reboot;
        Text = text;
    }

    public bool Succeeded { get; }

    /// <summary>Trying again makes no sense.</summary>
    public bool IsFinal { get; }

    /// <summary>It takes effect after a restart.</summary>
    public bool NeedsReboot { get; }

    public string Text { get; }

    public static StepOutcome Done(string text) => new StepOutcome(true, true, false, text);

    public static StepOutcome DoneAfterReboot(string text) => new StepOutcome(true, true, true, text);

    /// <summary>It may go better next time.</summary>
    public static StepOutcome Failed(string text) => new StepOutcome(false, false, false, text);

    public static StepOutcome GivenUp(string text) => new StepOutcome(false, true, false, text);

    public override string ToString() => (Succeeded ? "done: " : "failed: ") + Text + (NeedsReboot ? " (restart needed)" : "");
}
