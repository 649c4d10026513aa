using OsMigrate.Bytes;
using OsMigrate.Migrations.Features;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Clouds;
using OsMigrate.Tests.Support;
using OsMigrate.VSphere.Inventory;

namespace OsMigrate.Tests.Migrations.Features;

public class FeatureMapTests
{
    private static readonly string[] Services = ["compute", "volumev3", "network", "image", "placement"];

    [Fact]
    public void Without_a_cloud_nothing_is_promised_and_every_feature_has_words()
    {
        var all = FeatureMap.Map(_ => true, null, null, CancellationToken.None).ToList();
        Assert.Equal(all.Count, all.Select(m => m.Feature).Distinct().Count());
        Assert.All(all, m => Assert.True(m.Status is FeatureStatus.Unknown || m is { Status: FeatureStatus.Missing, Feature: "FaultTolerance" or "HotAdd" }, m.ToString()));
        Assert.All(all, m => Assert.True(m.Counterpart.Length > 10 && m.Lost.Length > 10 && m.Advice.Length > 10 && m.Evidence.Count > 0, m.Feature));
    }

    [Theory]
    [InlineData("403 Forbidden", """{"forbidden": {"message": "Policy does not allow it"}}""")]
    [InlineData("404 Not Found", """{"itemNotFound": {"message": "no"}}""")]
    [InlineData("200 OK", "{}")]
    [InlineData("200 OK", "<html>a proxy's page</html>")]
    [InlineData("200 OK", """{"hypervisors": [{}], "volume_types": [{}], "extensions": [{}], "networks": [], "limits": {"absolute": {}}, "availabilityZoneInfo": []}""")]
    public void A_cloud_that_answers_nothing_has_nothing(string status, string body)
    {
        using var server = new TinyServer((request, _) => request.StartsWith("POST /v3/auth/tokens", StringComparison.Ordinal) ? Token() : TinyServer.Text(body, status));
        _address = server.Address;
        using var session = Session(server.Address);
        var all = FeatureMap.Map(_ => true, session, null, CancellationToken.None).ToList();
        Assert.DoesNotContain(all, m => m.Status is FeatureStatus.Available or FeatureStatus.Partial);
        Assert.All(all, m => Assert.NotEmpty(m.Evidence));
        if (status.StartsWith("403", StringComparison.Ordinal))
            Assert.Contains(all.Single(m => m.Feature == "vMotion").Evidence, e => e.Contains("os-hypervisors: 403, this user may not ask", StringComparison.Ordinal));
    }

    [Fact]
    public void Features_that_nobody_uses_are_not_asked_for()
    {
        var use = new SourceUse(
            [new VSphereMachine { Name = "ft01", FaultToleranceState = "running" }, new VSphereMachine { Name = "tpm01", HasTpm = true, FaultToleranceState = "notConfigured" }],
            [new VSphereCluster { Name = "prod", IsHAEnabled = true, Rules = [new VSphereClusterRule("off", ClusterRuleKind.Affinity, false, false, [], null, null)] }]);
        var all = FeatureMap.Map(_ => true, null, use, CancellationToken.None).ToDictionary(m => m.Feature);
        Assert.Equal(["ft01"], all["FaultTolerance"].UsedBy);
        Assert.Equal(["tpm01"], all["VirtualTpm"].UsedBy);
        Assert.Equal(["prod"], all["HA"].UsedBy);
        Assert.Equal((FeatureStatus.NotNeeded, FeatureStatus.NotNeeded, FeatureStatus.Missing), (all["DRSRule"].Status, all["Encryption"].Status, all["FaultTolerance"].Status));
    }

    private Uri _address = new("http://127.0.0.1/");

    private string Token()
    {
        var catalogue = string.Join(",", Services.Select(s => $$"""{"type":"{{s}}","name":"{{s}}","endpoints":[{"interface":"public","region_id":"R","url":"{{_address}}{{s}}"}]}"""));
        var body = $$$"""{"token":{"expires_at":"2099-01-01T00:00:00Z","user":{"id":"u","name":"u"},"project":{"id":"p","name":"p"},"roles":[],"catalog":[{{{catalogue}}}]}}""";
        return TinyServer.Text(body, "201 Created\r\nX-Subject-Token: abc");
    }

    private static CloudSession Session(Uri address) => new(new CloudConfig
    {
        Name = "tiny", Origin = "test", AuthUrl = new Uri(address, "v3"),
        Credentials = new CloudCredentials { Methods = ["password"], UserName = "u", UserDomainName = "Default", Password = new Secret("p"), Scope = new CloudScope { ProjectId = "p" } },
    });
}
