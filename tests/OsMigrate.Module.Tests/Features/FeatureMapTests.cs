using System.Management.Automation;
using OsMigrate.Module.Tests.Support;

namespace OsMigrate.Module.Tests.Features;

[Collection(OpenStackCollection.Name)]
public class FeatureMapTests
{
    [SkippableFact]
    public void A_user_and_an_administrator_are_told_what_each_may_know()
    {
        using var session = OpenStackPeer.Connect("lab-admin");
        var (user, admin) = (Map(session, "lab"), Map(session, "lab-admin"));
        string Status(Dictionary<string, PSObject> map, string feature) => map[feature].Value("Status")!.ToString()!;
        string Evidence(Dictionary<string, PSObject> map, string feature) => string.Join('\n', map[feature].Get<string[]>("Evidence"));
        foreach (var feature in new[] { "vMotion", "StorageVMotion", "EVC", "HA", "SecureBoot", "VMMonitoring" })
        {
            Assert.Equal("Unknown", Status(user, feature));
            Assert.Contains("403", Evidence(user, feature), StringComparison.Ordinal);
        }

        Assert.Equal(("Partial", "Available", "Partial"), (Status(admin, "vMotion"), Status(admin, "StorageVMotion"), Status(admin, "HA")));
        Assert.Contains("2 hosts of the type fake up and enabled: fake1, fake2", Evidence(admin, "vMotion"), StringComparison.Ordinal);
        foreach (var map in new[] { user, admin })
        {
            Assert.Equal(("Available", "Available", "Missing", "Missing"), (Status(map, "DRSRule"), Status(map, "PortGroup"), Status(map, "FaultTolerance"), Status(map, "VlanTrunk")));
            Assert.Contains("the catalogue lists no orchestration", Evidence(map, "VApp"), StringComparison.Ordinal);
            Assert.All(map.Values, m => Assert.NotEmpty(m.Get<string[]>("Evidence")));
        }
    }

    [Fact]
    public void Features_are_chosen_by_name_and_shown_with_their_counterparts()
    {
        using var session = new Session();
        var map = session.Run("Get-OpenStackFeatureMap Fault*, *motion").RequireNoErrors().Output;
        Assert.Equal(["vMotion", "StorageVMotion", "FaultTolerance"], map.Select(m => m.Get<string>("Feature")));
        Assert.Matches(@"vMotion +Unknown +Nova live migration", session.Show("Get-OpenStackFeatureMap vMotion"));
        Assert.Empty(session.Run("@() | Get-OpenStackFeatureMap").RequireNoErrors().Output);
    }

    private static Dictionary<string, PSObject> Map(Session session, string cloud)
        => session.Run("Get-OpenStackFeatureMap -Cloud $args[0]", cloud).RequireNoErrors().Output.ToDictionary(m => m.Get<string>("Feature"));
}
