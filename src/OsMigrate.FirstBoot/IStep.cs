namespace OsMigrate.FirstBoot;

/// <summary>One thing to do.</summary>
public interface IStep
{
    /// <summary>For the log: "driver Drivers\VirtIO\netkvm.inf".</summary>
    string Title { get; }

    /// <summary>How often it may be begun, over all starts of the system.</summary>
    int MaxAttempts { get; }

    /// <summary>Time to let pass before the next attempt.</summary>
    int PauseSeconds { get; }

    StepOutcome Run(StepContext context);
}
