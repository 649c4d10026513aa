using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace OsMigrate.Fuzz;

/// <summary>Runs a range of inputs of one target in this process and prints a line for each fault and one at the end.</summary>
/// <remarks>The number of the current input stands in a shared file, so that the parent knows it even when the process dies.</remarks>
internal sealed class Worker(FuzzTarget target, int seed, SeedFolder folder)
{
    public const double MaxSeconds = 2;
    public const long MaxBytes = 256L << 20;
    private const int HangExitCode = 3;
    private const double HangSeconds = 30;

    private long _accepted, _refused, _faults, _largest;
    private double _slowest;
    private long _startedAt;

    public void Run(long from, long to, string stateFile)
    {
        using var map = MemoryMappedFile.CreateFromFile(stateFile, FileMode.OpenOrCreate, null, 8);
        using var state = map.CreateViewAccessor();
        new Thread(Watch) { IsBackground = true }.Start();
        var maker = new InputMaker(target, seed, folder);
        for (var index = from; index < to; index++)
        {
            state.Write(0, index);
            var (bytes, length, random) = maker.Make(index);
            One(index, bytes, length, random);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"done {to - from} {_accepted} {_refused} {_faults} {_slowest:f3} {_largest}"));
    }

    /// <summary>Runs one input and lets its exception out.</summary>
    public void Replay(long index, string? saveTo)
    {
        var (bytes, length, random) = new InputMaker(target, seed, folder).Make(index);
        if (saveTo is not null)
            File.WriteAllBytes(saveTo, bytes.AsSpan(0, length));
        Console.WriteLine($"{target.Name}:{seed}:{index}: {length} bytes");
        var clock = Stopwatch.StartNew();
        try
        {
            Console.WriteLine(target.Parse(bytes, length, random) ? "accepted" : "refused");
        }
        catch (Bytes.OsMigrateException e)
        {
            Console.WriteLine("refused: " + e.Message);
        }

        Console.WriteLine($"{clock.Elapsed.TotalSeconds:f3} s, {GC.GetAllocatedBytesForCurrentThread()} bytes allocated");
    }

    private void One(long index, byte[] bytes, int length, Random random)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var cpu = Environment.CpuUsage.TotalTime;
        Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
        string? fault = null;
        try
        {
            if (target.Parse(bytes, length, random))
                _accepted++;
            else
                _refused++;
        }
        catch (Bytes.OsMigrateException e) when (e.Message.Length is > 0 and < 4000)
        {
            _refused++;
        }
#pragma warning disable CA1031 // Any other exception is what we are looking for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault = $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} {Origin(e)}";
        }

        // Processor time: on a busy machine the clock says little. It has steps, so only what the clock confirms counts.
        var seconds = Math.Min(Stopwatch.GetElapsedTime(_startedAt).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        var size = GC.GetAllocatedBytesForCurrentThread() - allocated;
        (_slowest, _largest) = (Math.Max(_slowest, seconds), Math.Max(_largest, size));
        if (fault is null && seconds > MaxSeconds)
            fault = string.Create(CultureInfo.InvariantCulture, $"takes {seconds:f1} s");
        if (fault is null && size > MaxBytes)
            fault = $"allocates {size >> 20} MiB";
        if (fault is null)
            return;
        _faults++;
        Console.WriteLine($"fault {target.Name}:{seed}:{index} {fault}");
    }

    private static string Origin(Exception e)
    {
        var lines = (e.StackTrace ?? "").Split('\n');
        return (lines.FirstOrDefault(l => l.Contains("OsMigrate.", StringComparison.Ordinal)) ?? lines[0]).Trim();
    }

    private void Watch()
    {
        while (true)
        {
            Thread.Sleep(1000);
            if (Volatile.Read(ref _startedAt) is var started and > 0 && Stopwatch.GetElapsedTime(started).TotalSeconds > HangSeconds)
                Environment.Exit(HangExitCode);
        }
    }
}
