using OsMigrate.VSphere.Inventory;
using static OsMigrate.VSphere.Inventory.InventoryFacts;

namespace OsMigrate.Migrations.Assessment.Rules;

/// <summary>What the cluster does for the machine: HA, DRS, fault tolerance, rules, vApps.</summary>
internal static class PlacementRules
{
    public static IReadOnlyList<AssessmentRule> All { get; } =
    [
        new("vmware.fault_tolerance.enabled", ConcernCategory.Warning, "Fault tolerance",
            "OpenStack has nothing like it: when a host fails, the server starts anew.", "Turn it off before the move; use a cluster in the guests where no interruption is allowed.",
            Clusters, static s => Finding.When(s.Machine.FaultToleranceState is not ("" or "notConfigured"), s.Machine.FaultToleranceState)),
        new("vmware.host_affinity.detected", ConcernCategory.Warning, "Bound to hosts by a rule",
            "The rule does not move.", "Use an availability zone or a host aggregate; think of licences that are bound to hosts.",
            ClusterRules, static s => Of(s, ClusterRuleKind.MachinesOnHosts, ClusterRuleKind.MachinesNotOnHosts)),
        new("openstack.rule.affinity", ConcernCategory.Information, "Kept together with others",
            "The rule becomes a server group with the policy affinity.", "Move its machines in one wave.",
            ClusterRules, static s => Of(s, ClusterRuleKind.Affinity)),
        new("openstack.rule.anti_affinity", ConcernCategory.Information, "Kept apart from others",
            "The rule becomes a server group with the policy anti-affinity.", "Move its machines in one wave, so that the group is made once.",
            ClusterRules, static s => Of(s, ClusterRuleKind.AntiAffinity)),
        new("openstack.vapp", ConcernCategory.Information, "Part of a vApp",
            "Order and delays of a vApp do not move by themselves.", "Move its machines in one wave and start them in order.",
            ClusterRules, static s => Finding.When(s.Machine.VApp is not null, $"vApp {s.Machine.VApp?.Name}" + (s.Machine.VApp?.StartOrder is { } order ? $", order {order}" : ""))),
        new("openstack.cluster.ha", ConcernCategory.Information, "Restarted by HA when its host fails",
            "OpenStack does it where the operator runs Masakari or evacuates by hand.", "Ask the operator what happens when a compute host fails.",
            Clusters, static s => s.Cluster is { } c ? Finding.When(c.IsHAEnabled && s.Machine.HARestartPriority != "disabled", $"cluster {c.Name}" + (s.Machine.HARestartPriority.Length > 0 ? $", priority {s.Machine.HARestartPriority}" : "")) : NoCluster(s)),
        new("vmware.drs.enabled", ConcernCategory.Information, "Balanced by DRS",
            "Nova places a server once; moving it later is the operator's work (Watcher, live migration).", "None needed.",
            Clusters, static s => s.Cluster is { } c ? Finding.When(c.IsDrsEnabled, $"cluster {c.Name}") : NoCluster(s)),
    ];

    private static Finding Of(RuleSubject subject, params ClusterRuleKind[] kinds)
        => Finding.Of(subject.Rules.Where(r => kinds.Contains(r.Kind)).Select(static r => $"rule {r.Name} of {r.Machines.Count} machines" + (r.IsMandatory ? ", mandatory" : "")));

    private static Finding NoCluster(RuleSubject subject) => subject.Machine.Cluster.Length == 0 ? Finding.Clear : Finding.Unknown;
}
