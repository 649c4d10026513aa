using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace OsMigrate.Shell.Cmdlets;

/// <summary>Adds the commands of this folder, and the usual short names, to a session.</summary>
internal static class ShellCommands
{
    public static void AddTo(InitialSessionState state)
    {
        Aliases.AddTo(state);
        foreach (var type in typeof(ShellCommands).Assembly.GetTypes())
        {
            if (type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet)
                state.Commands.Add(new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, null));
        }
    }
}
