using OsMigrate.Guests.Windows;

namespace OsMigrate.Tests.Guests.Windows;

public class WindowsReleasesTests
{
    // Build numbers of released Windows, service packs and yearly versions included.
    [Theory]
    [InlineData(5, 1, 2600, false, "Windows XP", "xp", "winxp")]
    [InlineData(5, 2, 3790, false, "Windows XP x64", "2k3", "winxp")]
    [InlineData(5, 2, 3790, true, "Windows Server 2003", "2k3", "win2k3")]
    [InlineData(6, 0, 6000, false, "Windows Vista", "2k8", "winvista")]
    [InlineData(6, 0, 6002, false, "Windows Vista", "2k8", "winvista")]
    [InlineData(6, 0, 6003, true, "Windows Server 2008", "2k8", "win2k8")]
    [InlineData(6, 1, 7600, false, "Windows 7", "w7", "win7")]
    [InlineData(6, 1, 7601, true, "Windows Server 2008 R2", "2k8r2", "win2k8r2")]
    [InlineData(6, 2, 9200, false, "Windows 8", "w8", "win8")]
    [InlineData(6, 2, 9200, true, "Windows Server 2012", "2k12", "win2k12")]
    [InlineData(6, 3, 9600, false, "Windows 8.1", "w8.1", "win8.1")]
    [InlineData(6, 3, 9600, true, "Windows Server 2012 R2", "2k12r2", "win2k12r2")]
    [InlineData(10, 0, 10240, false, "Windows 10", "w10", "win10")]
    [InlineData(10, 0, 19045, false, "Windows 10", "w10", "win10")]
    [InlineData(10, 0, 14393, true, "Windows Server 2016", "2k16", "win2k16")]
    [InlineData(10, 0, 16299, true, "Windows Server 2016", "2k16", "win2k16")]
    [InlineData(10, 0, 17763, true, "Windows Server 2019", "2k19", "win2k19")]
    [InlineData(10, 0, 18363, true, "Windows Server 2019", "2k19", "win2k19")]
    [InlineData(10, 0, 20348, true, "Windows Server 2022", "2k22", "win2k22")]
    [InlineData(10, 0, 25398, true, "Windows Server 2022", "2k22", "win2k22")]
    [InlineData(10, 0, 22000, false, "Windows 11", "w11", "win11")]
    [InlineData(10, 0, 26100, false, "Windows 11", "w11", "win11")]
    [InlineData(10, 0, 26100, true, "Windows Server 2025", "2k25", "win2k25")]
    public void A_release_is_found_by_its_numbers(int major, int minor, int build, bool isServer, string name, string folder, string osInfo)
    {
        var release = WindowsReleases.Find(major, minor, build, isServer)!;
        Assert.Equal((name, folder, osInfo), (release.Name, release.DriverFolder, release.OsInfoId));
        Assert.Equal(major >= 10 || (major == 6 && minor >= 2), release.HasDriverDatabase);
        Assert.StartsWith("http://microsoft.com/win/", release.OsInfoUri, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_is_not_known_is_not_guessed()
    {
        Assert.Null(WindowsReleases.Find(4, 0, 1381, true));
        Assert.Null(WindowsReleases.Find(11, 0, 30000, false));
    }

    [Theory]
    [InlineData("2k19", "Windows Server 2019")]
    [InlineData("win2k19", "Windows Server 2019")]
    [InlineData("WINDOWS SERVER 2019", "Windows Server 2019")]
    [InlineData("Server 2012 R2", "Windows Server 2012 R2")]
    [InlineData("2012R2", "Windows Server 2012 R2")]
    [InlineData("w10", "Windows 10")]
    [InlineData("11", "Windows 11")]
    [InlineData("8.1", "Windows 8.1")]
    public void A_release_is_found_by_any_of_its_names(string name, string expected)
        => Assert.Equal(expected, WindowsReleases.Named(name)?.Name);

    [Fact]
    public void No_two_releases_claim_one_build()
    {
        foreach (var release in WindowsReleases.All)
            Assert.Same(release, WindowsReleases.Find(release.Major, release.Minor, release.FirstBuild, release.IsServer));
    }
}
