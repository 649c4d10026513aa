using System.Text.RegularExpressions;
using OsMigrate.Bytes;
using OsMigrate.Migrations.Features;
using static OsMigrate.Tests.Migrations.Features.PlacementBuilder;

namespace OsMigrate.Tests.Migrations.Features;

public class MetadataPlannerTests
{
    [Fact]
    public void Tags_attributes_place_and_protection_become_metadata()
    {
        var made = new MetadataPlanner("vsphere:", 126).Convert(Machine("db01", "high") with
        {
            Cluster = "prod", Folder = "Apps/DB", VApp = "shop", StartOrder = 1, DelaySeconds = 60,
            Tags = ["env/production", "owner/ops", "owner/dba"], Attributes = new Dictionary<string, string> { ["Cost centre"] = "42" },
        });
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["HA_Enabled"] = "True", ["vsphere:ha_restart_priority"] = "high", ["vsphere:vapp"] = "shop", ["vsphere:start_order"] = "1", ["vsphere:start_delay"] = "60", ["vsphere:cluster"] = "prod",
                ["vsphere:folder"] = "Apps/DB", ["vsphere:tag:env"] = "production", ["vsphere:tag:owner"] = "dba, ops", ["vsphere:attribute:Cost centre"] = "42",
            },
            made.Metadata);
        Assert.Empty(made.Lost);
    }

    [Fact]
    public void A_machine_that_HA_leaves_alone_is_marked_so()
    {
        Assert.Equal("False", new MetadataPlanner("", 126).Convert(Machine("a", "disabled")).Metadata["HA_Enabled"]);
        Assert.DoesNotContain("HA_Enabled", new MetadataPlanner("", 126).Convert(Machine("a", "")).Metadata.Keys);
    }

    [Theory]
    [InlineData("Größe/€", "x")]
    [InlineData("a\nb", "line\nline")]
    [InlineData("😀", "😀 smile")]
    [InlineData("<script>", "=cmd|' /C calc'!A0")]
    public void Whatever_administrators_write_Nova_can_take(string name, string value)
    {
        var made = new MetadataPlanner("vsphere:", 126).Convert(Machine("a") with { Attributes = new Dictionary<string, string> { [name] = value, [new string('k', 400)] = new('v', 10_000) } });
        Assert.All(made.Metadata, e => Assert.True(Regex.IsMatch(e.Key, "^[a-zA-Z0-9-_:. ]{1,255}$") && e.Value.Length <= 255 && !e.Value.Any(c => char.IsControl(c) || char.IsSurrogate(c)), e.ToString()));
        Assert.Contains(made.Lost, l => l.Contains("became", StringComparison.Ordinal));
        Assert.Contains(made.Lost, l => l.Contains("cut from 10000 to 255", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("vmMonitoringOnly", true, 1)]
    [InlineData("vmMonitoringOnly", false, 0)]
    [InlineData("vmMonitoringDisabled", true, 0)]
    public void What_HA_monitors_gets_a_watchdog_where_asked_for(string monitoring, bool watchdog, int properties)
    {
        var made = new MetadataPlanner("", 126, watchdog).Convert(Machine("a") with { Monitoring = monitoring });
        Assert.Equal(properties, made.ImageProperties.Count);
        Assert.Equal(monitoring, made.Metadata["vm_monitoring"]);
        Assert.Equal(properties, new PlacementPlan([made]).Of("vc", "VirtualMachine-a", "a").Properties.Count);
    }

    [Fact]
    public void Names_that_become_the_same_key_are_kept_apart()
    {
        var made = new MetadataPlanner("", 126).Convert(Machine("a", "") with { Attributes = new Dictionary<string, string> { ["a/b"] = "1", ["a+b"] = "2", ["a_b"] = "3" } });
        Assert.Equal(["attribute:a_b", "attribute:a_b_2", "attribute:a_b_3"], made.Metadata.Keys.Order());
        Assert.Equal(["1", "2", "3"], made.Metadata.Values.Order());
        Assert.Equal(2, made.Lost.Count(l => l.Contains("another has the same key", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_too_much_for_the_cloud_is_left_out_and_told()
    {
        var made = new MetadataPlanner("", 3).Convert(Machine("a", "high") with { Cluster = "prod", Folder = "f", Tags = ["env/x"] });
        Assert.Equal(["HA_Enabled", "cluster", "ha_restart_priority"], made.Metadata.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(2, made.Lost.Count);
    }

    [Theory]
    [InlineData("a/b", "x")]
    [InlineData("", "x")]
    [InlineData("a", "😀")]
    public void What_the_user_wrote_is_refused_and_not_changed(string key, string value)
        => Assert.Equal(ErrorIds.BadRequest, Assert.Throws<OsMigrateException>(() => MetadataPlanner.Require(new Dictionary<string, string> { [key] = value })).ErrorId);
}
