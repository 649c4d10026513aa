using System.Globalization;

namespace OsMigrate.Benchmarks;

/// <summary>How long the module takes to load, in the staged shell; nothing when none is staged.</summary>
internal static class ModuleStart
{
    public static IEnumerable<TimedRow> Measure(string? only, int rounds)
    {
        if (only is not null && !"module shell start".Contains(only, StringComparison.OrdinalIgnoreCase))
            yield break;
        if (Find() is not var (shell, module))
        {
            Console.Error.WriteLine("no staged shell found: starting times are left out");
            yield break;
        }

        var inEngine = Times(rounds, () => double.Parse(
            ExternalTool.Check(shell, "-Command", $"Remove-Module OsMigrate -ErrorAction Ignore; [Diagnostics.Stopwatch]$w = [Diagnostics.Stopwatch]::StartNew(); Import-Module '{module}' -Force; $w.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)").Trim(),
            CultureInfo.InvariantCulture));
        yield return Row("Import-Module in a running engine", inEngine, 0.3);
        yield return Row("start of the shell with the module", Times(rounds, () => ExternalTool.Run(shell, "-Command", "1").Seconds), 0.6);
    }

    private static (string Shell, string Module)? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (var name in new[] { "osmigrate", "osmigrate.exe" })
            {
                var shell = Path.Combine(folder.FullName, "output", "shell", name);
                if (File.Exists(shell))
                    return (shell, Path.Combine(folder.FullName, "output", "OsMigrate", "OsMigrate.psd1"));
            }
        }

        return null;
    }

    private static double[] Times(int rounds, Func<double> measure)
    {
        measure();
        return [.. Enumerable.Range(0, Math.Max(3, rounds)).Select(_ => measure()).Order()];
    }

    private static TimedRow Row(string name, double[] sorted, double limit) => new(name, sorted[sorted.Length / 2], (sorted[0], sorted[^1]), limit);
}
