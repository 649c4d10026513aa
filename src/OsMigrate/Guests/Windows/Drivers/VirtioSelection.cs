using OsMigrate.Guests.Windows.Inf;

namespace OsMigrate.Guests.Windows.Drivers;

/// <summary>Of all offers of one driver, the one for a guest.</summary>
internal static class VirtioSelection
{
    private static readonly Version SmbusFault = new(0, 1, 285);

    /// <returns>Null when none fits.</returns>
    public static VirtioChoice? Best(IReadOnlyList<VirtioDriver> offers, WindowsRelease release, TargetSystem target, Version? mediaRelease)
    {
        var fitting = offers.Where(d => (d.Architecture ?? target.Architecture) == target.Architecture).ToList();
        foreach (var folder in release.DriverFolders)
        {
            if (Newest(fitting.Where(d => d.ReleaseFolder == folder), target) is { } found)
                return Make(found, release, folder, mediaRelease);
        }

        return Newest(fitting.Where(static d => d.ReleaseFolder is null && d.Package is not null), target) is { } loose
            ? new VirtioChoice(loose, $"Its folder names no release, but its INF is for {release.Name} too.", false, Caution(loose, release, mediaRelease))
            : null;
    }

    /// <summary>The same driver may lie on a medium twice; a folder of its own comes before one it shares, then the newer version.</summary>
    private static VirtioDriver? Newest(IEnumerable<VirtioDriver> offers, TargetSystem target)
        => offers.Where(d => IsFor(d, target))
            .OrderByDescending(static d => d.Package is not null)
            .ThenByDescending(static d => d.Package?.DriverVersion ?? new Version(0, 0, 0, 0))
            .ThenByDescending(static d => d.Folder.Count(static c => c == '/'))
            .ThenBy(static d => d.Folder, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault();

    /// <summary>An INF that cannot be read, or that lists no models, does not speak against its folder.</summary>
    private static bool IsFor(VirtioDriver driver, TargetSystem target)
        => driver.Package is not { Models.Count: > 0 } package || package.ModelsFor(target).Count > 0;

    private static VirtioChoice Make(VirtioDriver driver, WindowsRelease release, string folder, Version? mediaRelease)
    {
        var isFallback = folder != release.DriverFolder;
        var reason = isFallback
            ? $"The medium has no '{release.DriverFolder}' of it for {release.Name}; that of '{folder}' has the same driver model."
            : $"Made for {release.Name}.";
        return new VirtioChoice(driver, reason, isFallback, Caution(driver, release, mediaRelease));
    }

    private static string? Caution(VirtioDriver driver, WindowsRelease release, Version? mediaRelease)
    {
        if (driver.Fault is { } fault)
            return $"Its INF cannot be read: {fault}";
        // Measured by others: with 0.1.285 the signature check of smbus.inf fails there, and the guest restarts again and again when that is taken for fatal.
        if (driver.Name == "smbus" && release.OsInfoId is "win2k22" or "win2k25" && (mediaRelease is null || mediaRelease == SmbusFault))
            return "The signature of smbus.inf in virtio-win 0.1.285 is refused by Windows Server 2022 and 2025; it is not needed, leave it out.";
        return driver.IsEssential && release.DriverFolder is "xp" or "2k3" or "2k8" or "w7" or "2k8r2"
            ? "Drivers signed with SHA-2 only need the update KB3033929 (Windows 7, 2008 R2) or are refused (older); use a disc of the guest's time."
            : null;
    }
}
