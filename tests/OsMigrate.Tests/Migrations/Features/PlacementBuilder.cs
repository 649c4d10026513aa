using OsMigrate.Migrations.Features;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Tests.Migrations.Features;

/// <summary>Facts of made-up clusters.</summary>
internal static class PlacementBuilder
{
    public static PlacementFacts Cluster(IEnumerable<PlacementMachine> machines, params PlacementRule[] rules) => new() { Server = "vc", Cluster = "prod", Machines = [.. machines], Rules = rules };

    public static PlacementMachine Machine(string name, string priority = "medium") => new("vc", "VirtualMachine-" + name, name) { RestartPriority = priority, IsProtected = priority.Length > 0 && priority != "disabled" };

    public static IReadOnlyList<PlacementMachine> Named(params string[] names) => [.. names.Select(n => Machine(n))];

    public static PlacementRule Rule(string name, ClusterRuleKind kind, params string[] machines)
        => new(name, kind, true, false) { MachineIds = [.. machines.Select(m => "VirtualMachine-" + m)], MachineNames = machines };

    public static PlacementRule After(string name, string[] first, params string[] then)
        => Rule(name, ClusterRuleKind.DependsOn, then) with { DependsOn = [.. first.Select(m => "VirtualMachine-" + m)] };
}
