using System.Globalization;

namespace OsMigrate.Benchmarks;

/// <summary>The largest resident set a process has had so far (Linux: VmHWM in proc(5)); 0 where the system does not tell.</summary>
internal static class PeakMemory
{
    public static long Of(int processId)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{processId}/status"))
            {
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                    return long.Parse(line.AsSpan(6).Trim().TrimEnd(" kB"), NumberStyles.Integer, CultureInfo.InvariantCulture) << 10;
            }
        }
        catch (IOException)
        {
            // It has just ended.
        }

        return 0;
    }
}
