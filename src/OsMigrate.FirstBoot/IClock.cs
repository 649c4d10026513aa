using System;

namespace OsMigrate.FirstBoot;

/// <summary>Time, and the wish to stop.</summary>
public interface IClock
{
    DateTime UtcNow { get; }

    /// <summary>True when the system shuts down or the service was told to stop.</summary>
    bool IsStopping { get; }

    /// <summary>Returns early when stopping.</summary>
    void Wait(int seconds);
}
