using System;
using System.Threading;

namespace OsMigrate.FirstBoot.Windows;

/// <summary>The machine's clock.</summary>
public sealed class SystemClock : IClock
{
    private readonly ManualResetEvent _stop = new ManualResetEvent(false);

    public DateTime UtcNow => DateTime.UtcNow;

    public bool IsStopping => _stop.WaitOne(0, false);

    public void Wait(int seconds) => _stop.WaitOne(seconds * 1000, false);

    public void Stop() => _stop.Set();
}
