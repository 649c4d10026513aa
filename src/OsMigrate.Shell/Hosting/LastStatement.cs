using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace OsMigrate.Shell.Hosting;

/// <summary>Whether the last statement of a text succeeded. $? asked for afterwards tells about showing the output, so the text itself has to note it.</summary>
internal static class LastStatement
{
    private const string Variable = "__osmigrateSucceeded";

    /// <summary>The text, with a line behind it that keeps $?. Texts with begin, process and end blocks, or that do not parse, stay as they are.</summary>
    public static string Watch(string text)
    {
        var script = Parser.ParseInput(text, out _, out var errors);
        return errors.Length == 0 && script is { BeginBlock: null, ProcessBlock: null, EndBlock.Unnamed: true } ? $"{text}\n$global:{Variable} = $?" : text;
    }

    public static bool Succeeded(Runspace runspace) => runspace.SessionStateProxy.GetVariable(Variable) is not false;
}
