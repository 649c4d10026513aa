using System.Management.Automation.Language;
using OsMigrate.Shell.Hosting;

namespace OsMigrate.Shell.Console;

/// <summary>Read, run, repeat, until <c>exit</c> or the end of the input.</summary>
internal sealed class PromptLoop(ShellSession session, bool noLogo)
{
    private readonly LineEditor _editor = new(new TabCompletion(session.Runspace));

    public int Run()
    {
        if (!noLogo)
            session.UserInterface.WriteLine(HelpText.Version + ". A small console, not a full PowerShell: see osmigrate -Help. `exit` leaves.");
        while (session.ExitCode is null)
        {
            if (ReadCommand() is not { } text)
                return ExitCodes.Success;
            if (text.Trim().Length > 0)
                session.RunAtPrompt(text);
        }

        return session.ExitCode.Value;
    }

    /// <summary>Reads lines until they are complete: an open brace, bracket or quote asks for more. Null at the end of the input.</summary>
    private string? ReadCommand()
    {
        var prompt = string.Concat(session.Ask("prompt"));
        var text = _editor.ReadLine(prompt.Length > 0 ? prompt : "OM> ");
        while (text is not null && IsIncomplete(text))
        {
            if (_editor.ReadLine(">> ") is not { } more)
                return text;
            text = more.Length == 0 && !text.EndsWith('\n') ? text + "\n" : text + "\n" + more;
        }

        return text;
    }

    private static bool IsIncomplete(string text)
    {
        Parser.ParseInput(text, out _, out var errors);
        return errors.Any(error => error.IncompleteInput);
    }
}
