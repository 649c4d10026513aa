namespace OsMigrate.Guests.Windows;

/// <summary>A release of Windows: how it is recognised, and what it is called by others.</summary>
/// <param name="Name">"Windows Server 2019".</param>
/// <param name="Major">As the registry's CurrentVersion says: 6 and 1 for Windows 7.</param>
/// <param name="FirstBuild">The first build that counts as this release, previews and channels in between included.</param>
/// <param name="LastBuild">The last one.</param>
/// <param name="DriverFolders">The virtio driver folders in small letters: its own first, then those of releases whose drivers it takes too.</param>
/// <param name="OsInfoId">The short id of libosinfo, which Nova takes as the image property os_distro.</param>
public sealed record WindowsRelease(string Name, int Major, int Minor, int FirstBuild, int LastBuild, bool IsServer, IReadOnlyList<string> DriverFolders, string OsInfoId)
{
    /// <summary>The folder that is made for this release.</summary>
    public string DriverFolder => DriverFolders[0];

    /// <summary>libosinfo's full id, such as <c>http://microsoft.com/win/2k19</c>.</summary>
    public string OsInfoUri => "http://microsoft.com/win/" + OsInfoId.Substring("win".Length);

    /// <summary>True from Windows 8 on: drivers are registered under SYSTEM\DriverDatabase. What decides for a guest is whether that key exists.</summary>
    public bool HasDriverDatabase => (Major, Minor).CompareTo((6, 2)) >= 0;

    public override string ToString() => Name;
}
