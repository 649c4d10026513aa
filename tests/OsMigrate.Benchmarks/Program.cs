using System.Globalization;

namespace OsMigrate.Benchmarks;

/// <summary>Measures conversions side by side with qemu-img and prints a table. Run by <c>build.ps1 Bench</c>.</summary>
internal static class Program
{
    private const string Usage = """
        OsMigrate.Benchmarks [--quick] [--only WORD] [--rounds N] [--work FOLDER] [--report FILE] [--keep]

          --quick    a source of 256 MB instead of 1.6 GB and three rounds: a look, not a measurement
          --only     only cases whose name contains WORD
          --rounds   how often each side runs; the median counts (default 3)
          --work     folder for the images, 12 GB free at least (default: a new one under the temporary folder)
          --report   also write the table there
          --keep     leave the work folder behind
        """;

    public static int Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (arguments is [ChildRun.Switch, ..])
            return ChildRun.Execute(arguments[1..]);
        if (arguments is [VSphereChild.Switch, ..])
            return VSphereChild.Execute(arguments[1..]);
        string? only = null, work = null, report = null;
        var rounds = 3;
        bool quick = false, keep = false;
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--quick": quick = true; break;
                case "--keep": keep = true; break;
                case "--only" when i + 1 < arguments.Length: only = arguments[++i]; break;
                case "--work" when i + 1 < arguments.Length: work = arguments[++i]; break;
                case "--report" when i + 1 < arguments.Length: report = arguments[++i]; break;
                case "--rounds" when i + 1 < arguments.Length: rounds = Math.Max(1, int.Parse(arguments[++i], CultureInfo.InvariantCulture)); break;
                default: Console.Error.WriteLine(Usage); return 2;
            }
        }

        var created = work is null;
        work = Path.GetFullPath(work ?? Path.Combine(Path.GetTempPath(), "osmigrate-bench-" + Environment.ProcessId));
        Directory.CreateDirectory(work);
        try
        {
            return Run(new SourceImages(work, quick), new Runner(work, rounds), work, only, report);
        }
        finally
        {
            if (created && !keep)
                Directory.Delete(work, recursive: true);
        }
    }

    private static int Run(SourceImages images, Runner runner, string work, string? only, string? report)
    {
        if (ExternalTool.Find("qemu-img") is null)
            Console.Error.WriteLine("qemu-img is not installed: there is nothing to compare with, and most sources cannot be made.");
        var table = new ReportTable(images.Describe(), runner.Rounds);
        foreach (var benchmark in Benchmarks.All(images).Where(b => only is null || b.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
            table.Add(benchmark, runner.Run(benchmark));
        foreach (var (benchmark, result) in new VSphereCases(images, work, runner.Rounds).Measure(only))
            table.Add(benchmark, result);
        foreach (var row in ModuleStart.Measure(only, runner.Rounds))
            table.Add(row);
        Console.WriteLine();
        Console.WriteLine(table);
        if (report is not null)
            File.WriteAllText(report, table.ToString());
        return table.AllMet ? 0 : 1;
    }
}
