namespace OsMigrate.Guests.Windows;

/// <summary>The processor architectures of Windows, by the names that INF files use: x86, amd64, arm64.</summary>
public static class WindowsArchitectures
{
    public static IReadOnlyList<string> All { get; } = ["x86", "amd64", "arm64"];

    /// <summary>From a folder's name or another common name; null for anything else.</summary>
    public static string? Named(string name) => name.ToLowerInvariant() switch
    {
        "x86" or "i386" or "i686" => "x86",
        "amd64" or "x64" or "x86_64" or "x86-64" => "amd64",
        "arm64" or "aarch64" => "arm64",
        _ => null,
    };
}
