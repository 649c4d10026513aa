using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace OsMigrate.Benchmarks;

/// <summary>The result as Markdown.</summary>
internal sealed class ReportTable(string source, int rounds)
{
    private readonly List<string> _rows = [];

    public bool AllMet { get; private set; } = true;

    public void Add(Benchmark benchmark, Measurement m)
    {
        if (m.OurSeconds is not { } ours)
        {
            AllMet = false;
            _rows.Add($"| {benchmark.Name} | - | - | - | | | | | not measured: {m.Problem} |");
            return;
        }

        var speedup = m.TheirSeconds / ours;
        var goals = new List<string>();
        var met = m.Problem is null;
        Goal(benchmark.MinSpeedup, speedup >= benchmark.MinSpeedup, g => g < 1 ? $"within {1 / g:0.#}x" : $">= {g:0.#}x", goals, ref met);
        Goal(benchmark.MaxSeconds, ours < benchmark.MaxSeconds, g => $"< {g:0.#} s", goals, ref met);
        Goal(benchmark.MaxSizeRatio, (double)m.OurSizeBytes / Math.Max(1, m.TheirSizeBytes) <= benchmark.MaxSizeRatio, g => $"size <= {g:0.##}x", goals, ref met);
        met &= m.OurPeakBytes < benchmark.MaxPeakBytes;
        goals.Add(string.Create(CultureInfo.InvariantCulture, $"< {(benchmark.MaxPeakBytes == 200L << 20 ? 200 : benchmark.MaxPeakBytes / 1_000_000)} MB"));
        AllMet &= met;
        var verdict = met ? "met" : "**not met**";
        if (m.Problem is not null)
            verdict += " (" + m.Problem + ")";
        _rows.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"| {benchmark.Name} | {Seconds(ours, m.OurRange)} | {(m.TheirSeconds is { } t ? Seconds(t, m.TheirRange) : "")} {benchmark.TheirName} | {(speedup is { } s ? $"{s:0.0#}x" : "")} | {m.CpuSeconds.Ours:0.0#} / {m.CpuSeconds.Theirs:0.0#} | {m.OurPeakBytes >> 20} / {m.TheirPeakBytes >> 20} | {m.OurSizeBytes >> 20} / {m.TheirSizeBytes >> 20} | {string.Join(", ", goals)} | {verdict} |"));
    }

    /// <summary>A line that has only a time and a limit.</summary>
    public void Add(TimedRow row)
    {
        AllMet &= row.Seconds < row.MaxSeconds;
        _rows.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Name} | {Seconds(row.Seconds, row.Range)} | | | | | | < {row.MaxSeconds:0.0#} s | {(row.Seconds < row.MaxSeconds ? "met" : "**not met**")} |"));
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Source: {source}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Machine: {Processor()}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; {QemuVersion()}. {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Median of {rounds} (fastest to slowest), both sides in turn, warm cache. Ours: from call to return in a fresh process, compilation included; theirs: the whole process. \"default\" checksums are on unless the case says otherwise; qemu-img and cp compute none.");
        text.AppendLine();
        text.AppendLine("| case | ours, s | theirs, s | speedup | CPU s ours / theirs | peak MiB ours / theirs | on disk MiB ours / theirs | goal | |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var row in _rows)
            text.AppendLine(row);
        return text.ToString();
    }

    private static void Goal(double? goal, bool reached, Func<double, string> text, List<string> goals, ref bool met)
    {
        if (goal is not { } g)
            return;
        goals.Add(text(g));
        met &= reached;
    }

    private static string Seconds(double median, (double Fastest, double Slowest) range)
        => string.Create(CultureInfo.InvariantCulture, $"{median:0.00} ({range.Fastest:0.00}-{range.Slowest:0.00})");

    private static string Processor()
        => File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "?"
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "?";

    private static string QemuVersion()
        => ExternalTool.Find("qemu-img") is null ? "no qemu-img" : ExternalTool.Run("qemu-img", "--version").Output.Split('\n')[0];
}

/// <summary>A time with a limit. Seconds.</summary>
internal sealed record TimedRow(string Name, double Seconds, (double Fastest, double Slowest) Range, double MaxSeconds);
