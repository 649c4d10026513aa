using System.Diagnostics;

namespace OsMigrate.Benchmarks;

/// <summary>Runs another program and measures it.</summary>
internal static class ExternalTool
{
    /// <param name="ExitCode">0 for success.</param>
    /// <param name="Seconds">From start to end of the process.</param>
    /// <param name="CpuSeconds">Processor time of the whole process.</param>
    /// <param name="PeakBytes">As seen by looking every few milliseconds.</param>
    /// <param name="Output">Standard output.</param>
    /// <param name="Error">Standard error.</param>
    internal readonly record struct Result(int ExitCode, double Seconds, double CpuSeconds, long PeakBytes, string Output, string Error);

    public static string? Find(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static Result Run(params string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in command.AsSpan(1))
            start.ArgumentList.Add(argument);
        var before = ChildTimes.TotalSeconds();
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("could not start " + command[0]);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        long peak = 0;
        do
        {
            peak = Math.Max(peak, PeakMemory.Of(process.Id));
        }
        while (!process.WaitForExit(10));
        var seconds = clock.Elapsed.TotalSeconds;
        return new Result(process.ExitCode, seconds, ChildTimes.TotalSeconds() - before, peak, output.Result, error.Result);
    }

    /// <summary>Runs and throws when it fails.</summary>
    public static string Check(params string[] command)
    {
        var result = Run(command);
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} exited with {result.ExitCode}: {result.Error}{result.Output}");
        return result.Output;
    }
}
