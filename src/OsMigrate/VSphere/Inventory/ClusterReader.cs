using OsMigrate.VSphere.Properties;
using OsMigrate.VSphere.Sessions;
using OsMigrate.VSphere.Soap;

namespace OsMigrate.VSphere.Inventory;

/// <summary>Reads HA, DRS and its rules.</summary>
/// <remarks>vSphere Web Services API, ClusterConfigInfoEx.</remarks>
internal sealed class ClusterReader(string server, Func<MoRef, string> nameOf)
{
    private static readonly string[] Paths = ["name", "configurationEx", "host", "summary"];

    /// <param name="nameOf">Names of machines and hosts; empty for one that is not known.</param>
    public static IReadOnlyList<VSphereCluster> All(VSphereSession session, Func<MoRef, string> nameOf, CancellationToken cancel)
        => [.. new PropertyQuery(session).Below(session.Content.RootFolder, ["ClusterComputeResource"], Paths, cancel).Select(new ClusterReader(session.Name, nameOf).Read)];

    private VSphereCluster Read(VimObject found)
    {
        var config = found.Data("configurationEx");
        var machines = Groups(config, "ClusterVmGroup", "vm");
        var hosts = Groups(config, "ClusterHostGroup", "host");
        var das = config?.Child("dasConfig");
        return new VSphereCluster
        {
            Server = server,
            Reference = found.Reference,
            Name = Places.Unescape(found.Text("name") ?? ""),
            IsHAEnabled = das?.Bool("enabled") ?? false,
            IsDrsEnabled = config?.At("drsConfig")?.Bool("enabled") ?? false,
            IsDpmEnabled = config?.At("dpmConfigInfo")?.Bool("enabled") ?? false,
            HARestartPriority = das?.Child("defaultVmSettings")?.Text("restartPriority") ?? "",
            HAIsolationResponse = das?.Child("defaultVmSettings")?.Text("isolationResponse") ?? "",
            VMMonitoring = das?.Text("vmMonitoring") ?? "",
            IsAdmissionControlled = das?.Bool("admissionControlEnabled") ?? false,
            DrsAutomationLevel = config?.At("drsConfig")?.Text("defaultVmBehavior") ?? "",
            DrsThreshold = config?.At("drsConfig")?.Int("vmotionRate") is > 0 and <= 5 and var rate ? rate : null,
            EvcMode = found.Data("summary")?.Text("currentEVCModeKey") is { Length: > 0 } evc ? evc : null,
            HAOverrides = Overrides(config, "dasVmConfig", Priority),
            DrsOverrides = Overrides(config, "drsVmConfig", Automation),
            Overrides = Together(config),
            Rules = [.. config?.List("rule").Select(r => Rule(r, machines, hosts)) ?? []],
            MachineGroups = machines,
            HostGroups = hosts,
            HostNames = [.. found.Refs("host").Select(nameOf).Where(static n => n.Length > 0)],
        };
    }

    private VSphereClusterRule Rule(VimData rule, Dictionary<string, IReadOnlyList<MoRef>> machineGroups, Dictionary<string, IReadOnlyList<MoRef>> hostGroups)
    {
        var kind = rule.TypeName switch
        {
            "ClusterAffinityRuleSpec" => ClusterRuleKind.Affinity,
            "ClusterAntiAffinityRuleSpec" => ClusterRuleKind.AntiAffinity,
            "ClusterVmHostRuleInfo" when rule.Text("antiAffineHostGroupName") is { Length: > 0 } => ClusterRuleKind.MachinesNotOnHosts,
            "ClusterVmHostRuleInfo" => ClusterRuleKind.MachinesOnHosts,
            "ClusterDependencyRuleInfo" => ClusterRuleKind.DependsOn,
            _ => ClusterRuleKind.Other,
        };
        var group = rule.Text("vmGroupName") ?? rule.Text("vmGroup");
        var machines = Members(machineGroups, group) ?? Refs(rule, "vm");
        var hosts = rule.Text("antiAffineHostGroupName") is { Length: > 0 } anti ? anti : rule.Text("affineHostGroupName");
        return new VSphereClusterRule(rule.Text("name") ?? "", kind, rule.Bool("enabled") ?? false, rule.Bool("mandatory") ?? false, machines, group, hosts)
        {
            MachineNames = [.. machines.Select(nameOf).Where(static n => n.Length > 0)],
            HostNames = [.. (Members(hostGroups, hosts) ?? []).Select(nameOf).Where(static n => n.Length > 0)],
            DependsOn = Members(machineGroups, rule.Text("dependsOnVmGroup")) ?? [],
        };
    }

    /// <summary>All that single machines have set otherwise, one record for each.</summary>
    private IReadOnlyList<VSphereClusterOverride> Together(VimData? config)
    {
        var priority = Overrides(config, "dasVmConfig", Priority);
        var isolation = Overrides(config, "dasVmConfig", static c => c.At("dasSettings")?.Text("isolationResponse") is var own && own == "clusterIsolationResponse" ? null : own);
        var monitoring = Overrides(config, "dasVmConfig", static c => c.At("dasSettings", "vmToolsMonitoringSettings") is { } own && own.Bool("clusterSettings") != true ? own.Text("vmMonitoring") : null);
        var drs = Overrides(config, "drsVmConfig", Automation);
        var delays = Overrides(config, "vmOrchestration", static c => c.At("vmReadiness", "postReadyDelay")?.Value, "vm");
        return [.. priority.Keys.Concat(isolation.Keys).Concat(monitoring.Keys).Concat(drs.Keys).Concat(delays.Keys).Distinct().Select(m => new VSphereClusterOverride(
            m, nameOf(m), Of(priority, m), Of(isolation, m), Of(monitoring, m), Of(drs, m), VimData.AsLong(Of(delays, m)) is > 0 and <= int.MaxValue and var delay ? (int)delay : null))];
    }

    private static string? Priority(VimData c) => c.At("dasSettings")?.Text("restartPriority") ?? c.Text("restartPriority");

    private static string? Automation(VimData c) => c.Bool("enabled") == false ? "disabled" : c.Text("behavior");

    private static string? Of(Dictionary<MoRef, string> all, MoRef machine) => all.TryGetValue(machine, out var value) ? value : null;

    private static Dictionary<MoRef, string> Overrides(VimData? config, string list, Func<VimData, string?> value, string key = "key")
    {
        var all = new Dictionary<MoRef, string>();
        foreach (var entry in config?.List(list) ?? [])
        {
            if (entry.Ref(key) is { } machine && value(entry) is { Length: > 0 } text)
                all[machine] = text;
        }

        return all;
    }

    private static Dictionary<string, IReadOnlyList<MoRef>> Groups(VimData? config, string type, string members)
        => (config?.List("group") ?? []).Where(g => g.TypeName == type).GroupBy(static g => g.Text("name") ?? "", StringComparer.Ordinal).ToDictionary(static g => g.Key, g => Refs(g.First(), members), StringComparer.Ordinal);

    private static IReadOnlyList<MoRef>? Members(Dictionary<string, IReadOnlyList<MoRef>> groups, string? name)
        => name is not null && groups.TryGetValue(name, out var members) ? members : null;

    private static IReadOnlyList<MoRef> Refs(VimData data, string name) => [.. data.List(name).Select(static r => r.AsRef()).OfType<MoRef>()];
}
