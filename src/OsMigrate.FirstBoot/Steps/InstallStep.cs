using System.IO;
using OsMigrate.FirstBoot.Plan;

namespace OsMigrate.FirstBoot.Steps;

/// <summary>Installs a package of Windows Installer: the guest agent.</summary>
public sealed class InstallStep : IStep
{
    private readonly string _file;

    public InstallStep(string file) => _file = SafeName.File(file, ".msi");

    public string Title => "install " + _file;

    public int MaxAttempts => 3;

    public int PauseSeconds => 60;

    public StepOutcome Run(StepContext context)
    {
        var package = Path.Combine(context.PackageFolder, _file);
        if (!File.Exists(package))
            return StepOutcome.GivenUp("'" + package + "' does not exist");
        var log = Path.Combine(context.Folder, "msi-" + _file + ".log");
        var outcome = Msi.Outcome(context.RunTool("msiexec.exe", "/i " + Texts.Quoted(package) + " /qn /norestart REBOOT=ReallySuppress /l*v " + Texts.Quoted(log), Msi.LimitSeconds), "installed");
        // "Unknown product" is no success here.
        return outcome.Succeeded && outcome.Text != "installed" ? StepOutcome.Failed(outcome.Text) : outcome;
    }
}
