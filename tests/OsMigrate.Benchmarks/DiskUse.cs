using System.Globalization;

namespace OsMigrate.Benchmarks;

/// <summary>Bytes that a file occupies on its volume, holes left out.</summary>
internal static class DiskUse
{
    public static long Of(string path)
    {
        if (ExternalTool.Find("stat") is null)
            return new FileInfo(path).Length;
        var blocks = ExternalTool.Run("stat", "-c", "%b", path);
        return blocks.ExitCode == 0 ? long.Parse(blocks.Output, CultureInfo.InvariantCulture) * 512 : 0;
    }
}
