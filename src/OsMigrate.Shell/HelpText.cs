using System.Management.Automation;
using System.Reflection;

namespace OsMigrate.Shell;

/// <summary>What -Help and -Version print.</summary>
internal static class HelpText
{
    public static string Version
        => $"osmigrate {typeof(HelpText).Assembly.GetName().Version?.ToString(3)} (PowerShell engine {EngineVersion})";

    private static string EngineVersion
        => typeof(PSObject).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', ' ')[0] ?? "unknown";

    public static string Read() => """
        osmigrate - a console for machines without PowerShell

        It hosts the PowerShell engine, loads the OsMigrate module and brings the common commands that pipelines need (Select-Object,
        Sort-Object, Format-Table, ConvertTo-Json, Get-ChildItem, Get-Content ...). It is a convenience, not a second PowerShell: those
        commands know the usual parameters only, and there are no profiles, no remoting, no Start-Job and no gallery. Where PowerShell 7 or
        Windows PowerShell 5.1 is installed, use that: Import-Module ./output/OsMigrate.

        osmigrate                                  a prompt; `exit` leaves it
        osmigrate script.ps1 [arguments]           runs a script
        osmigrate -File script.ps1 [arguments]     the same
        osmigrate -Command "text"                  runs a command; `-Command -` reads it from standard input
          -NonInteractive                          never asks: a command that would have to ask fails instead
          -NoLogo                                  no greeting at the prompt
          -Help, -Version
          -NoProfile, -ExecutionPolicy x           accepted and without effect

        Short names (ls, cat, sort, cp ...) mean the commands on every system, as they do on Windows; /bin/ls means the program.

        Exit code: that of `exit n` in the script; otherwise 0, or 1 after an error that ended the script (with -Command: after a last
        statement that failed); 64 for a command line that cannot be used; 130 when stopped with Ctrl+C.

        """;
}
