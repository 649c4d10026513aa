namespace OsMigrate.Shell;

internal enum ShellMode
{
    Prompt,
    Command,
    File,
    StandardInput,
    Help,
    Version,
    Refused,
}

/// <summary>The program's own arguments. Options may be shortened, have any case and start with one or two hyphens, as PowerShell's.</summary>
/// <param name="Text">The command, the script file, or why the line was refused.</param>
/// <param name="Arguments">What follows the file of -File.</param>
internal sealed record CommandLine(ShellMode Mode, string Text, IReadOnlyList<string> Arguments, bool NonInteractive, bool NoLogo)
{
    private static readonly string[] Options = ["command", "executionpolicy", "file", "help", "nologo", "noninteractive", "noprofile", "version"];

    public static CommandLine Parse(IReadOnlyList<string> arguments, bool inputRedirected)
    {
        var nonInteractive = false;
        var noLogo = false;
        for (var at = 0; at < arguments.Count; at++)
        {
            var rest = arguments.Skip(at + 1).ToArray();
            if (!arguments[at].StartsWith('-'))
                return Make(ShellMode.File, arguments[at], rest);
            switch (FullName(arguments[at]))
            {
                case "noninteractive": nonInteractive = true; break;
                case "nologo": noLogo = true; break;
                case "noprofile": break; // there is no profile to skip
                case "executionpolicy": at++; break; // lines written for powershell.exe keep working
                case "help": return Make(ShellMode.Help, "", []);
                case "version": return Make(ShellMode.Version, "", []);
                case "command" when rest is []: return Refuse("-Command needs the text of a command. Example: osmigrate -Command \"Get-DiskImage disk.vmdk\"");
                case "command" when rest is ["-"]: return Make(ShellMode.StandardInput, "", []);
                case "command": return Make(ShellMode.Command, string.Join(' ', rest), []);
                case "file" when rest is []: return Refuse("-File needs the path of a script. Example: osmigrate -File build.ps1 Test");
                case "file": return Make(ShellMode.File, rest[0], rest[1..]);
                default: return Refuse($"Unknown option {arguments[at]}. `osmigrate -Help` lists the options.");
            }
        }

        return Make(inputRedirected ? ShellMode.StandardInput : ShellMode.Prompt, "", []);

        CommandLine Make(ShellMode mode, string text, IReadOnlyList<string> scriptArguments) => new(mode, text, scriptArguments, nonInteractive, noLogo);
        CommandLine Refuse(string reason) => Make(ShellMode.Refused, reason, []);
    }

    /// <summary>The option that an abbreviation means; "" when none or several. -c, -f, -h and -? have their usual meaning.</summary>
    private static string FullName(string argument)
    {
        var given = argument.TrimStart('-').ToLowerInvariant();
        switch (given)
        {
            case "c": return "command";
            case "f": return "file";
            case "h" or "?": return "help";
            case "v": return "version";
        }

        var meant = Options.Where(option => given.Length > 0 && option.StartsWith(given, StringComparison.Ordinal)).ToArray();
        return meant is [var one] ? one : "";
    }
}
