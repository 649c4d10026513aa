using OsMigrate.Bytes;
using OsMigrate.Migrations.Assessment;
using OsMigrate.Migrations.Assessment.Rules;

namespace OsMigrate.Migrations.Reports;

/// <summary>How many machines of each verdict.</summary>
/// <param name="NotFullyChecked">Of those that are migratable with warnings: nothing was found, but the source does not tell everything that could forbid the move.</param>
/// <param name="WithWarnings">The others that are migratable with warnings.</param>
public sealed record VerdictCounts(int Migratable, int NotFullyChecked, int WithWarnings, int NotMigratable, int Unknown)
{
    public int Total => Migratable + NotFullyChecked + WithWarnings + NotMigratable + Unknown;

    internal static VerdictCounts Of(IEnumerable<MachineAssessment> machines)
    {
        var (counts, open) = (new int[4], 0);
        foreach (var machine in machines)
        {
            counts[(int)machine.Verdict]++;
            open += IsNotFullyChecked(machine) ? 1 : 0;
        }

        return new VerdictCounts(counts[(int)MigrationVerdict.Migratable], open, counts[(int)MigrationVerdict.MigratableWithWarnings] - open, counts[(int)MigrationVerdict.NotMigratable], counts[(int)MigrationVerdict.Unknown]);
    }

    internal static bool IsNotFullyChecked(MachineAssessment machine)
        => machine.Verdict == MigrationVerdict.MigratableWithWarnings && machine.Concerns.All(static c => c.Category < ConcernCategory.Warning || c.Id == AssessmentRules.Incomplete.Id);
}

/// <summary>A step of a histogram, or a row of a count.</summary>
public sealed record SummaryBar(string Label, VerdictCounts Counts, long Bytes);

/// <summary>A concern and how many machines have it.</summary>
public sealed record SummaryConcern(AssessmentCheck Check, int Machines);

/// <summary>A proposed wave.</summary>
/// <param name="Duration">As many machines at a time as was said, over one line.</param>
public sealed record SummaryWave(int Number, int Machines, long Bytes, TimeSpan Duration, int HighRisk);

/// <summary>The totals of an assessment.</summary>
public sealed record AssessmentSummary
{
    public VerdictCounts Verdicts { get; init; } = new(0, 0, 0, 0, 0);

    public long CpuCount { get; init; }

    public long MemoryMiB { get; init; }

    public long DiskCount { get; init; }

    public long NicCount { get; init; }

    public long CapacityBytes { get; init; }

    public long ProvisionedBytes { get; init; }

    public long UsedBytes { get; init; }

    /// <summary>What the proposed waves copy.</summary>
    public long CopyBytes { get; init; }

    /// <summary>All waves, one after the other.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Machines of which no size is known: sums are without them.</summary>
    public int WithoutSize { get; init; }

    public int PoweredOn { get; init; }

    public IReadOnlyList<SummaryBar> Guests { get; init; } = [];

    public IReadOnlyList<SummaryBar> Cpus { get; init; } = [];

    public IReadOnlyList<SummaryBar> Memory { get; init; } = [];

    public IReadOnlyList<SummaryBar> Disks { get; init; } = [];

    public IReadOnlyList<SummaryBar> Nics { get; init; } = [];

    public IReadOnlyList<SummaryBar> Sizes { get; init; } = [];

    public IReadOnlyList<SummaryBar> Clusters { get; init; } = [];

    public IReadOnlyList<SummaryBar> Datastores { get; init; } = [];

    public IReadOnlyList<SummaryBar> Networks { get; init; } = [];

    /// <summary>The heaviest and most frequent first.</summary>
    public IReadOnlyList<SummaryConcern> Concerns { get; init; } = [];

    /// <summary>Checks that could not be answered, with how many machines that concerns.</summary>
    public IReadOnlyList<SummaryConcern> Unknown { get; init; } = [];

    public IReadOnlyList<SummaryWave> Waves { get; init; } = [];

    /// <summary>For people: "12 TiB".</summary>
    public string Capacity => ByteSize.Text(CapacityBytes);
}
