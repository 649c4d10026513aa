using OsMigrate.OpenStack.Services;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Features;

/// <summary>Features that decide where machines run.</summary>
internal static class PlacementFeatures
{
    private const string Category = "Placement";

    public static IReadOnlyList<FeatureDefinition> All { get; } =
    [
        new("DRS", Category)
        {
            Counterpart = "Nova's scheduler: filters and weighers place a server when it starts; Watcher rebalances where it is installed",
            Lost = "Without Watcher nothing moves afterwards: not for load, not for rules. Automation levels of single machines have no counterpart.",
            Advice = "Size flavors honestly and keep spare capacity. Machines that were set to manual stay where they are by themselves.",
            Check = Rebalances,
            UsedBy = static use => use.ClustersThat(static c => c.IsDrsEnabled),
        },
        new("DRSRule", Category)
        {
            Counterpart = "Nova server groups: affinity, anti-affinity, and soft- where possible",
            Lost = "A server joins one group only, when it is made, and never later. Rules cannot be switched off. With strict affinity no member can be moved live.",
            Advice = "ConvertTo-NovaServerGroup makes the groups, and Convert-ToOpenStack -Placement places the servers by them.",
            Check = Groups,
            UsedBy = static use => use.RulesOf(ClusterRuleKind.Affinity, ClusterRuleKind.AntiAffinity),
        },
        new("DRSHostRule", Category)
        {
            Counterpart = "Availability zones and host aggregates, chosen by -AvailabilityZone or by a flavor's extra specifications",
            Lost = "'Should run on' has no counterpart: a zone is a must. 'Must not run on' needs a zone of its own. A zone is fixed once a server was made in it.",
            Advice = "ConvertTo-NovaAvailabilityZone -HostGroupMap maps host groups to zones; an administrator makes zones of aggregates.",
            Check = Zones,
            UsedBy = static use => use.RulesOf(ClusterRuleKind.MachinesOnHosts, ClusterRuleKind.MachinesNotOnHosts),
        },
        new("DPM", Category)
        {
            Counterpart = "Watcher's strategy saving_energy, with Ironic for the hosts' power",
            Lost = "Hosts are not switched off and on with the load.",
            Advice = "Consolidate by hand: disable a host, move its servers, switch it off.",
            Check = static cloud => cloud.Service("Watcher", "resource-optimization", "infra-optim") is { Status: FeatureStatus.Available } watcher
                ? cloud.Service("Ironic", "baremetal") is { Status: FeatureStatus.Available } ironic ? new Finding(FeatureStatus.Partial, [.. watcher.Evidence, .. ironic.Evidence]) : watcher with { Status = FeatureStatus.Partial }
                : cloud.Service("Watcher", "resource-optimization", "infra-optim"),
            UsedBy = static use => use.ClustersThat(static c => c.IsDpmEnabled),
        },
    ];

    private static Finding Rebalances(CloudFacts cloud)
    {
        var watcher = cloud.Service("Watcher", "resource-optimization", "infra-optim");
        return watcher.Status == FeatureStatus.Available ? watcher
            : cloud.NovaVersion.Then(version => watcher with { Status = FeatureStatus.Partial, Evidence = [$"Nova {version} places every server when it starts", .. watcher.Evidence] });
    }

    private static Finding Groups(CloudFacts cloud) => cloud.ServerGroups.Then(groups =>
    {
        if (!cloud.NovaVersion.IsKnown)
            return Finding.Unknown(cloud.NovaVersion.Refusal);
        if (cloud.NovaVersion.Value < new Microversion(2, 15))
            return Finding.Partial($"Nova lists {groups.Count} server groups", $"Nova {cloud.NovaVersion.Value}: soft policies need 2.15");
        return cloud.Limits.Then(limits =>
        {
            var (most, used, members) = (limits.Whole("maxServerGroups"), limits.Whole("totalServerGroupsUsed") ?? 0, limits.Whole("maxServerGroupMembers"));
            var evidence = $"Nova {cloud.NovaVersion.Value}; server groups in use {used} of {Text(most)}, members of each at most {Text(members)}";
            return most is null ? Finding.Unknown("Nova's limits name no server groups") : most >= 0 && used >= most ? Finding.Partial(evidence, "The quota of server groups is used up") : Finding.Available(evidence);
        });
    });

    private static Finding Zones(CloudFacts cloud) => cloud.Zones.Then(zones =>
    {
        var aggregates = cloud.Aggregates.IsKnown ? $"{cloud.Aggregates.Value.Count} aggregates: {MobilityFeatures.Names(cloud.Aggregates.Value.Select(static a => a.Name))}" : cloud.Aggregates.Refusal;
        var evidence = $"{zones.Count} availability zone{(zones.Count == 1 ? "" : "s")}: {MobilityFeatures.Names(zones)}";
        return zones.Count == 0 ? Finding.Unknown(evidence, aggregates) : zones.Count > 1 ? Finding.Available(evidence, aggregates) : Finding.Partial(evidence, aggregates, "One zone keeps nothing apart; an administrator can make more");
    });

    private static string Text(long? limit) => limit is null ? "unknown" : limit < 0 ? "no limit" : limit.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
