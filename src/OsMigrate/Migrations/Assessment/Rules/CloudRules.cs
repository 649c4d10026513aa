using static OsMigrate.VSphere.Inventory.InventoryFacts;

namespace OsMigrate.Migrations.Assessment.Rules;

/// <summary>What the cloud that was named has for the machine.</summary>
internal static class CloudRules
{
    public static IReadOnlyList<AssessmentRule> All { get; } =
    [
        new("openstack.flavor.none", ConcernCategory.Critical, "No flavor is large enough",
            "The cloud has no flavor with its processors and memory.", "Ask the cloud's operator for one, or make the machine smaller.",
            Hardware, static s => s.Site.Cloud!.Flavors is null || s.Machine.MemoryMiB <= 0 ? Finding.Unknown
                : Finding.When(s.Site.Cloud.Fit(s.Machine.CpuCount, s.Machine.MemoryMiB) is null, $"{s.Machine.CpuCount} processors, {s.Machine.MemoryMiB} MiB")) { NeedsCloud = true },
        new("openstack.flavor.oversized", ConcernCategory.Advisory, "Nearest flavor is much larger",
            "The smallest flavor that fits has more than twice the processors or memory.", "Ask for a flavor in between.",
            Hardware, static s => s.Site.Cloud!.Flavors is null || s.Machine.MemoryMiB <= 0 ? Finding.Unknown : Oversized(s)) { NeedsCloud = true },
        new("openstack.quota.exceeded", ConcernCategory.Warning, "Quota too small for this machine alone",
            "The project may not have what this one machine needs.", "Ask for a larger quota, or free something.",
            Hardware | HardDisks | DiskSizes | Nics, static s => s.Site.Cloud!.Quotas is null ? Finding.Unknown : Quota(s)) { NeedsCloud = true },
        new("openstack.network.unmapped", ConcernCategory.Information, "Network of another name",
            "The cloud has no network with the name of the port group.", "Name the network with -Network or -NetworkMap.",
            Nics, static s => s.Site.Cloud!.Networks is not { } known ? Finding.Unknown
                : Finding.Of(s.Machine.Nics.Select(static n => n.NetworkName).OfType<string>().Distinct(StringComparer.Ordinal).Where(n => !known.Contains(n, StringComparer.OrdinalIgnoreCase)))) { NeedsCloud = true },
    ];

    private static Finding Oversized(RuleSubject s)
        => s.Site.Cloud!.Fit(s.Machine.CpuCount, s.Machine.MemoryMiB) is not { } flavor ? Finding.Clear
            : Finding.When(flavor.CpuCount > 2 * s.Machine.CpuCount || flavor.MemoryMiB > 2 * s.Machine.MemoryMiB, $"{flavor.Name}: {flavor.CpuCount} processors, {flavor.MemoryMiB} MiB");

    private static Finding Quota(RuleSubject s)
        => Finding.Of(QuotaTotals.Needs(s.Machine).Where(n => s.Site.Cloud!.Free(n.Resource) < n.Needed).Select(n => $"{n.Resource}: {n.Needed} needed, {s.Site.Cloud!.Free(n.Resource)} left"));
}
