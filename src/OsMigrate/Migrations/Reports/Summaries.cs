using OsMigrate.Migrations.Assessment;

namespace OsMigrate.Migrations.Reports;

/// <summary>Adds machines up.</summary>
internal static class Summaries
{
    private const long GiB = 1L << 30;
    private const long TiB = 1L << 40;

    private static readonly (string Label, long Below)[] CpuSteps = [("1", 2), ("2", 3), ("3-4", 5), ("5-8", 9), ("9-16", 17), ("17-32", 33), ("33+", long.MaxValue)];
    // Labels of sizes are their upper ends: GiB of memory; GiB and TiB of disks.
    private static readonly (string Label, long Below)[] MemorySteps = [("2", 2049), ("4", 4097), ("8", 8193), ("16", 16_385), ("32", 32_769), ("64", 65_537), ("128", 131_073), ("more", long.MaxValue)];
    private static readonly (string Label, long Below)[] CountSteps = [("0", 1), ("1", 2), ("2", 3), ("3-4", 5), ("5-8", 9), ("9-16", 17), ("17+", long.MaxValue)];
    private static readonly (string Label, long Below)[] SizeSteps =
        [("50 G", (50 * GiB) + 1), ("100 G", (100 * GiB) + 1), ("250 G", (250 * GiB) + 1), ("500 G", (500 * GiB) + 1), ("1 T", TiB + 1), ("2 T", (2 * TiB) + 1), ("10 T", (10 * TiB) + 1), ("20 T", (20 * TiB) + 1), ("50 T", (50 * TiB) + 1), ("more", long.MaxValue)];

    public static AssessmentSummary Of(IReadOnlyList<MachineAssessment> machines) => new()
    {
        Verdicts = VerdictCounts.Of(machines),
        CpuCount = machines.Sum(static m => (long)m.CpuCount),
        MemoryMiB = Sum(machines, static m => m.MemoryMiB),
        DiskCount = machines.Sum(static m => (long)m.DiskCount),
        NicCount = machines.Sum(static m => (long)m.NicCount),
        CapacityBytes = Sum(machines, static m => m.CapacityBytes),
        ProvisionedBytes = Sum(machines, static m => m.ProvisionedBytes),
        UsedBytes = Sum(machines, static m => m.UsedBytes),
        CopyBytes = Sum(machines, static m => m.Wave is null ? 0 : m.CopyBytes),
        WithoutSize = machines.Count(static m => m.CopyBytes is null),
        PoweredOn = machines.Count(static m => m.PowerState == "poweredOn"),
        Guests = [.. Counted(machines, static m => [m.Guest.Length > 0 ? m.Guest : "not stated"]).Take(100)],
        Cpus = Steps(machines, static m => m.CpuCount, CpuSteps),
        Memory = Steps(machines, static m => m.MemoryMiB > 0 ? m.MemoryMiB : null, MemorySteps),
        Disks = Steps(machines, static m => m.DiskCount, CountSteps),
        Nics = Steps(machines, static m => m.NicCount, CountSteps),
        Sizes = Steps(machines, static m => m.CapacityBytes, SizeSteps),
        Clusters = [.. Counted(machines, static m => [m.Machine.Cluster]).Take(500)],
        Datastores = [.. Counted(machines, static m => m.Datastores).Take(2000)],
        Networks = [.. Counted(machines, static m => m.Networks).Take(2000)],
        Concerns = Concerns(machines),
        Unknown = Unknown(machines),
        Waves = Waves(machines),
        Duration = TimeSpan.FromTicks(Waves(machines).Sum(static w => w.Duration.Ticks)),
    };

    private static IReadOnlyList<SummaryWave> Waves(IReadOnlyList<MachineAssessment> machines) =>
    [
        .. machines.Where(static m => m.Wave is not null).GroupBy(static m => m.Wave!.Value).OrderBy(static w => w.Key).Select(static w => new SummaryWave(
            w.Key, w.Count(), Sum(w, static m => m.CopyBytes), w.First().Context.Rates.Of([.. w.Select(static m => m.CopyBytes ?? 0)]), w.Count(static m => m.Risk == MigrationRisk.High))),
    ];

    private static IReadOnlyList<SummaryConcern> Concerns(IReadOnlyList<MachineAssessment> machines) =>
    [
        .. machines.SelectMany(static m => m.Concerns).GroupBy(static c => c.Id, StringComparer.Ordinal)
            .Select(static g => new SummaryConcern(new AssessmentCheck(g.Key, g.First().Category, g.First().Label, g.First().Meaning, g.First().Cure), g.Count()))
            .OrderByDescending(static c => c.Check.Category).ThenByDescending(static c => c.Machines).ThenBy(static c => c.Check.Id, StringComparer.Ordinal),
    ];

    private static IReadOnlyList<SummaryConcern> Unknown(IReadOnlyList<MachineAssessment> machines)
    {
        var checks = InventoryAssessment.Checks.ToDictionary(static c => c.Id, StringComparer.Ordinal);
        return
        [
            .. machines.SelectMany(static m => m.UnknownChecks).GroupBy(static id => id, StringComparer.Ordinal).Where(g => checks.ContainsKey(g.Key))
                .Select(g => new SummaryConcern(checks[g.Key], g.Count())).OrderByDescending(static c => c.Check.Category).ThenByDescending(static c => c.Machines).ThenBy(static c => c.Check.Id, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<SummaryBar> Counted(IReadOnlyList<MachineAssessment> machines, Func<MachineAssessment, IEnumerable<string>> keys)
        => machines.SelectMany(m => keys(m).Where(static k => k.Length > 0).Select(k => (Key: k, Machine: m))).GroupBy(static p => p.Key, StringComparer.Ordinal)
            .Select(static g => new SummaryBar(g.Key, VerdictCounts.Of(g.Select(static p => p.Machine)), Sum(g.Select(static p => p.Machine), static m => m.CapacityBytes)))
            .OrderByDescending(static b => b.Counts.Total).ThenBy(static b => b.Label, StringComparer.Ordinal);

    /// <summary>Machines by the step they fall into; without steps at the end that are empty, and with one for what is not known.</summary>
    private static IReadOnlyList<SummaryBar> Steps(IReadOnlyList<MachineAssessment> machines, Func<MachineAssessment, long?> value, (string Label, long Below)[] steps)
    {
        var rows = machines.ToLookup(m => value(m) is { } v ? Array.FindIndex(steps, s => v < s.Below) : -1);
        var bars = steps.Select((s, i) => Bar(s.Label, rows[i])).ToList();
        while (bars.Count > 1 && bars[bars.Count - 1].Counts.Total == 0)
            bars.RemoveAt(bars.Count - 1);
        if (rows[-1].Any())
            bars.Add(Bar("not known", rows[-1]));
        return bars;
    }

    private static SummaryBar Bar(string label, IEnumerable<MachineAssessment> machines) => new(label, VerdictCounts.Of(machines), Sum(machines, static m => m.CapacityBytes));

    /// <summary>A sum that stays at the largest number instead of turning negative: sizes of a hostile workbook have no limit.</summary>
    private static long Sum(IEnumerable<MachineAssessment> machines, Func<MachineAssessment, long?> value)
        => machines.Aggregate(0L, (sum, m) => value(m) is { } v and > 0 ? v > long.MaxValue - sum ? long.MaxValue : sum + v : sum);
}
