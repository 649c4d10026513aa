using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Inventory;

/// <summary>Reads HA, DRS and its rules.</summary>
/// <remarks>vSphere Web Services API, ClusterConfigInfoEx.</remarks>
internal static class ClusterReader
{
    public static IReadOnlyList<VSphereCluster> All(VSphereSession session, CancellationToken cancel)
        => [.. new PropertyQuery(session).Below(session.Content.RootFolder, ["ClusterComputeResource"], ["name", "configurationEx"], cancel).Select(Read)];

    private static VSphereCluster Read(VimObject found)
    {
        var config = found.Data("configurationEx");
        var groups = config?.List("group").ToList() ?? [];
        var machines = groups.Where(static g => g.TypeName == "ClusterVmGroup").GroupBy(static g => g.Text("name") ?? "", StringComparer.Ordinal)
            .ToDictionary(static g => g.Key, static g => Refs(g.First(), "vm"), StringComparer.Ordinal);
        return new VSphereCluster
        {
            Reference = found.Reference,
            Name = Places.Unescape(found.Text("name") ?? ""),
            IsHAEnabled = config?.At("dasConfig")?.Bool("enabled") ?? false,
            IsDrsEnabled = config?.At("drsConfig")?.Bool("enabled") ?? false,
            HARestartPriority = config?.At("dasConfig", "defaultVmSettings")?.Text("restartPriority") ?? "",
            DrsAutomationLevel = config?.At("drsConfig")?.Text("defaultVmBehavior") ?? "",
            HAOverrides = Overrides(config, "dasVmConfig", static c => c.At("dasSettings")?.Text("restartPriority") ?? c.Text("restartPriority")),
            DrsOverrides = Overrides(config, "drsVmConfig", static c => c.Bool("enabled") == false ? "disabled" : c.Text("behavior")),
            Rules = [.. config?.List("rule").Select(r => Rule(r, machines)) ?? []],
            HostGroups = groups.Where(static g => g.TypeName == "ClusterHostGroup").GroupBy(static g => g.Text("name") ?? "", StringComparer.Ordinal)
                .ToDictionary(static g => g.Key, static g => Refs(g.First(), "host"), StringComparer.Ordinal),
        };
    }

    private static VSphereClusterRule Rule(VimData rule, Dictionary<string, IReadOnlyList<MoRef>> groups)
    {
        var kind = rule.TypeName switch
        {
            "ClusterAffinityRuleSpec" => ClusterRuleKind.Affinity,
            "ClusterAntiAffinityRuleSpec" => ClusterRuleKind.AntiAffinity,
            "ClusterVmHostRuleInfo" when rule.Text("antiAffineHostGroupName") is { Length: > 0 } => ClusterRuleKind.MachinesNotOnHosts,
            "ClusterVmHostRuleInfo" => ClusterRuleKind.MachinesOnHosts,
            _ => ClusterRuleKind.Other,
        };
        var group = rule.Text("vmGroupName");
        var machines = group is not null && groups.TryGetValue(group, out var members) ? members : Refs(rule, "vm");
        var hosts = rule.Text("antiAffineHostGroupName") is { Length: > 0 } anti ? anti : rule.Text("affineHostGroupName");
        return new VSphereClusterRule(rule.Text("name") ?? "", kind, rule.Bool("enabled") ?? false, rule.Bool("mandatory") ?? false, machines, group, hosts);
    }

    private static Dictionary<MoRef, string> Overrides(VimData? config, string list, Func<VimData, string?> value)
    {
        var all = new Dictionary<MoRef, string>();
        foreach (var entry in config?.List(list) ?? [])
        {
            if (entry.Ref("key") is { } machine && value(entry) is { Length: > 0 } text)
                all[machine] = text;
        }

        return all;
    }

    private static IReadOnlyList<MoRef> Refs(VimData data, string name) => [.. data.List(name).Select(static r => r.AsRef()).OfType<MoRef>()];
}
