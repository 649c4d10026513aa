using System.Diagnostics;
using System.Globalization;

namespace OsMigrate.Fuzz;

/// <summary>Runs a target in worker processes, so that a stack overflow or an access violation is one more line of the report.</summary>
internal sealed class Campaign(FuzzTarget target, int seed, long count, int jobs, string seedFolder)
{
    private readonly object _gate = new();
    private readonly List<string> _faults = [];
    private long _inputs, _accepted, _refused, _faultCount, _largest;
    private double _slowest;

    public IReadOnlyList<string> Faults => _faults;

    public string Run()
    {
        var clock = Stopwatch.StartNew();
        var share = (count + jobs - 1) / jobs;
        Task.WaitAll([.. Enumerable.Range(0, jobs).Select(job => Task.Run(() => RunRange(job * share, Math.Min(count, (job + 1) * share))))]);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {target.Name} | {_inputs} | {_accepted} | {_refused} | {_faultCount} | {_slowest:f2} s | {_largest / 1048576.0:f1} MiB | {clock.Elapsed.TotalSeconds:f0} s |");
    }

    private void RunRange(long from, long to)
    {
        while (from < to)
        {
            var state = Path.GetTempFileName();
            try
            {
                var died = RunWorker(from, to, state);
                if (died is null)
                    return;
                var index = BitConverter.ToInt64(File.ReadAllBytes(state));
                lock (_gate)
                {
                    _faults.Add($"{target.Name}:{seed}:{index} {died}");
                    _faultCount++;
                    _inputs += index + 1 - from;
                }

                from = index + 1;
            }
            finally
            {
                File.Delete(state);
            }
        }
    }

    /// <returns>How the process died, or null when it finished.</returns>
    private string? RunWorker(long from, long to, string state)
    {
        string[] self = Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.Ordinal) ? [typeof(Campaign).Assembly.Location] : [];
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[.. self, "--worker", target.Name, "--seed", $"{seed}", "--from", $"{from}", "--to", $"{to}", "--state", state, "--seeds", seedFolder])
            start.ArgumentList.Add(argument);
        // Somewhat more than the limit per input: the runtime and the seeds need room too.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x30000000";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var finished = false;
        while (process.StandardOutput.ReadLine() is { } line)
            finished |= Note(line);
        process.WaitForExit();
        return finished ? null : $"the process died with {process.ExitCode}: {error.Result.Split('\n').FirstOrDefault(l => l.Length > 0) ?? "a hang"}";
    }

    private bool Note(string line)
    {
        lock (_gate)
        {
            if (line.StartsWith("fault ", StringComparison.Ordinal))
                _faults.Add(line[6..]);
            if (!line.StartsWith("done ", StringComparison.Ordinal))
                return false;
            var parts = line.Split(' ');
            _inputs += long.Parse(parts[1], CultureInfo.InvariantCulture);
            _accepted += long.Parse(parts[2], CultureInfo.InvariantCulture);
            _refused += long.Parse(parts[3], CultureInfo.InvariantCulture);
            _faultCount += long.Parse(parts[4], CultureInfo.InvariantCulture);
            _slowest = Math.Max(_slowest, double.Parse(parts[5], CultureInfo.InvariantCulture));
            _largest = Math.Max(_largest, long.Parse(parts[6], CultureInfo.InvariantCulture));
            return true;
        }
    }
}
