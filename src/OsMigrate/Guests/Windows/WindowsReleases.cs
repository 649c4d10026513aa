namespace OsMigrate.Guests.Windows;

/// <summary>Every release of Windows that is known, one row each.</summary>
public static class WindowsReleases
{
    private const int Newer = int.MaxValue;

    // A driver of an older release with the same driver model is better than none: that is what the folders after the first are for.
    public static IReadOnlyList<WindowsRelease> All { get; } =
    [
        new("Windows XP", 5, 1, 2600, 3789, false, ["xp"], "winxp"),
        new("Windows XP x64", 5, 2, 3790, 5999, false, ["2k3"], "winxp"),
        new("Windows Server 2003", 5, 2, 3790, 5999, true, ["2k3"], "win2k3"),
        new("Windows Vista", 6, 0, 6000, 7599, false, ["2k8"], "winvista"),
        new("Windows Server 2008", 6, 0, 6000, 7599, true, ["2k8"], "win2k8"),
        new("Windows 7", 6, 1, 7600, 9199, false, ["w7", "2k8r2"], "win7"),
        new("Windows Server 2008 R2", 6, 1, 7600, 9199, true, ["2k8r2", "w7"], "win2k8r2"),
        new("Windows 8", 6, 2, 9200, 9599, false, ["w8", "2k12"], "win8"),
        new("Windows Server 2012", 6, 2, 9200, 9599, true, ["2k12", "w8"], "win2k12"),
        new("Windows 8.1", 6, 3, 9600, 10239, false, ["w8.1", "2k12r2"], "win8.1"),
        new("Windows Server 2012 R2", 6, 3, 9600, 10239, true, ["2k12r2", "w8.1"], "win2k12r2"),
        new("Windows 10", 10, 0, 10240, 21999, false, ["w10", "2k16"], "win10"),
        new("Windows Server 2016", 10, 0, 10240, 17762, true, ["2k16", "w10"], "win2k16"),
        new("Windows Server 2019", 10, 0, 17763, 20347, true, ["2k19", "2k16", "w10"], "win2k19"),
        new("Windows Server 2022", 10, 0, 20348, 26039, true, ["2k22", "2k19", "2k16", "w10"], "win2k22"),
        new("Windows 11", 10, 0, 22000, Newer, false, ["w11", "w10"], "win11"),
        new("Windows Server 2025", 10, 0, 26040, Newer, true, ["2k25", "2k22", "w11", "2k19", "2k16", "w10"], "win2k25"),
    ];

    /// <summary>Finds the release of an installed Windows by its numbers, never by its product name, which editions and channels change.</summary>
    /// <param name="isServer">InstallationType is "Server" or "Server Core".</param>
    /// <returns>Null for a version that is not known.</returns>
    public static WindowsRelease? Find(int major, int minor, int build, bool isServer)
        => All.FirstOrDefault(r => r.Major == major && r.Minor == minor && r.IsServer == isServer && build >= r.FirstBuild && build <= r.LastBuild)
            // A build outside of every range (a preview): the version decides.
            ?? All.LastOrDefault(r => r.Major == major && r.Minor == minor && r.IsServer == isServer && build >= r.FirstBuild);

    /// <summary>Finds a release by its name, its driver folder or its libosinfo id, without regard to case: "2k19", "win2k19", "Windows Server 2019", "Server 2019", "2019".</summary>
    public static WindowsRelease? Named(string name)
    {
        var wanted = Plain(name);
        return All.FirstOrDefault(r => Plain(r.Name) == wanted || Plain(r.OsInfoId) == wanted || Plain(r.DriverFolder) == wanted)
            ?? All.FirstOrDefault(r => r.IsServer && Plain(r.Name) == "server" + wanted);
    }

    private static string Plain(string name)
    {
        var plain = new string([.. name.ToLowerInvariant().Where(static c => char.IsLetterOrDigit(c) || c == '.')]);
        return plain.StartsWith("windows", StringComparison.Ordinal) ? plain.Substring("windows".Length)
            : plain.StartsWith("win", StringComparison.Ordinal) ? plain.Substring("win".Length) : plain;
    }
}
