using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace OsMigrate.Shell.Hosting;

/// <summary>
/// What PowerShell's own console and its Utility module reach inside the engine, and what has no public door. Everything of the kind is here.
/// The package's version is pinned, and a test runs each: an engine that has moved a name fails there with that name.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
    private const string FormatNamespace = "Microsoft.PowerShell.Commands.Internal.Format.";

    private static Assembly Engine => typeof(PSObject).Assembly;

    /// <summary>Makes <c>exit</c> in the script file that runs next end the session, as it does for -File, and not only that script.</summary>
    public static void LetNextScriptExit(Runspace runspace)
    {
        var context = Context(runspace);
        Member(context.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Hidden), "ScriptCommandProcessorShouldRethrowExit").SetValue(context, true);
    }

    /// <summary>Ends the commands in front of this one in the pipeline, as Select-Object -First does. Does not return.</summary>
    [DoesNotReturn]
    public static void StopUpstream(PSCmdlet command)
    {
        var type = Member(Engine.GetType("System.Management.Automation.StopUpstreamCommandsException"), "StopUpstreamCommandsException");
        throw (Exception)Create(type, command);
    }

    /// <summary>Gives a Format-* command the engine's formatter. Shape: Table, List, Wide.</summary>
    public static void FormatAs(FrontEndCommandBase command, string shape)
    {
        var shapes = EngineType("FormatShape");
        SetImplementation(command, Create(EngineType("InnerFormatShapeCommand"), Enum.Parse(shapes, shape)));
    }

    /// <summary>Gives an Out-* command the engine's printer, which then writes lines to the writer.</summary>
    public static void PrintTo(FrontEndCommandBase command, TextWriter writer, int columns)
    {
        var printer = Create(EngineType("OutputManagerInner"));
        var lines = Create(EngineType("TextWriterLineOutput"), writer, columns);
        Member(printer.GetType().GetProperty("LineOutput", Hidden), "LineOutput").SetValue(printer, lines);
        SetImplementation(command, printer);
    }

    private static object Context(Runspace runspace)
        => Member(runspace.GetType().GetProperty("ExecutionContext", Hidden), "ExecutionContext").GetValue(runspace)!;

    private static void SetImplementation(FrontEndCommandBase command, object implementation)
        => Member(typeof(FrontEndCommandBase).GetField("implementation", Hidden), "implementation").SetValue(command, implementation);

    private static Type EngineType(string name) => Member(Engine.GetType(FormatNamespace + name), name);

    private static object Create(Type type, params object[] arguments)
        => Activator.CreateInstance(type, Hidden, null, arguments, null) ?? throw Moved(type.Name);

    private static T Member<T>(T? member, string name)
        where T : class
        => member ?? throw Moved(name);

    private static MissingMemberException Moved(string name)
        => new($"This version of System.Management.Automation ({Engine.GetName().Version}) has no '{name}'.");
}
