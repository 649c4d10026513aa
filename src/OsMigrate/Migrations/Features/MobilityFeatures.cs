using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Migrations.Features;

/// <summary>Features that move what runs.</summary>
internal static class MobilityFeatures
{
    private const string Category = "Mobility";

    public static IReadOnlyList<FeatureDefinition> All { get; } =
    [
        new("vMotion", Category)
        {
            Counterpart = "Nova live migration: with volumes or shared storage only memory moves, else the local disks too (block migration)",
            Lost = "Users cannot ask for it: it is an administrator's right by default. No move to another cloud or vCenter, none while a PCI device is passed through.",
            Advice = "Put disks into volumes (Convert-ToOpenStack -As Volume), so that moves are quick. Move-NovaInstance moves a server.",
            Check = static cloud => cloud.Hosts.Then(Mobile),
            UsedBy = static use => use.ClustersThat(static c => c.HostNames.Count > 1),
        },
        new("StorageVMotion", Category)
        {
            Counterpart = "Cinder retype with a migration policy, or volume migrate",
            Lost = "Boot disks that are images cannot be moved. Volumes with snapshots cannot be retyped to another backend.",
            Advice = "Offer a volume type for each kind of storage; users then change the type of a volume (openstack volume set --type T --retype-policy on-demand).",
            Check = static cloud => Backends(cloud, "nowhere to move a volume to"),
        },
        new("StorageDRS", Category)
        {
            Counterpart = "Cinder's scheduler chooses a backend by free capacity when a volume is made",
            Lost = "Nothing is moved afterwards: no balancing by space or latency, no datastore maintenance mode.",
            Advice = "Watch the pools' free space, and migrate volumes by hand or by a script.",
            Check = static cloud => Backends(cloud, "nothing to choose between") is { Status: FeatureStatus.Available } found ? found with { Status = FeatureStatus.Partial } : Backends(cloud, "nothing to choose between"),
        },
        new("EVC", Category)
        {
            Counterpart = "[libvirt] cpu_mode=custom and cpu_models on the compute hosts; Placement traits HW_CPU_* tell them apart",
            Lost = "The baseline is set on each host by its configuration, not for a cluster, and no API shows it.",
            Advice = "Where hosts differ, set the oldest model on all hosts, or one baseline in each aggregate with flavors that require its traits.",
            Check = static cloud => cloud.Hosts.Then(Models),
            UsedBy = static use => use.ClustersThat(static c => c.EvcMode is not null),
        },
    ];

    /// <summary>Hosts of one kind of hypervisor that are up and enabled.</summary>
    internal static IEnumerable<IGrouping<string, Hypervisor>> Running(IEnumerable<Hypervisor> hosts)
        => hosts.Where(static h => h is { State: "up", Status: "enabled" }).GroupBy(static h => h.Type, StringComparer.OrdinalIgnoreCase);

    private static Finding Mobile(IReadOnlyList<Hypervisor> hosts)
    {
        var kinds = Running(hosts).ToList();
        string[] evidence = [.. kinds.Select(static k => $"{k.Count()} host{(k.Count() == 1 ? "" : "s")} of the type {k.Key} up and enabled: {Names(k.Select(static h => h.Host))}")];
        if (kinds.Count == 0)
            return Finding.Missing("No host is up and enabled");
        return kinds.All(static k => k.Count() > 1) ? Finding.Available(evidence)
            : kinds.Exists(static k => k.Count() > 1) ? new Finding(FeatureStatus.Partial, [.. evidence, "A server moves between hosts of one type only"])
            : new Finding(FeatureStatus.Missing, [.. evidence, "There is nowhere to move a server to"]);
    }

    private static Finding Models(IReadOnlyList<Hypervisor> hosts)
    {
        var models = hosts.Where(static h => h.State == "up").GroupBy(static h => h.CpuModel).ToList();
        if (models.Count == 0 || models.Exists(static m => m.Key is null))
            return Finding.Unknown("Nova os-hypervisors names no CPU model");
        string[] evidence = [.. models.Select(static m => $"CPU {m.Key}: {Names(m.Select(static h => h.Host))}")];
        return models.Count == 1 ? Finding.Available([.. evidence, "All hosts have the same CPU, so that a moved server finds what it had"])
            : Finding.Partial([.. evidence, "The hosts' CPUs differ; which baseline servers are given, no API shows"]);
    }

    private static Finding Backends(CloudFacts cloud, string alone)
    {
        if (cloud.Pools.IsKnown)
        {
            var pools = cloud.Pools.Value;
            var evidence = $"{pools.Count} storage pool{(pools.Count == 1 ? "" : "s")}: {Names(pools.Select(static p => p.Name))}";
            return pools.Count > 1 ? Finding.Available(evidence) : Finding.Missing(evidence, alone);
        }

        var types = cloud.VolumeTypes.Then(static t => Finding.Unknown($"{t.Count} volume types are offered: {Names(t.Select(static v => v.Name))}"));
        return types.And(cloud.Pools.Refusal);
    }

    /// <summary>By name: a cloud lists things in whatever order, and evidence should read the same twice.</summary>
    internal static string Names(IEnumerable<string> names)
    {
        var all = names.OrderBy(static n => n, StringComparer.OrdinalIgnoreCase).ToList();
        return all.Count <= 6 ? string.Join(", ", all) : $"{string.Join(", ", all.Take(6))} and {all.Count - 6} more";
    }
}
