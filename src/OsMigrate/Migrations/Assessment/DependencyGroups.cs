using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Assessment;

/// <summary>Finds which machines belong together: by DRS rules, by vApps, and by the user's own word.</summary>
internal static class DependencyGroups
{
    /// <param name="given">Groups by name of the machine; a machine of a group is bound to all others of it.</param>
    /// <returns>For each machine the name of its group; empty for one that stands alone.</returns>
    public static IReadOnlyList<string> Of(IReadOnlyList<InventoryMachine> machines, AssessmentSite site, IReadOnlyDictionary<string, string> given)
    {
        var parents = Enumerable.Range(0, machines.Count).ToArray();
        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        var names = machines.Select(static _ => new List<string>()).ToList();
        for (var i = 0; i < machines.Count; i++)
        {
            foreach (var label in Labels(machines[i].Machine, site, given))
            {
                names[i].Add(label.Shown);
                if (labels.TryGetValue(label.Key, out var other))
                    Join(parents, i, other);
                else
                    labels[label.Key] = i;
            }
        }

        var groups = Enumerable.Range(0, machines.Count).GroupBy(i => Root(parents, i)).Where(static g => g.Skip(1).Any());
        var result = machines.Select(static _ => "").ToArray();
        foreach (var group in groups)
        {
            var name = string.Join(" + ", group.SelectMany(i => names[i]).Distinct(StringComparer.Ordinal).Take(3));
            foreach (var i in group)
                result[i] = name;
        }

        return result;
    }

    private static IEnumerable<(string Key, string Shown)> Labels(VSphereMachine machine, AssessmentSite site, IReadOnlyDictionary<string, string> given)
    {
        if (given.TryGetValue(machine.Name, out var group))
            yield return ("group\n" + group, group);
        if (machine.VApp is { } vApp)
            yield return ($"vapp\n{machine.Server}\n{machine.Datacenter}\n{vApp.Name}", "vApp " + vApp.Name);
        foreach (var rule in site.RulesOf(machine).Where(static r => r.Kind is ClusterRuleKind.Affinity or ClusterRuleKind.AntiAffinity))
            yield return ($"rule\n{machine.Server}\n{machine.Cluster}\n{rule.Name}", "rule " + rule.Name);
    }

    private static void Join(int[] parents, int a, int b) => parents[Root(parents, a)] = Root(parents, b);

    private static int Root(int[] parents, int at)
    {
        while (parents[at] != at)
            at = parents[at] = parents[parents[at]];
        return at;
    }
}
