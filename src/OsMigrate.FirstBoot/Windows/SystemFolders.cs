using System;
using System.IO;

namespace OsMigrate.FirstBoot.Windows;

/// <summary>Where this Windows keeps its own programs.</summary>
internal static class SystemFolders
{
    /// <summary>A 32-bit process on a 64-bit Windows is shown another folder as System32; "Sysnative" exists for such processes only.</summary>
    public static string System(string windowsFolder)
    {
        var native = Path.Combine(windowsFolder, "Sysnative");
        return File.Exists(Path.Combine(native, "cmd.exe")) ? native : Environment.SystemDirectory;
    }

    public static string Windows => Environment.GetEnvironmentVariable("SystemRoot") is { Length: > 0 } root ? root : Path.GetDirectoryName(Environment.SystemDirectory)!;
}
