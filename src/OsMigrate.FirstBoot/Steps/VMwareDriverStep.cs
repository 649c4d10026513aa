using System.IO;

namespace OsMigrate.FirstBoot.Steps;

/// <summary>Removes driver packages whose provider is VMware, except pvscsi: a guest may still boot from it.</summary>
public sealed class VMwareDriverStep : IStep
{
    private const int LimitSeconds = 120;

    public string Title => "drivers of VMware";

    public int MaxAttempts => 3;

    public int PauseSeconds => 10;

    public StepOutcome Run(StepContext context)
    {
        var folder = Path.Combine(context.WindowsFolder, "INF");
        var removed = "";
        var failed = "";
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "oem*.inf") : [];
        foreach (var file in files)
        {
            var name = Path.GetFileName(file);
            if (!InfProvider.IsVMware(file) || !IsPublished(name))
                continue;
            var outcome = context.RunTool("pnputil.exe", context.IsWindows10 ? "/delete-driver " + name + " /force" : "-f -d " + name, LimitSeconds);
            if (outcome.ExitCode is 0 or 3010)
                removed += " " + name;
            else
                failed += " " + name;
        }

        if (failed.Length > 0)
            return StepOutcome.Failed("not removed:" + failed + (removed.Length > 0 ? "; removed:" + removed : ""));
        return StepOutcome.Done(removed.Length == 0 ? "none is left" : "removed:" + removed);
    }

    /// <summary>"oem12.inf": the names Windows gives.</summary>
    private static bool IsPublished(string name)
    {
        for (var i = 3; i < name.Length - 4; i++)
        {
            if (name[i] is < '0' or > '9')
                return false;
        }

        return name.Length is > 7 and < 20;
    }
}
