using OsMigrate.Guests.Windows;
using OsMigrate.Guests.Windows.Drivers;

namespace OsMigrate.Module.Output;

/// <summary>A driver that a medium offers for one release of Windows and one architecture.</summary>
public sealed class OfferedDriver
{
    private OfferedDriver(string path, VirtioDriver driver)
    {
        (Path, Name, Folder, InfName) = (path, driver.Name, driver.Folder, driver.InfName);
        Releases = [.. WindowsReleases.All.Where(r => r.DriverFolder == driver.ReleaseFolder).Select(static r => r.Name)];
        (Release, Architecture, Fault) = (driver.ReleaseFolder, driver.Architecture, driver.Fault);
        Files = [.. driver.Files.Select(static f => f.Name)];
        if (driver.Package is not { } package)
            return;
        (Version, Date, Provider, Class) = (package.DriverVersion, package.DriverDate, package.Provider, package.Class);
        Catalog = driver.Architecture is { } architecture ? package.CatalogFileFor(architecture) : package.CatalogFile;
        HardwareIds = [.. package.Models.SelectMany(static m => new[] { m.HardwareId }.Concat(m.CompatibleIds)).Where(static id => id.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        Description = package.Models.Select(static m => m.Description).FirstOrDefault();
    }

    public string Name { get; }

    /// <summary>The medium's name for the release, such as "2k19"; null where the path names none.</summary>
    public string? Release { get; }

    /// <summary>The releases of Windows that the folder is made for.</summary>
    public IReadOnlyList<string> Releases { get; }

    /// <summary>x86, amd64 or arm64.</summary>
    public string? Architecture { get; }

    public Version? Version { get; }

    /// <summary>The day in the INF.</summary>
    public DateTime? Date { get; }

    public string? Provider { get; }

    /// <summary>The device setup class.</summary>
    public string? Class { get; }

    public string? Description { get; }

    public string InfName { get; }

    public string? Catalog { get; }

    /// <summary>Hardware and compatible ids of all models.</summary>
    public IReadOnlyList<string> HardwareIds { get; } = [];

    public IReadOnlyList<string> Files { get; }

    /// <summary>Where on the medium.</summary>
    public string Folder { get; }

    /// <summary>The ISO or folder.</summary>
    public string Path { get; }

    /// <summary>Why the INF cannot be read; null where it can.</summary>
    public string? Fault { get; }

    internal static OfferedDriver Of(string path, VirtioDriver driver) => new(path, driver);
}
