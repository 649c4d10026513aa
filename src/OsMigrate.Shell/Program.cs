using OsMigrate.Shell.Console;
using OsMigrate.Shell.Hosting;

namespace OsMigrate.Shell;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        // Read by the engine on its first use.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        var line = CommandLine.Parse(arguments, System.Console.IsInputRedirected);
        switch (line.Mode)
        {
            case ShellMode.Help:
                System.Console.Out.Write(HelpText.Read());
                return ExitCodes.Success;
            case ShellMode.Version:
                System.Console.Out.WriteLine(HelpText.Version);
                return ExitCodes.Success;
            case ShellMode.Refused:
                System.Console.Error.WriteLine(line.Text);
                return ExitCodes.BadCommandLine;
            default:
                return Run(line);
        }
    }

    private static int Run(CommandLine line)
    {
        using var session = ShellSession.Open(line.NonInteractive);
        using var signals = StopSignals.Listen(session);
        return line.Mode switch
        {
            ShellMode.Command => session.RunCommand(line.Text),
            ShellMode.File => session.RunFile(line.Text, line.Arguments),
            ShellMode.StandardInput => session.RunCommand(System.Console.In.ReadToEnd()),
            _ => new PromptLoop(session, line.NoLogo).Run(),
        };
    }
}
