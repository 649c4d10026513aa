using System.Globalization;

namespace OsMigrate.Benchmarks;

/// <summary>Runs both sides of a comparison in turn, several times, with a warm cache.</summary>
internal sealed class Runner(string work, int rounds)
{
    public int Rounds => rounds;

    public Measurement Run(Benchmark benchmark)
    {
        Console.Error.Write(benchmark.Name + " ");
        try
        {
            var source = benchmark.Source();
            Warm(source);
            return Measure(benchmark, source, Path.Combine(work, "ours-" + benchmark.Target), Path.Combine(work, "theirs-" + benchmark.Target));
        }
        catch (InvalidOperationException e)
        {
            return new Measurement { Problem = e.Message };
        }
        finally
        {
            Console.Error.WriteLine();
        }
    }

    private Measurement Measure(Benchmark benchmark, string source, string ours, string theirs)
    {
        List<ExternalTool.Result> our = [], their = [];
        string? difference = null;
        long ourSize = 0, theirSize = 0;
        for (var round = 0; round < rounds; round++)
        {
            // In turn, and in turn who is first: what one leaves behind in the cache must not always help the same other.
            if (round % 2 == 0)
                our.Add(RunOurs(benchmark, source, ours));
            if (benchmark.Theirs is not null)
                their.Add(RunTheirs(benchmark, source, theirs));
            if (round % 2 == 1)
                our.Add(RunOurs(benchmark, source, ours));
            (ourSize, theirSize) = (DiskUse.Of(ours), benchmark.Theirs is null ? 0 : DiskUse.Of(theirs));
            if (round == 0 && benchmark.Compare && ExternalTool.Find("qemu-img") is not null)
                difference = Difference(benchmark.Ours[0], ours, theirs);
            Delete(ours);
            Delete(theirs);
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $" {our[^1].Seconds:f2}/{(their.Count > 0 ? their[^1].Seconds : 0):f2}"));
        }

        return new Measurement
        {
            OurSeconds = Median(our, r => r.Seconds),
            TheirSeconds = their.Count > 0 ? Median(their, r => r.Seconds) : null,
            CpuSeconds = (Median(our, r => r.CpuSeconds), their.Count > 0 ? Median(their, r => r.CpuSeconds) : 0),
            OurRange = (our.Min(r => r.Seconds), our.Max(r => r.Seconds)),
            TheirRange = their.Count > 0 ? (their.Min(r => r.Seconds), their.Max(r => r.Seconds)) : default,
            OurPeakBytes = our.Max(r => r.PeakBytes),
            TheirPeakBytes = their.Count > 0 ? their.Max(r => r.PeakBytes) : 0,
            OurSizeBytes = ourSize,
            TheirSizeBytes = theirSize,
            Problem = difference,
        };
    }

    private static ExternalTool.Result RunOurs(Benchmark benchmark, string source, string target)
    {
        Settle(target);
        string[] self = Environment.ProcessPath is { } path && !Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.Ordinal)
            ? [path]
            : ["dotnet", typeof(Runner).Assembly.Location];
        var result = ExternalTool.Run([.. self, ChildRun.Switch, source, target, .. benchmark.Ours]);
        if (result.ExitCode != 0)
            throw new InvalidOperationException("we failed: " + result.Error.Split('\n')[0]);
        var parts = result.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return result with
        {
            Seconds = double.Parse(parts[0], CultureInfo.InvariantCulture),
            PeakBytes = Math.Max(result.PeakBytes, long.Parse(parts[1], CultureInfo.InvariantCulture)),
        };
    }

    private static ExternalTool.Result RunTheirs(Benchmark benchmark, string source, string target)
    {
        Settle(target);
        var result = ExternalTool.Run([.. benchmark.Theirs!.Select(a => a switch { "{source}" => source, "{target}" => target, _ => a })]);
        return result.ExitCode == 0 ? result : throw new InvalidOperationException($"{benchmark.TheirName} failed: {result.Error.Split('\n')[0]}");
    }

    private static string? Difference(string format, string ours, string theirs)
    {
        var compared = ExternalTool.Run("qemu-img", "compare", "-f", format, "-F", format, ours, theirs);
        return compared.ExitCode == 0 ? null : "the images differ: " + (compared.Output + compared.Error).Split('\n')[0];
    }

    /// <summary>Starts each run from the same state: no old target, nothing left to be written out.</summary>
    private static void Settle(string target)
    {
        Delete(target);
        if (ExternalTool.Find("sync") is not null)
            ExternalTool.Run("sync");
    }

    private static void Delete(string path) => File.Delete(path);

    private static void Warm(string path)
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path) + "*"))
        {
            if (DiskUse.Of(file) > 4L << 30 || new FileInfo(file).Length > 64L << 30)
                continue;
            using var stream = File.OpenRead(file);
            stream.CopyTo(Stream.Null, 1 << 20);
        }
    }

    private static double Median(List<ExternalTool.Result> results, Func<ExternalTool.Result, double> value)
    {
        var sorted = results.Select(value).Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
