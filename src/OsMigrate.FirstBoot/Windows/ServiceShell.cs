using System;
using System.ServiceProcess;
using System.Threading;

namespace OsMigrate.FirstBoot.Windows;

/// <summary>The Windows service around the run: starts at once, works beside, stops when it is over.</summary>
internal sealed class ServiceShell : ServiceBase
{
    private readonly SystemClock _clock = new SystemClock();

    public ServiceShell()
    {
        ServiceName = FirstBootRun.ServiceName;
        CanShutdown = true;
        AutoLog = false;
    }

    protected override void OnStart(string[] args)
    {
        var thread = new Thread(Work) { IsBackground = false };
        thread.Start();
    }

    protected override void OnStop() => _clock.Stop();

    protected override void OnShutdown() => _clock.Stop();

    private void Work()
    {
        Program.Run(AppDomain.CurrentDomain.BaseDirectory, SystemFolders.Windows, null, _clock);
        if (!_clock.IsStopping)
            Stop();
    }
}
