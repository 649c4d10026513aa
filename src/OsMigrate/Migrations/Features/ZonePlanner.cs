using OsMigrate.Bytes;
using OsMigrate.OpenStack;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Features;

/// <summary>Finds the zones that stand for groups of hosts. Asks only, makes nothing.</summary>
/// <param name="zonesByHostGroup">What the user says of groups; for others a zone or an aggregate of the same name is looked for.</param>
public sealed class ZonePlanner(CloudSession session, IReadOnlyDictionary<string, string> zonesByHostGroup, CancellationToken cancel)
{
    private readonly CloudFacts _cloud = new(session, cancel);

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.CloudNotFound"/>: the user named a zone that is not there.</exception>
    public IReadOnlyList<ZoneConversion> Plan(IEnumerable<PlacementFacts> clusters)
    {
        foreach (var zone in zonesByHostGroup.Values.Where(z => !_cloud.Zones.Value.Contains(z)))
            throw new OsMigrateException(ErrorIds.CloudNotFound, ErrorKind.NotFound, $"The cloud '{session.Name}' has no availability zone '{zone}'. It has: {string.Join(", ", _cloud.Zones.Value)}.", zone);
        return [.. clusters.SelectMany(c => c.Rules.Where(static r => r.Kind is ClusterRuleKind.MachinesOnHosts or ClusterRuleKind.MachinesNotOnHosts).Select(r => Convert(c, r)))];
    }

    private ZoneConversion Convert(PlacementFacts facts, PlacementRule rule)
    {
        var named = facts.Machines.ToDictionary(static m => m.Id, static m => m.Name, StringComparer.Ordinal);
        var conversion = new ZoneConversion(facts.Server, facts.Cluster, rule.Name, rule.HostGroup)
        {
            Cloud = session.Name,
            HostNames = rule.HostNames,
            MachineIds = rule.MachineIds,
            Machines = [.. rule.MachineIds.Select((id, i) => named.TryGetValue(id, out var name) ? name : rule.MachineNames.Count == rule.MachineIds.Count ? rule.MachineNames[i] : id)],
        };
        if (!rule.IsEnabled)
            return Skip(conversion, "The rule is switched off.", null);
        if (rule.Kind == ClusterRuleKind.MachinesNotOnHosts)
            return Skip(conversion, "Nova has no 'not on these hosts' for users.", "Give the machines a zone without these hosts: -AvailabilityZone of Convert-ToOpenStack.");
        var (zone, advice) = Find(rule.HostGroup ?? "");
        return zone is null ? Skip(conversion, "No zone stands for these hosts.", advice) : conversion with
        {
            Outcome = ConversionOutcome.Found,
            AvailabilityZone = zone,
            Lost = rule.IsMandatory ? ["A server stays in its zone for good."] : ["The rule was a should; a zone is a must.", "A server stays in its zone for good."],
        };
    }

    private (string? Zone, string? Advice) Find(string group)
    {
        if (zonesByHostGroup.TryGetValue(group, out var wanted))
            return (wanted, null);
        if (_cloud.Zones.Value.Contains(group))
            return (group, null);
        var aggregate = _cloud.Aggregates.IsKnown ? _cloud.Aggregates.Value.FirstOrDefault(a => string.Equals(a.Name, group, StringComparison.OrdinalIgnoreCase)) : null;
        if (aggregate?.AvailabilityZone is { Length: > 0 } zone)
            return (zone, null);
        return aggregate is not null
            ? (null, $"The aggregate '{aggregate.Name}' makes up no zone: use a flavor whose extra specification aggregate_instance_extra_specs matches {(aggregate.Metadata.Count == 0 ? "metadata that it is given" : string.Join(", ", aggregate.Metadata.Select(static p => $"{p.Key}={p.Value}")))}, with -Flavor.")
            : (null, $"Name a zone with -HostGroupMap @{{ '{group}' = 'ZONE' }}, or have an administrator make one of hosts of the cloud: openstack aggregate create --zone ZONE NAME; openstack aggregate add host NAME HOST.{(_cloud.Aggregates.IsKnown ? "" : $" Aggregates are not known ({_cloud.Aggregates.Refusal}).")}");
    }

    private static ZoneConversion Skip(ZoneConversion conversion, string why, string? advice) => conversion with { Outcome = ConversionOutcome.Skipped, Lost = [why], Advice = advice };
}
