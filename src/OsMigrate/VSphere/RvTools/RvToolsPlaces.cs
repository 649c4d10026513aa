using OsMigrate.VSphere.Inventory;

namespace OsMigrate.VSphere.RvTools;

/// <summary>Hosts, datastores, networks and clusters of an export.</summary>
internal static class RvToolsPlaces
{
    public static IReadOnlyList<VSphereHost> Hosts(RvToolsSheet? sheet) => sheet is null ? [] :
    [
        .. sheet.Rows.Select(r => new VSphereHost(sheet.Text(r, "Host"), sheet.Text(r, "Cluster"), $"{sheet.Text(r, "Vendor")} {sheet.Text(r, "Model")}".Trim(), sheet.Text(r, "ESX Version"),
            sheet.Whole(r, "# Cores") is { } cores and < 100_000 ? (int)cores : null, sheet.Whole(r, "# Memory"))).Where(static h => h.Name.Length > 0),
    ];

    public static IReadOnlyList<VSphereDatastore> Datastores(RvToolsSheet? sheet) => sheet is null ? [] :
    [
        .. sheet.Rows.Select(r => new VSphereDatastore(sheet.Text(r, "Name"), sheet.Text(r, "Type"), sheet.Bytes(r, "Capacity MiB"), sheet.Bytes(r, "Free MiB"), sheet.Bool(r, "Accessible"))).Where(static d => d.Name.Length > 0),
    ];

    public static IReadOnlyList<VSphereNetwork> Networks(RvToolsSheet? standard, RvToolsSheet? distributed) =>
    [
        .. (standard?.Rows.Select(r => new VSphereNetwork(standard.Text(r, "Port Group"), standard.Text(r, "Switch"), standard.Text(r, "VLAN"))) ?? [])
            .Concat(distributed?.Rows.Select(r => new VSphereNetwork(distributed.Text(r, "Port"), distributed.Text(r, "Switch"), distributed.Text(r, "VLAN"))) ?? [])
            .Where(static n => n.Name.Length > 0).Distinct(),
    ];

    /// <summary>Clusters, with the rules that vInfo names for each machine.</summary>
    public static IReadOnlyList<VSphereCluster> Clusters(RvToolsSheet? sheet, RvToolsSheet info, IReadOnlyList<InventoryMachine> machines, IReadOnlyList<string[]> rows)
    {
        var rules = machines.Select((m, i) => (m.Machine.Cluster, m.Machine.Reference, Kinds: Parts(info.Text(rows[i], "Cluster rule(s)")), Names: Parts(info.Text(rows[i], "Cluster rule name(s)"))))
            .SelectMany(static m => m.Names.Select((name, i) => (m.Cluster, m.Reference, Name: name, Kind: m.Kinds.Count == m.Names.Count ? m.Kinds[i] : m.Kinds.FirstOrDefault() ?? "")))
            .ToLookup(static r => r.Cluster, StringComparer.Ordinal);
        var known = sheet?.Rows.ToLookup(r => sheet.Text(r, "Name"), StringComparer.Ordinal);
        return
        [
            .. machines.Select(static m => m.Machine.Cluster).Where(static c => c.Length > 0).Distinct(StringComparer.Ordinal).Select(name => new VSphereCluster
            {
                Reference = new MoRef("ClusterComputeResource", name),
                Name = name,
                IsHAEnabled = known?[name].Select(r => sheet!.Bool(r, "HA enabled")).FirstOrDefault() ?? false,
                IsDrsEnabled = known?[name].Select(r => sheet!.Bool(r, "DRS enabled")).FirstOrDefault() ?? false,
                DrsAutomationLevel = known?[name].Select(r => sheet!.Text(r, "DRS default VM behavior")).FirstOrDefault() ?? "",
                Rules = [.. rules[name].GroupBy(static r => r.Name, StringComparer.Ordinal).Select(static g => new VSphereClusterRule(g.Key, Kind(g.First().Kind), true, false, [.. g.Select(static r => r.Reference)], null, null))],
            }),
        ];
    }

    private static IReadOnlyList<string> Parts(string cell) => [.. cell.Split([',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(static p => p.Trim()).Where(static p => p.Length > 0).Take(100)];

    private static ClusterRuleKind Kind(string text)
        => Says(text, "host") ? ClusterRuleKind.MachinesOnHosts : Says(text, "anti") || Says(text, "separate") ? ClusterRuleKind.AntiAffinity : Says(text, "affinity") || Says(text, "together") ? ClusterRuleKind.Affinity : ClusterRuleKind.Other;

    private static bool Says(string text, string word) => text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
}
