namespace OsMigrate.Guests.Windows.Drivers;

/// <summary>How the virtio-win project names things, on its ISO and in its package.</summary>
internal static class VirtioNames
{
    /// <summary>Folder names of releases; nothing else is one.</summary>
    private static readonly HashSet<string> ReleaseFolders = new(WindowsReleases.All.SelectMany(static r => r.DriverFolders), StringComparer.Ordinal);

    public static bool IsReleaseFolder(string name) => ReleaseFolders.Contains(name.ToLowerInvariant());

    /// <summary>The driver's name from that of its INF; most are alike.</summary>
    public static string OfInf(string infName)
    {
        var stem = Path.GetFileNameWithoutExtension(infName).ToLowerInvariant();
        return stem switch
        {
            "vioser" => "vioserial",
            "viosock_wow" => "viosock",
            _ => stem,
        };
    }

    /// <summary>Not for a guest: drivers for SR-IOV cards under NetKVM's name, its protocol driver, debug symbols.</summary>
    public static bool IsExcludedFolder(string name) => string.Equals(name, "sriov", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc cref="IsExcludedFolder"/>
    public static bool IsExcludedFile(string name)
        => name.StartsWith("vioprot.", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".pdb", StringComparison.OrdinalIgnoreCase);
}
