using System.Globalization;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace OsMigrate.Shell.Hosting;

/// <summary>What the engine sees of this program.</summary>
internal sealed class ShellHost(bool nonInteractive) : PSHost, IHostSupportsInteractiveSession
{
    private readonly ShellUserInterface _userInterface = new(nonInteractive);

    public override string Name => "OsMigrateHost";

    public override Version Version { get; } = typeof(ShellHost).Assembly.GetName().Version ?? new Version(0, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => _userInterface;

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    /// <summary>Set once a script has said <c>exit</c>.</summary>
    public int? ExitCode { get; private set; }

    public Runspace? Runspace { get; set; }

    Runspace IHostSupportsInteractiveSession.Runspace => Runspace!;

    bool IHostSupportsInteractiveSession.IsRunspacePushed => false;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    // Programs started from the shell use the terminal as it is.
    public override void NotifyBeginApplication() => _userInterface.EndProgress();

    public override void NotifyEndApplication()
    {
    }

    public override void EnterNestedPrompt() => throw new NotSupportedException("This console has no nested prompts.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("This console has no nested prompts.");

    void IHostSupportsInteractiveSession.PushRunspace(Runspace runspace) => throw new NotSupportedException("This console has no remote sessions.");

    void IHostSupportsInteractiveSession.PopRunspace() => throw new NotSupportedException("This console has no remote sessions.");
}
