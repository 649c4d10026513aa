namespace OsMigrate.FirstBoot;

/// <summary>The few things that are read from and written to the registry of the running system.</summary>
public interface IGuestRegistry
{
    /// <summary>Number of disks, as the disk class driver counts them.</summary>
    int DiskCount { get; }

    bool ServiceExists(string name);

    /// <summary>Sets the service's start to "disabled".</summary>
    void DisableService(string name);
}
