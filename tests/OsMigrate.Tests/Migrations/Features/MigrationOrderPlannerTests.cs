using OsMigrate.Migrations.Features;
using static OsMigrate.Tests.Migrations.Features.PlacementBuilder;

namespace OsMigrate.Tests.Migrations.Features;

public class MigrationOrderPlannerTests
{
    [Fact]
    public void Higher_priorities_come_first_and_equal_ones_together()
        => Assert.Equal(
            [("c", 1), ("a", 2), ("d", 2), ("b", 3)],
            Waves(Cluster([Machine("a"), Machine("b", "disabled"), Machine("c", "highest"), Machine("d", "")])));

    [Fact]
    public void What_an_urgent_machine_needs_is_as_urgent()
        => Assert.Equal(
            [("db", 1), ("web", 2), ("other", 3)],
            Waves(Cluster([Machine("web", "high"), Machine("db", "low"), Machine("other")], After("dep", ["db"], "web"))));

    [Fact]
    public void A_vApp_keeps_its_start_order()
    {
        PlacementMachine Part(string name, int order, int delay = 0) => Machine(name) with { VApp = "shop", StartOrder = order, DelaySeconds = delay, StopAction = "guestShutdown" };
        var plan = MigrationOrderPlanner.Plan([Cluster([Part("web2", 3), Part("app", 2), Part("db", 1, 60), Part("web1", 3), Machine("alone")])]);
        Assert.Equal([("alone", 1), ("db", 1), ("app", 2), ("web1", 3), ("web2", 3)], plan.Select(p => (p.Machine, p.Wave)));
        Assert.Equal(["app"], plan[4].After);
        Assert.Equal(60, plan[1].DelaySeconds);
        Assert.Contains("The delay after its start is kept by nobody.", plan[1].Lost);
    }

    [Fact]
    public void A_circle_is_told_and_comes_last_without_holding_the_others_up()
    {
        var plan = MigrationOrderPlanner.Plan([Cluster(Named("a", "b", "c"), After("one", ["a"], "b"), After("two", ["b"], "a"))]);
        Assert.Equal([("c", 1), ("a", 2), ("b", 2)], plan.Select(p => (p.Machine, p.Wave)));
        Assert.All(plan.Skip(1), p => Assert.Contains(p.Lost, l => l.Contains("circle", StringComparison.Ordinal)));
        Assert.Empty(plan[0].After);
    }

    [Fact]
    public void Machines_of_different_servers_with_the_same_id_are_different_machines()
    {
        var other = Cluster([Machine("a", "low") with { Server = "vc2" }]) with { Server = "vc2" };
        Assert.Equal([("vc", 1), ("vc2", 2)], MigrationOrderPlanner.Plan([Cluster(Named("a")), other]).Select(p => (p.Server, p.Wave)));
    }

    [Fact]
    public void Large_groups_that_depend_on_large_groups_cost_no_square()
    {
        string[] first = [.. Enumerable.Range(0, 2000).Select(i => $"f{i}")], then = [.. Enumerable.Range(0, 2000).Select(i => $"t{i}")];
        var graph = new OrderGraph();
        graph.Add(first, then);
        var places = graph.Sort(first.Concat(then).ToDictionary(n => n, _ => 0));
        Assert.All(then, n => Assert.True(places[n].Depth > places["f0"].Depth));
    }

    private static IEnumerable<(string, int)> Waves(params PlacementFacts[] facts) => MigrationOrderPlanner.Plan(facts).Select(p => (p.Machine, p.Wave));
}
