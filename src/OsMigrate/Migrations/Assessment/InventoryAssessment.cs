using OsMigrate.Migrations.Assessment.Rules;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Assessment;

/// <summary>Assesses an inventory.</summary>
public static class InventoryAssessment
{
    /// <summary>All checks that there are.</summary>
    public static IReadOnlyList<AssessmentCheck> Checks { get; } = [.. AssessmentRules.All.Append(AssessmentRules.Incomplete).Append(QuotaTotals.Rule).Select(static r => new AssessmentCheck(r.Id, r.Category, r.Label, r.Meaning, r.Cure))];

    /// <returns>The machines in the order of the inventory.</returns>
    public static IReadOnlyList<MachineAssessment> Run(InventorySnapshot snapshot, AssessmentOptions options, CancellationToken cancel)
    {
        var site = new AssessmentSite(snapshot, options.Cloud, options.Now);
        var rules = AssessmentRules.All.Where(r => !r.NeedsCloud || options.Cloud is not null).ToList();
        var groups = DependencyGroups.Of(snapshot.Machines, site, options.Groups);
        var context = new AssessmentContext
        {
            CreatedAt = options.Now,
            Sources = [.. snapshot.Machines.Select(static m => m.Source).Distinct(StringComparer.Ordinal)],
            Cloud = options.Cloud?.Name ?? "",
            Rates = options.Rates,
            Waves = options.Waves,
            Hosts = snapshot.Hosts,
            Datastores = snapshot.Datastores,
            Networks = snapshot.Networks,
            Notices = [.. snapshot.Notices, .. options.Cloud?.Notices ?? []],
            Checks = Checks,
            Inventory = snapshot,
            Options = options,
        };
        var assessed = new List<MachineAssessment>(snapshot.Machines.Count);
        foreach (var item in snapshot.Machines)
        {
            cancel.ThrowIfCancellationRequested();
            assessed.Add(Assess(new RuleSubject(item, site), rules, context) with { Group = groups[assessed.Count], Index = assessed.Count });
        }

        return QuotaTotals.Apply(WavePlanner.Plan(assessed, options.Waves, options.Rates), options.Cloud);
    }

    private static MachineAssessment Assess(RuleSubject subject, IReadOnlyList<AssessmentRule> rules, AssessmentContext context)
    {
        var findings = rules.Select(r => (Rule: r, Finding: r.Apply(subject))).ToList();
        var unknown = findings.Where(static f => f.Finding.Present is null).Select(static f => f.Rule).ToList();
        var concerns = findings.Where(static f => f.Finding.Present == true).Select(static f => f.Rule.Concern(f.Finding)).ToList();
        // What a source of its kind always tells, but this one did not, leaves the answer open; what none of its kind tells is at least said.
        bool IsMissing(AssessmentRule rule) => (subject.Item.Expected & rule.Needs) == rule.Needs && !subject.Item.Knows(rule.Needs);
        var deciding = unknown.Where(r => r.Category == ConcernCategory.Critical || (r.Category == ConcernCategory.Warning && IsMissing(r))).ToList();
        if (deciding.Count > 0)
            concerns.Add(AssessmentRules.Incomplete.Concern(Finding.Of(deciding.OrderByDescending(static r => r.Category).Select(static r => r.Label))));
        var open = deciding.Exists(r => r.Category == ConcernCategory.Critical && IsMissing(r));
        var verdict = concerns.Exists(static c => c.Category == ConcernCategory.Critical) ? MigrationVerdict.NotMigratable
            : open ? MigrationVerdict.Unknown
            : concerns.Exists(static c => c.Category == ConcernCategory.Warning) ? MigrationVerdict.MigratableWithWarnings : MigrationVerdict.Migratable;
        return Sizes(subject, context) with
        {
            Verdict = verdict,
            Concerns = [.. concerns.OrderByDescending(static c => c.Category)],
            UnknownChecks = [.. unknown.Select(static r => r.Id)],
            CheckCount = rules.Count,
            Risk = Risk(concerns, subject.Machine.Disks.Sum(static d => d.CapacityBytes)),
        };
    }

    private static MachineAssessment Sizes(RuleSubject subject, AssessmentContext context)
    {
        var (machine, traits) = (subject.Machine, subject.Traits);
        long? capacity = subject.Item.Knows(InventoryFacts.HardDisks | InventoryFacts.DiskSizes) ? machine.Disks.Sum(static d => d.CapacityBytes) : null;
        long? used = machine.UsedBytes > 0 ? machine.UsedBytes : null;
        // A thin disk cannot hold more than its size, but snapshots and memory files of a machine count as used too.
        var copy = used is { } u && capacity is { } c ? Math.Min(u, c) : used ?? capacity;
        return new MachineAssessment
        {
            Guest = subject.Guest.Name,
            GuestFamily = subject.Guest.Family,
            Flavor = subject.Site.Cloud is { Flavors: not null } cloud && machine.MemoryMiB > 0 ? cloud.Fit(machine.CpuCount, machine.MemoryMiB)?.Name ?? "" : "",
            Source = subject.Item.Source,
            SourceKind = subject.Item.SourceKind,
            CapacityBytes = capacity,
            ProvisionedBytes = machine.ProvisionedBytes > 0 ? machine.ProvisionedBytes : null,
            UsedBytes = used,
            GrowthBytesPerDay = context.Options.Baseline?.GrowthOf(subject.Item.Source, machine.Id, used, context.CreatedAt),
            InUseBytes = traits.FileSystems?.Sum(static f => Math.Max(0, f.CapacityBytes - f.FreeBytes)),
            CopyBytes = copy,
            Duration = copy is { } bytes ? context.Rates.Of(bytes) : null,
            Datastores = [.. subject.DatastoreNames],
            Networks = [.. machine.Nics.Select(static n => n.NetworkName).OfType<string>().Distinct(StringComparer.Ordinal)],
            Machine = machine,
            Traits = traits,
            Context = context,
        };
    }

    private static MigrationRisk Risk(List<MigrationConcern> concerns, long bytes)
    {
        var warnings = concerns.Count(static c => c.Category == ConcernCategory.Warning && c.Id != AssessmentRules.Incomplete.Id);
        if (warnings > 2 || bytes > 4L << 40 || concerns.Exists(static c => c.Category == ConcernCategory.Critical))
            return MigrationRisk.High;
        return warnings > 0 || bytes > 1L << 40 ? MigrationRisk.Medium : MigrationRisk.Low;
    }
}
