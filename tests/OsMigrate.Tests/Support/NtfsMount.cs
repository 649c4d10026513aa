using System.Diagnostics;

namespace OsMigrate.Tests.Support;

/// <summary>A volume mounted by ntfs-3g for the time of some work.</summary>
public static class NtfsMount
{
    public static void With(string image, string mount, Action<string> work, string options = "rw")
    {
        Directory.CreateDirectory(mount);
        Tool.Check("ntfs-3g", "-o", options, image, mount);
        try
        {
            work(mount);
        }
        finally
        {
            var clock = Stopwatch.StartNew();
            while (Tool.Run("fusermount", "-u", mount).ExitCode != 0 && clock.Elapsed < TimeSpan.FromSeconds(20))
                Thread.Sleep(100);
            // The driver writes out after it let go of the mount.
            while (Tool.Find("fuser") is not null && Tool.Run("fuser", "-s", image).ExitCode == 0 && clock.Elapsed < TimeSpan.FromSeconds(20))
                Thread.Sleep(50);
        }
    }
}
