using OsMigrate.Migrations.Features;
using OsMigrate.VSphere.Inventory;
using static OsMigrate.Tests.Migrations.Features.PlacementBuilder;

namespace OsMigrate.Tests.Migrations.Features;

public class ServerGroupPlannerTests
{
    [Fact]
    public void Rules_that_are_a_must_become_strict_groups_and_others_soft_ones()
    {
        var plan = new ServerGroupPlanner(strict: false, includeDisabled: false).Plan([Cluster(
            Named("a", "b", "c", "d"),
            Rule("apart", ClusterRuleKind.AntiAffinity, "a", "b"),
            Rule("pair", ClusterRuleKind.Affinity, "c", "d") with { IsMandatory = true })]);
        Assert.Equal([("prod.apart", "soft-anti-affinity"), ("prod.pair", "affinity")], plan.Select(p => (p.ServerGroup, p.Policy)));
        Assert.Contains(plan[1].Lost, l => l.Contains("moved live", StringComparison.Ordinal));
    }

    [Fact]
    public void Strict_makes_every_rule_a_must()
        => Assert.Equal("anti-affinity", Assert.Single(new ServerGroupPlanner(strict: true, includeDisabled: false).Plan([Cluster(Named("a", "b"), Rule("r", ClusterRuleKind.AntiAffinity, "a", "b"))])).Policy);

    [Fact]
    public void A_machine_in_two_rules_joins_the_more_important_one_and_the_other_says_so()
    {
        var plan = new ServerGroupPlanner(strict: false, includeDisabled: false).Plan([Cluster(
            Named("a", "b", "c"),
            Rule("together", ClusterRuleKind.Affinity, "a", "b", "c"),
            Rule("apart", ClusterRuleKind.AntiAffinity, "a", "b"),
            Rule("must", ClusterRuleKind.Affinity, "b", "c") with { IsMandatory = true })]);
        Assert.Equal([ConversionOutcome.Skipped, ConversionOutcome.Skipped, ConversionOutcome.Planned], plan.Select(p => p.Outcome));
        Assert.Equal(["b", "c"], plan[2].Machines);
        Assert.Contains("'b' is in the group of 'must' already: a server can be in one group only.", plan[1].Lost);
        Assert.All(plan.SelectMany(p => ((IPlacementPart)p).Placements()), p => Assert.Fail($"{p.Machine} is placed although nothing was made"));
    }

    [Fact]
    public void Rules_that_are_off_are_left_out_unless_asked_for()
    {
        var off = Rule("r", ClusterRuleKind.AntiAffinity, "a", "b") with { IsEnabled = false };
        Assert.Equal(ConversionOutcome.Skipped, Assert.Single(new ServerGroupPlanner(false, includeDisabled: false).Plan([Cluster(Named("a", "b"), off)])).Outcome);
        Assert.Equal(ConversionOutcome.Planned, Assert.Single(new ServerGroupPlanner(false, includeDisabled: true).Plan([Cluster(Named("a", "b"), off)])).Outcome);
    }

    [Fact]
    public void Names_of_groups_are_the_same_in_every_run_and_different_from_each_other()
    {
        var rules = new[] { Rule("same\u200ename", ClusterRuleKind.AntiAffinity, "a", "b"), Rule("same_name", ClusterRuleKind.Affinity, "c", "d"), Rule(new string('x', 300), ClusterRuleKind.Affinity, "e", "f") };
        var cluster = Cluster(Named("a", "b", "c", "d", "e", "f"), rules);
        List<string> Names() => [.. new ServerGroupPlanner(false, false).Plan([cluster]).Select(p => p.ServerGroup!)];
        Assert.Equal(["prod.same_name", "prod.same_name-2", ("prod." + new string('x', 300))[..255]], Names());
        Assert.Equal(Names(), Names());
    }

    [Fact]
    public void Rules_between_machines_and_hosts_are_not_its_business()
        => Assert.Empty(new ServerGroupPlanner(false, false).Plan([Cluster(Named("a"), Rule("on", ClusterRuleKind.MachinesOnHosts, "a"), After("dep", ["a"], "b"))]));
}
