using System;
using System.IO;

namespace OsMigrate.FirstBoot.Steps;

/// <summary>Brings data disks online and makes them writable: a server leaves disks on a new bus offline.</summary>
/// <remarks>diskpart's lists are in the guest's language, so nothing is read from them: each disk is told, and "noerr" passes over what was right already.</remarks>
public sealed class DataDiskStep : IStep
{
    private const int LimitSeconds = 120;
    private const int MaxDisks = 64;

    public string Title => "data disks";

    public int MaxAttempts => 3;

    public int PauseSeconds => 15;

    public StepOutcome Run(StepContext context)
    {
        var count = Math.Min(context.Registry.DiskCount, MaxDisks);
        var failures = 0;
        for (var disk = 0; disk < count; disk++)
        {
            var script = Path.Combine(context.Folder, "diskpart.txt");
            File.WriteAllText(script, "select disk " + Texts.Number(disk) + "\r\nonline disk noerr\r\nattributes disk clear readonly noerr\r\n");
            if (context.RunTool("diskpart.exe", "/s " + Texts.Quoted(script), LimitSeconds).ExitCode != 0)
                failures++;
            File.Delete(script);
        }

        return failures == 0 ? StepOutcome.Done(Texts.Number(count) + " disks told to be online and writable") : StepOutcome.Failed(Texts.Number(failures) + " of " + Texts.Number(count) + " disks did not answer");
    }
}
