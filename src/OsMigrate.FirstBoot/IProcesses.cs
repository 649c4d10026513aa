namespace OsMigrate.FirstBoot;

/// <summary>Starts programs.</summary>
public interface IProcesses
{
    /// <summary>Runs a program to its end. Never throws for what the program does.</summary>
    /// <param name="file">Full path.</param>
    /// <param name="outputFile">File that gets what the program prints.</param>
    /// <param name="limitSeconds">After this the program and its children are ended.</param>
    ProcessOutcome Run(string file, string arguments, string folder, string outputFile, int limitSeconds);
}

/// <summary>How a program ended.</summary>
public sealed class ProcessOutcome
{
    private ProcessOutcome(int? exitCode, string text)
    {
        ExitCode = exitCode;
        Text = text;
    }

    /// <summary>Null when it did not start, or did not end by itself.</summary>
    public int? ExitCode { get; }

    /// <summary>"exit code 0", "ended after 600 seconds", or why it did not start.</summary>
    public string Text { get; }

    public bool TimedOut { get; private set; }

    public static ProcessOutcome Exited(int code) => new ProcessOutcome(code, "exit code " + Texts.Number(code));

    public static ProcessOutcome Ended(int seconds) => new ProcessOutcome(null, "ended after " + Texts.Number(seconds) + " seconds") { TimedOut = true };

    public static ProcessOutcome NotStarted(string why) => new ProcessOutcome(null, "not started: " + why);
}
