using OsMigrate.Guests.Windows.Inf;
using OsMigrate.Registry;

namespace OsMigrate.Guests.Windows.Injection;

/// <summary>Writes the key of a driver's service with everything its INF says.</summary>
/// <remarks>Microsoft, "INF AddService Directive"; values as pnputil leaves them.</remarks>
internal static class ServiceRegistration
{
    /// <summary>Place in the group's order that Windows gives to viostor; a driver without one starts last in its group.</summary>
    private const uint StorageTag = 0x21;

    /// <param name="services">CCS\Services.</param>
    /// <param name="infName">The INF's name in the guest; null where none is installed.</param>
    /// <param name="storePath">The package's folder below the Windows folder, for drivers that stay there; null where there is none.</param>
    /// <returns>The service's key.</returns>
    public static HiveKey Write(HiveKey services, DriverService service, string? infName, string? storePath)
    {
        var key = services.Create(service.Name);
        key.SetDword("Type", service.ServiceType);
        key.SetDword("Start", service.StartType);
        key.SetDword("ErrorControl", service.ErrorControl);
        key.SetExpandString("ImagePath", ImagePath(service, storePath));
        if (service.LoadOrderGroup is { Length: > 0 } group)
            key.SetString("Group", group);
        if (service.StartType == 0 && string.Equals(service.LoadOrderGroup, "SCSI miniport", StringComparison.OrdinalIgnoreCase))
            key.SetDword("Tag", StorageTag);
        if (service.DisplayName is { Length: > 0 } name)
            key.SetString("DisplayName", name);
        if (service.Dependencies.Count > 0)
            key.SetMultiString("DependOnService", [.. service.Dependencies]);
        if (service.StartName is { Length: > 0 } account)
            key.SetString("ObjectName", account);
        if (service.BootFlags is { } boot)
            key.SetDword("BootFlags", boot);
        if (infName is not null)
            key.SetMultiString("Owners", infName);
        foreach (var line in service.Registry)
            RegistryWriting.Apply(key, line);
        if (service.EventLogName is not null || service.EventLogRegistry.Count > 0)
        {
            var log = services.Create($@"EventLog\{service.EventLogType}\{service.EventLogName ?? service.Name}");
            foreach (var line in service.EventLogRegistry)
                RegistryWriting.Apply(log, line);
        }

        return key;
    }

    private static string ImagePath(DriverService service, string? storePath)
    {
        if (service.BinaryDirectory is { IsDriverStore: true } && storePath is not null)
            return $@"\SystemRoot\{storePath}\{service.BinaryName}";
        var folder = service.BinaryDirectory?.BelowWindows ?? @"System32\drivers";
        // Drivers are given relative to the Windows folder, programs of services with its variable.
        return service.ServiceType is 1 or 2 ? $@"{folder}\{service.BinaryName}" : $@"%SystemRoot%\{folder}\{service.BinaryName}";
    }
}
