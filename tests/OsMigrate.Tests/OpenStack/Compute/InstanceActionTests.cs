using System.Text;
using OsMigrate.OpenStack.Compute;
using OsMigrate.OpenStack.Images;
using OsMigrate.OpenStack.Json;

namespace OsMigrate.Tests.OpenStack.Compute;

public class InstanceActionTests
{
    [Theory]
    [InlineData("""{"event":"x","result":"Error","details":"Host fake9 is not enough."}""", "Host fake9 is not enough")]
    [InlineData("""{"event":"x","result":"Error","details":"NoValidHost","traceback":"Traceback\n  File a\nnova.exception.NoValidHost: No valid host was found.\n"}""", "No valid host was found")]
    [InlineData("""{"event":"x","result":"Error","details":"NoValidHost"}""", "NoValidHost")]
    [InlineData("""{"event":"x","result":"Error","traceback":"nova_exc.MigrationError: two words: and more\n"}""", "two words: and more")]
    [InlineData("""{"event":"compute_live_migration","result":"Error"}""", "the step compute_live_migration failed")]
    public void The_reason_is_the_clearest_words_that_Nova_has(string step, string expected)
    {
        var action = Parse($$"""{"action":"live-migration","message":"Error","events":[{"event":"y","result":"Success"},{{step}}]}""");
        Assert.True(action.HasFailed);
        Assert.Equal(expected, action.Reason);
    }

    [Fact]
    public void An_action_whose_steps_went_well_has_not_failed()
    {
        var action = Parse("""{"action":"reboot","request_id":"req-1","message":null,"events":[{"event":"y","result":"Success"},{"event":"z","result":null}]}""");
        Assert.False(action.HasFailed);
        Assert.Null(action.Reason);
        Assert.Equal("req-1", action.RequestId);
    }

    [Fact]
    public void Users_who_see_no_steps_are_told_only_that_it_failed()
    {
        var action = Parse("""{"action":"reboot","message":"Error"}""");
        Assert.True(action.HasFailed);
        Assert.Null(action.Reason);
    }

    [Theory]
    [InlineData("""{"id":"1","policy":"affinity","rules":{}}""", "affinity", null)]
    [InlineData("""{"id":"1","policy":"anti-affinity","rules":{"max_server_per_host":3}}""", "anti-affinity", 3L)]
    [InlineData("""{"id":"1","policies":["soft-affinity"],"metadata":{}}""", "soft-affinity", null)]
    public void Server_groups_of_old_and_new_clouds_have_a_policy(string json, string policy, long? perHost)
    {
        var group = ServerGroup.Parse(Fields(json));
        Assert.Equal(policy, group.Policy);
        Assert.Equal(perHost, group.MaxServersPerHost);
    }

    [Theory]
    [InlineData(0, null, 16_842_752L, 1)]
    [InlineData(0, 2_147_483_649L, 10L, 3)]
    [InlineData(5, 2_147_483_648L, 10L, 5)]
    [InlineData(0, 2_147_483_648L, 10L, 2)]
    [InlineData(0, null, null, 1)]
    public void The_least_disk_of_an_image_is_whole_and_never_too_small(long minDiskGiB, long? virtualSize, long? size, long expected)
        => Assert.Equal(expected, new Image { Id = "1", MinDiskGiB = minDiskGiB, VirtualSizeBytes = virtualSize, SizeBytes = size }.LeastDiskGiB);

    private static InstanceAction Parse(string json) => InstanceAction.Parse(Fields(json));

    private static JsonFields Fields(string json) => JsonFields.Parse(Encoding.UTF8.GetBytes(json), "test");
}
