using OsMigrate.Bytes;
using OsMigrate.Migrations.Cloud;
using OsMigrate.Migrations.Features;
using OsMigrate.VSphere.Inventory;
using static OsMigrate.Tests.Migrations.Features.PlacementBuilder;

namespace OsMigrate.Tests.Migrations.Features;

public class PlacementPlanTests
{
    private static readonly ServerGroupConversion Group = new("vc", "prod", "apart", ClusterRuleKind.AntiAffinity) { Outcome = ConversionOutcome.Made, ServerGroupId = "g1", Cloud = "lab", Machines = ["a", "b"], MachineIds = ["VirtualMachine-a", "VirtualMachine-b"] };

    [Fact]
    public void Groups_zones_order_and_metadata_of_a_machine_come_together()
    {
        var plan = new PlacementPlan([
            Group,
            new ZoneConversion("vc", "prod", "on", "hosts") { AvailabilityZone = "az1", Cloud = "lab", Machines = ["a"], MachineIds = ["VirtualMachine-a"] },
            .. MigrationOrderPlanner.Plan([Cluster([Machine("a", "low"), Machine("b", "high")])]),
            new MetadataPlanner("", 100).Convert(Machine("a", "low")),
        ]);
        plan.RequireCloud("lab");
        var place = plan.Of("vc", "VirtualMachine-a", "a");
        Assert.Equal(("g1", "az1", 2, "low"), (place.ServerGroupId, place.AvailabilityZone, place.Wave, place.Metadata["ha_restart_priority"]));
        Assert.Equal((null, null), (plan.Of("other", "VirtualMachine-a", "a").ServerGroupId, plan.Of("vc", "VirtualMachine-z", "z").Wave));
        var options = new CloudJobOptions { AvailabilityZone = "mine", Metadata = new Dictionary<string, string> { ["HA_Enabled"] = "False" } }.At(place);
        Assert.Equal(("g1", "mine", "False", "low"), (options.ServerGroup, options.AvailabilityZone, options.Metadata["HA_Enabled"], options.Metadata["ha_restart_priority"]));
    }

    [Fact]
    public void A_placement_for_another_cloud_is_refused()
        => Assert.Equal(ErrorIds.BadRequest, Assert.Throws<OsMigrateException>(() => new PlacementPlan([Group]).RequireCloud("prod")).ErrorId);

    [Fact]
    public void A_machine_that_two_groups_want_is_an_error()
        => Assert.Contains("two server groups", Assert.Throws<OsMigrateException>(() => new PlacementPlan([Group, Group with { ServerGroupId = "g2" }])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_machine_of_a_file_is_known_by_its_name_unless_two_have_it()
    {
        Assert.Equal("g1", new PlacementPlan([Group]).OfName("A").ServerGroupId);
        Assert.Null(new PlacementPlan([Group, Group with { Server = "vc2", ServerGroupId = "g2" }]).OfName("a").ServerGroupId);
    }
}
