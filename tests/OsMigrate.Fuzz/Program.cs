using System.Globalization;

namespace OsMigrate.Fuzz;

/// <summary>Feeds damaged inputs to every parser. Seeded and replayable, needs no instrumentation.</summary>
internal static class Program
{
    private const string Usage = """
        OsMigrate.Fuzz --target all|NAME[,NAME...] [--count N] [--seed N] [--jobs N] [--seeds FOLDER]
        OsMigrate.Fuzz --replay TARGET:SEED:INDEX [--save FILE]
        OsMigrate.Fuzz --list

          --count   inputs per target (default 10000)
          --seed    the run; the same number gives the same inputs (default 1)
          --jobs    processes side by side (default: one per processor)
          --seeds   where the well-formed inputs are kept between runs; they are made once, with qemu-img where it is installed
        """;

    public static int Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Length; i++)
            given[arguments[i]] = arguments[i] == "--list" || i + 1 >= arguments.Length ? "" : arguments[++i];
        string Get(string name, string otherwise) => given.TryGetValue(name, out var value) ? value : otherwise;
        var seedPath = Get("--seeds", Path.Combine(Path.GetTempPath(), "osmigrate-fuzz-seeds"));
        var folder = new SeedFolder(seedPath);
        var seed = int.Parse(Get("--seed", "1"), CultureInfo.InvariantCulture);
        if (given.ContainsKey("--list"))
        {
            foreach (var target in Targets.All)
                Console.WriteLine(target.Name);
            return 0;
        }

        if (given.TryGetValue("--worker", out var worker))
        {
            new Worker(Targets.Find(worker), seed, folder).Run(long.Parse(given["--from"], CultureInfo.InvariantCulture), long.Parse(given["--to"], CultureInfo.InvariantCulture), given["--state"]);
            return 0;
        }

        if (given.TryGetValue("--replay", out var replay))
        {
            var parts = replay.Split(':');
            new Worker(Targets.Find(parts[0]), int.Parse(parts[1], CultureInfo.InvariantCulture), folder).Replay(long.Parse(parts[2], CultureInfo.InvariantCulture), given.GetValueOrDefault("--save"));
            return 0;
        }

        if (!given.TryGetValue("--target", out var names))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var targets = names == "all" ? Targets.All : [.. names.Split(',').Select(Targets.Find)];
        var jobs = int.Parse(Get("--jobs", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        return Run(targets, seed, long.Parse(Get("--count", "10000"), CultureInfo.InvariantCulture), jobs, folder);
    }

    private static int Run(IReadOnlyList<FuzzTarget> targets, int seed, long count, int jobs, SeedFolder folder)
    {
        List<string> rows = [], faults = [];
        foreach (var target in targets)
        {
            // The seeds are made here, once, before the workers look for them.
            var seeds = target.Seeds(folder).Count;
            Console.Error.WriteLine($"{target.Name}: {seeds} seeds");
            var campaign = new Campaign(target, seed, count, jobs, folder.Path);
            rows.Add(campaign.Run());
            Console.Error.WriteLine(rows[^1]);
            faults.AddRange(campaign.Faults);
        }

        Console.WriteLine($"Seed {seed}. Faults: foreign exceptions, hangs, dead processes, over {Worker.MaxSeconds:0} s or {Worker.MaxBytes >> 20} MiB allocated by one input.");
        Console.WriteLine();
        Console.WriteLine("| target | inputs | accepted | refused | faults | slowest | most allocated by one | duration |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        rows.ForEach(Console.WriteLine);
        Console.WriteLine();
        foreach (var fault in faults.Take(200))
            Console.WriteLine(fault);
        return faults.Count == 0 ? 0 : 1;
    }
}
