using OsMigrate.OpenStack.Compute;

namespace OsMigrate.Migrations.Features;

/// <summary>Features that keep machines running, or start them again.</summary>
internal static class AvailabilityFeatures
{
    private const string Category = "Availability";

    public static IReadOnlyList<FeatureDefinition> All { get; } =
    [
        new("HA", Category)
        {
            Counterpart = "Masakari evacuates the servers of a host that failed; without it an administrator does (nova evacuate)",
            Lost = "Restart priorities, admission control and dependencies. Only servers on volumes or shared storage keep their disks. It takes minutes.",
            Advice = "ConvertTo-NovaMetadata marks protected servers for Masakari (HA_Enabled) and keeps the priority; ConvertTo-MigrationOrder keeps the order. Reserve hosts in Masakari for spare capacity.",
            Check = Restarts,
            UsedBy = static use => use.ClustersThat(static c => c.IsHAEnabled),
        },
        new("HAIsolation", Category)
        {
            Counterpart = "Masakari's host monitor with fencing (Pacemaker, or Consul from 2023 on)",
            Lost = "No response of its own for single machines: a host that is cut off is fenced as a whole.",
            Advice = "Set up fencing before evacuation is automatic: else a server can run twice on one volume.",
            Check = static cloud => Masakari(cloud) is { Status: FeatureStatus.Available } found
                ? found with { Status = FeatureStatus.Unknown, Evidence = [.. found.Evidence, "Whether hosts are fenced, no API shows"] } : Masakari(cloud),
            UsedBy = static use => use.ClustersThat(static c => c.IsHAEnabled && c.HAIsolationResponse is "powerOff" or "shutdown"),
        },
        new("VMMonitoring", Category)
        {
            Counterpart = "A watchdog device: image property or flavor hw_watchdog_action=reset; Masakari's instance monitor restarts crashed QEMU processes",
            Lost = "The heartbeat of VMware Tools and application monitoring. A guest that does not run a watchdog daemon is not watched.",
            Advice = "ConvertTo-NovaMetadata -Watchdog sets it for the machines that HA monitors; the guest needs a watchdog daemon (module i6300esb).",
            Check = static cloud => cloud.Hosts.Then(static hosts => Libvirt(hosts) is { Count: > 0 } able
                ? Finding.Available($"libvirt has watchdog devices: {MobilityFeatures.Names(able)}") : Finding.Missing("No host is of a type that has watchdog devices")),
            UsedBy = static use => use.ClustersThat(static c => c.VMMonitoring is not ("" or "vmMonitoringDisabled")),
        },
        new("FaultTolerance", Category)
        {
            Counterpart = "None. Nothing in OpenStack runs a second copy of a server in step",
            Lost = "Zero downtime and zero loss of state when a host fails.",
            Advice = "Turn it off before the move. Protect what needs it by the application: a cluster or replica of two servers in an anti-affinity group, behind Octavia or a virtual address; or accept a restart by Masakari.",
            UsedBy = static use => use.MachinesThat(static m => m.FaultToleranceState is not ("" or "notConfigured")),
        },
        new("VApp", Category)
        {
            Counterpart = "Heat stacks (depends_on) start and delete servers together",
            Lost = "Start order, delays and stop actions after every power-on: Heat orders the making of servers only. Shared settings (OVF environment) end.",
            Advice = "ConvertTo-MigrationOrder gives the order and delays, and Convert-ToOpenStack -Placement makes the servers in that order; write them into your runbook for restarts.",
            Check = static cloud => cloud.Service("Heat", "orchestration"),
            UsedBy = static use => use.PoolsThat(static p => p.IsVApp).Concat(use.MachinesThat(static m => m.VApp is not null)),
        },
    ];

    private static Finding Masakari(CloudFacts cloud) => cloud.Service("Masakari", "instance-ha", "ha");

    private static Finding Restarts(CloudFacts cloud)
    {
        var masakari = Masakari(cloud);
        if (masakari.Status != FeatureStatus.Missing)
            return masakari;
        var byHand = cloud.Hosts.Then(static hosts => MobilityFeatures.Running(hosts).Any(static k => k.Count() > 1)
            ? Finding.Partial("An administrator can evacuate servers: there are other hosts of the same type")
            : Finding.Missing("There is no other host to evacuate to"));
        return byHand with { Evidence = [.. masakari.Evidence, .. byHand.Evidence] };
    }

    private static List<string> Libvirt(IReadOnlyList<Hypervisor> hosts)
        => [.. hosts.Where(static h => h.State == "up" && h.Type.ToUpperInvariant() is "QEMU" or "KVM").Select(static h => h.Host)];
}
