using System.Management.Automation;
using System.Management.Automation.Host;
using OsMigrate.Shell.Console;

namespace OsMigrate.Shell.Hosting;

/// <summary>Output goes to standard output; errors, warnings, verbose and debug text and progress go to standard error, so that pipes carry results only.</summary>
internal sealed partial class ShellUserInterface : PSHostUserInterface
{
    private readonly Lock _gate = new();
    private readonly ProgressLine? _progress;
    private readonly TextWriter _output = System.Console.Out;
    private readonly TextWriter _error = System.Console.Error;
    private readonly bool _nonInteractive;

    public ShellUserInterface(bool nonInteractive)
    {
        _nonInteractive = nonInteractive;
        if (!nonInteractive && !System.Console.IsErrorRedirected)
            _progress = new ProgressLine(_error);
    }

    public override PSHostRawUserInterface RawUI { get; } = new ShellRawUserInterface();

    public override bool SupportsVirtualTerminal => !System.Console.IsOutputRedirected;

    public void EndProgress()
    {
        lock (_gate)
            _progress?.Clear();
    }

    public override void Write(string value) => Put(_output, value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        if (System.Console.IsOutputRedirected)
        {
            Write(value);
            return;
        }

        lock (_gate)
        {
            _progress?.Clear();
            System.Console.ForegroundColor = foregroundColor;
            if (Enum.IsDefined(backgroundColor) && backgroundColor != ConsoleColor.Black)
                System.Console.BackgroundColor = backgroundColor;
            _output.Write(value);
            System.Console.ResetColor();
        }
    }

    public override void WriteLine() => Write(Environment.NewLine);

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        Write(foregroundColor, backgroundColor, value);
        WriteLine();
    }

    public override void WriteErrorLine(string value) => WriteStandardError(value, "31");

    public override void WriteWarningLine(string message) => WriteStandardError("WARNING: " + message, "33");

    public override void WriteVerboseLine(string message) => WriteStandardError("VERBOSE: " + message, "33");

    public override void WriteDebugLine(string message) => WriteStandardError("DEBUG: " + message, "33");

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        lock (_gate)
            _progress?.Show(record);
    }

    private void WriteStandardError(string text, string colour)
        => Put(_error, (System.Console.IsErrorRedirected ? text : $"\u001b[{colour}m{text}\u001b[0m") + Environment.NewLine, System.Console.IsErrorRedirected);

    private void Put(TextWriter writer, string text) => Put(writer, text, System.Console.IsOutputRedirected);

    private void Put(TextWriter writer, string text, bool plain)
    {
        // The engine colours its text whatever the target is.
        var shown = plain ? GetOutputString(text, false) : text;
        lock (_gate)
        {
            _progress?.Clear();
            writer.Write(shown);
            writer.Flush();
        }
    }
}
