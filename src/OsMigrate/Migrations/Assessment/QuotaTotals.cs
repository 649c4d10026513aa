using OsMigrate.Migrations.Assessment.Rules;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Assessment;

/// <summary>Compares what all machines together need, wave after wave, with what the project may still have.</summary>
internal static class QuotaTotals
{
    private const long GiB = 1L << 30;

    /// <summary>Stands in the list of checks; made here, since it looks at more than one machine.</summary>
    public static AssessmentRule Rule { get; } = new(
        "openstack.quota.total",
        ConcernCategory.Warning,
        "Quota used up before this wave is done",
        "The machine fits by itself, but not together with those that move before or with it.",
        "Ask for a larger quota before this wave, or free something.",
        0,
        static _ => Finding.Clear) { NeedsCloud = true };

    /// <summary>What one machine takes, by the names that quotas have here.</summary>
    public static IEnumerable<(string Resource, long Needed)> Needs(VSphereMachine machine) =>
    [
        ("instances", 1), ("CPUs", machine.CpuCount), ("memory (MiB)", machine.MemoryMiB), ("volumes", machine.Disks.Count),
        ("volume size (GiB)", machine.Disks.Sum(static d => (d.CapacityBytes + GiB - 1) / GiB)), ("ports", machine.Nics.Count),
    ];

    /// <summary>The machines, with the concern where their wave does not fit any more.</summary>
    public static IReadOnlyList<MachineAssessment> Apply(IReadOnlyList<MachineAssessment> machines, CloudOffer? cloud)
    {
        if (cloud?.Quotas is null)
            return machines;
        var sums = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var told = new Dictionary<int, string>();
        foreach (var wave in machines.Where(static m => m.Wave is not null).GroupBy(static m => m.Wave!.Value).OrderBy(static w => w.Key))
        {
            foreach (var (resource, needed) in wave.SelectMany(static m => Needs(m.Machine)))
                sums[resource] = (sums.TryGetValue(resource, out var sum) ? sum : 0) + needed;
            var lacking = sums.Where(s => cloud.Free(s.Key) < s.Value).Select(s => FormattableString.Invariant($"{s.Key}: {s.Value} needed up to wave {wave.Key}, {cloud.Free(s.Key)} left")).ToList();
            if (lacking.Count > 0)
                told[wave.Key] = string.Join("; ", lacking);
        }

        return [.. machines.Select(m => m.Wave is { } wave && told.TryGetValue(wave, out var evidence) ? With(m, evidence) : m)];
    }

    private static MachineAssessment With(MachineAssessment machine, string evidence) => machine with
    {
        Verdict = machine.Verdict == MigrationVerdict.Migratable ? MigrationVerdict.MigratableWithWarnings : machine.Verdict,
        Concerns = [.. machine.Concerns.Append(Rule.Concern(Finding.Of([evidence]))).OrderByDescending(static c => c.Category)],
    };
}
