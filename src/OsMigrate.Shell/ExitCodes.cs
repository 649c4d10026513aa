namespace OsMigrate.Shell;

/// <summary>What the program returns when the script itself does not say <c>exit n</c>. The numbers are those of PowerShell's own console.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A script ended with an error that nothing caught, or the last statement of -Command failed.</summary>
    public const int Failure = 1;

    /// <summary>The file of -File does not exist, or an option is unknown.</summary>
    public const int BadCommandLine = 64;

    /// <summary>Stopped by Ctrl+C or by a request to end.</summary>
    public const int Stopped = 130;
}
