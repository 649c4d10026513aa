using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Migrations.Features;

/// <summary>Makes waves of restart priorities, start orders of vApps and dependencies. A machine is never in an earlier wave than one that it needs, whatever its priority.</summary>
public static class MigrationOrderPlanner
{
    private static readonly string[] Priorities = ["highest", "high", "medium", "low", "lowest", "disabled"];

    /// <summary>One entry for each machine, in the order in which they are moved.</summary>
    public static IReadOnlyList<MigrationOrder> Plan(IEnumerable<PlacementFacts> clusters)
    {
        var all = clusters.ToList();
        var graph = new OrderGraph();
        foreach (var facts in all)
            Connect(graph, facts);
        var machines = all.SelectMany(static c => c.Machines).GroupBy(static m => (m.Server, m.Id)).Select(static g => g.First()).ToList();
        var names = machines.ToDictionary(static m => Key(m), static m => m.Name, StringComparer.Ordinal);
        var places = graph.Sort(machines.ToDictionary(static m => Key(m), Rank, StringComparer.Ordinal));
        var waves = places.Values.Select(static p => (p.Rank, p.Depth)).Distinct().OrderBy(static w => w).Select(static (wave, i) => (wave, i)).ToDictionary(static w => w.wave, static w => w.i + 1);
        return [.. machines.Select(m => Entry(m, waves[(places[Key(m)].Rank, places[Key(m)].Depth)], places[Key(m)].IsInCircle, graph.Before(Key(m)).Select(k => names.TryGetValue(k, out var name) ? name : null)))
            .OrderBy(static e => e.Wave).ThenBy(static e => e.Machine, StringComparer.OrdinalIgnoreCase)];
    }

    private static void Connect(OrderGraph graph, PlacementFacts facts)
    {
        foreach (var rule in facts.Rules.Where(static r => r is { Kind: ClusterRuleKind.DependsOn, IsEnabled: true }))
            graph.Add(rule.DependsOn.Select(id => Key(facts.Server, id)), rule.MachineIds.Select(id => Key(facts.Server, id)));
        foreach (var vApp in facts.Machines.Where(static m => m is { VApp: not null, StartOrder: not null }).GroupBy(static m => m.VApp!, StringComparer.Ordinal))
        {
            var steps = vApp.GroupBy(static m => m.StartOrder!.Value).OrderBy(static s => s.Key).ToList();
            for (var i = 1; i < steps.Count; i++)
                graph.Add(steps[i - 1].Select(Key), steps[i].Select(Key));
        }
    }

    private static MigrationOrder Entry(PlacementMachine machine, int wave, bool isInCircle, IEnumerable<string?> after) => new(machine.Server, machine.Id, machine.Name)
    {
        Cluster = machine.Cluster,
        Wave = wave,
        DelaySeconds = machine.DelaySeconds,
        RestartPriority = machine.RestartPriority,
        VApp = machine.VApp,
        After = [.. after.OfType<string>().OrderBy(static n => n, StringComparer.OrdinalIgnoreCase)],
        Lost = [.. Losses(machine, isInCircle)],
    };

    private static IEnumerable<string> Losses(PlacementMachine machine, bool isInCircle)
    {
        if (isInCircle)
            yield return "Its start order is a circle: it is in the last wave of its priority, and the order within the circle is lost.";
        if (machine.IsProtected)
            yield return "After a failure of a host Nova and Masakari keep no order.";
        if (machine.VApp is not null)
            yield return $"Nothing starts the vApp '{machine.VApp}' as a whole.";
        if (machine.DelaySeconds > 0 || machine.WaitsForGuest)
            yield return machine.WaitsForGuest ? "Nobody waits for its guest before the next ones start." : "The delay after its start is kept by nobody.";
        if (machine.StopAction is "guestShutdown" or "suspend" or "powerOff")
            yield return $"Its stop action ({machine.StopAction}) is kept by nobody.";
        if (machine.IsFaultTolerant)
            yield return "Fault tolerance: its second copy ends.";
    }

    private static int Rank(PlacementMachine machine)
        => Array.IndexOf(Priorities, machine.RestartPriority.ToLowerInvariant()) is >= 0 and var rank ? rank : Array.IndexOf(Priorities, "medium");

    private static string Key(PlacementMachine machine) => Key(machine.Server, machine.Id);

    private static string Key(string server, string id) => $"{server}/{id}";
}
