using System.Management.Automation;
using System.Management.Automation.Runspaces;
using OsMigrate.Shell.Cmdlets;

namespace OsMigrate.Shell.Hosting;

/// <summary>One runspace of the engine with the shell's commands in it, and the pipeline that runs in it at the moment.</summary>
internal sealed class ShellSession : IDisposable
{
    private readonly ShellHost _host;
    private readonly Lock _gate = new();
    private PowerShell? _running;
    private bool _stopped;

    private ShellSession(ShellHost host, Runspace runspace)
    {
        _host = host;
        Runspace = runspace;
    }

    public Runspace Runspace { get; }

    /// <summary>The code of <c>exit n</c>, once a script has said so.</summary>
    public int? ExitCode => _host.ExitCode;

    public ShellUserInterface UserInterface => (ShellUserInterface)_host.UI;

    public static ShellSession Open(bool nonInteractive)
    {
        var state = InitialSessionState.CreateDefault2();
        ShellCommands.AddTo(state);
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned;
        var host = new ShellHost(nonInteractive);
        var runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        host.Runspace = runspace;
        ModuleLocation.AddToModulePath();
        return new ShellSession(host, runspace);
    }

    /// <summary>Runs text as -Command does: 1 when its last statement failed.</summary>
    public int RunCommand(string text)
    {
        var completed = Run(shell => shell.AddScript(LastStatement.Watch(text)));
        return Outcome(completed && LastStatement.Succeeded(Runspace));
    }

    /// <summary>Runs a script file as -File does: 0 unless it says otherwise or ends with an error.</summary>
    public int RunFile(string path, IReadOnlyList<string> arguments)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            UserInterface.WriteErrorLine($"The script '{path}' does not exist.");
            return ExitCodes.BadCommandLine;
        }

        EngineInternals.LetNextScriptExit(Runspace);
        return Outcome(Run(shell => shell.Commands.AddCommand(ScriptCall.Create(full, arguments))));
    }

    /// <summary>Runs one input of the prompt; errors are shown, the session goes on.</summary>
    public void RunAtPrompt(string text) => Run(shell => shell.AddScript(text), addToHistory: true);

    /// <summary>Runs text and returns its objects; errors are ignored. For the prompt text and for $?.</summary>
    public IReadOnlyList<PSObject> Ask(string text)
    {
        using var shell = PowerShell.Create(Runspace);
        try
        {
            return shell.AddScript(text).Invoke();
        }
        catch (RuntimeException)
        {
            return [];
        }
    }

    /// <summary>Stops what runs. False when nothing ran, or when it was asked to stop before and still runs.</summary>
    public bool Stop()
    {
        lock (_gate)
        {
            if (_running is null || _stopped)
                return false;
            _stopped = true;
            _running.BeginStop(null, null);
            return true;
        }
    }

    public void Dispose() => Runspace.Dispose();

    private int Outcome(bool succeeded) => ExitCode ?? (_stopped ? ExitCodes.Stopped : succeeded ? ExitCodes.Success : ExitCodes.Failure);

    /// <summary>False when an error ended it, or a stop.</summary>
    private bool Run(Action<PowerShell> fill, bool addToHistory = false)
    {
        using var shell = PowerShell.Create(Runspace);
        fill(shell);
        shell.AddCommand("Out-Default");
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        lock (_gate)
        {
            _running = shell;
            _stopped = false;
        }

        try
        {
            shell.Invoke(null, new PSInvocationSettings { AddToHistory = addToHistory });
            return !_stopped;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
        catch (RuntimeException error)
        {
            Show(error.ErrorRecord);
            return false;
        }
        finally
        {
            lock (_gate)
                _running = null;
            UserInterface.EndProgress();
        }
    }

    /// <summary>Shows an error that ended a pipeline the way the engine shows any other.</summary>
    private void Show(ErrorRecord error)
    {
        using var shell = PowerShell.Create(Runspace);
        var shown = PSObject.AsPSObject(error);
        shown.Properties.Add(new PSNoteProperty("writeErrorStream", true));
        try
        {
            shell.AddCommand("Out-Default").Invoke(new[] { shown });
        }
        catch (RuntimeException)
        {
            UserInterface.WriteErrorLine(error.ToString());
        }
    }
}
