using System.Globalization;
using Microsoft.Win32;

namespace OsMigrate.FirstBoot.Windows;

/// <summary>Which Windows this is.</summary>
internal static class WindowsBuild
{
    private const int First10 = 10240;

    public static bool Is10OrLater()
    {
        using (var key = Registry.LocalMachine.OpenSubKey(@"SOFTWARE\Microsoft\Windows NT\CurrentVersion"))
            return int.TryParse(key?.GetValue("CurrentBuildNumber") as string ?? "", NumberStyles.None, CultureInfo.InvariantCulture, out var build) && build >= First10;
    }
}
