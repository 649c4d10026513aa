using System;
using System.IO;
using System.ServiceProcess;

namespace OsMigrate.FirstBoot.Windows;

internal static class Program
{
    /// <summary>As a service without arguments. By hand, for trying a plan: --run FOLDER [WINDOWS SYSTEM].</summary>
    public static int Main(string[] args)
    {
        if (args.Length == 0)
        {
            RunService();
            return 0;
        }

        if (args[0] != "--run" || args.Length is not (2 or 4))
        {
            Console.Error.WriteLine("This program is a Windows service. By hand: OsMigrateFirstBoot --run FOLDER [WINDOWSFOLDER SYSTEMFOLDER]");
            return 2;
        }

        return Run(Path.GetFullPath(args[1]), args.Length == 4 ? args[2] : SystemFolders.Windows, args.Length == 4 ? args[3] : null, new SystemClock()) ? 0 : 1;
    }

    /// <summary>By itself, so that a run by hand does not need the assembly for services.</summary>
    private static void RunService() => ServiceBase.Run(new ServiceShell());

    /// <param name="systemFolder">Null for that of this Windows.</param>
    public static bool Run(string folder, string windowsFolder, string? systemFolder, IClock clock)
    {
        var system = systemFolder ?? SystemFolders.System(windowsFolder);
        var context = new StepContext(folder, windowsFolder, system, new SystemProcesses(system), clock, new SystemRegistry(), new SystemAdapters())
        {
            // Version 6.2 is what Windows tells programs that do not know it; the build is told truly in the registry.
            IsWindows10 = WindowsBuild.Is10OrLater(),
        };
        try
        {
            return new FirstBootRun(context).Run();
        }
        catch (Exception e)
        {
            context.Log.Write("Unexpected: " + e);
            return true;
        }
    }
}
