using System.Text;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.Tests.OpenStack.Services;

public class DiscoveryTests
{
    private const string Nova = """{"versions":[{"id":"v2.0","status":"SUPPORTED","version":"","min_version":"","links":[{"rel":"self","href":"http://inner:8774/v2/"}]},{"id":"v2.1","status":"CURRENT","version":"2.93","min_version":"2.1","links":[{"rel":"self","href":"http://inner:8774/v2.1/"}]}]}""";
    private const string NovaOne = """{"version":{"id":"v2.1","status":"CURRENT","version":"2.60","min_version":"2.1","links":[{"rel":"self","href":"http://inner:8774/v2.1/"}]}}""";
    private const string Glance = """{"versions":[{"id":"v2.15","status":"CURRENT","links":[{"rel":"self","href":"http://inner:9292/v2/"}]},{"id":"v2.0","status":"SUPPORTED","links":[{"rel":"self","href":"http://inner:9292/v2/"}]}]}""";
    private const string Keystone = """{"versions":{"values":[{"id":"v3.14","status":"stable","links":[{"rel":"self","href":"http://inner:5000/v3/"}]}]}}""";
    private const string Cinder = """{"versions":[{"id":"v3.0","status":"CURRENT","version":"3.70","min_version":"3.0","links":[{"rel":"self","href":"http://inner:8776/v3/"}]}]}""";
    private const string Bare = """{"id":"v2.0","links":[{"rel":"self","href":"http://inner:9696/v2.0/"}]}""";

    [Theory]
    [InlineData("Compute", "https://c:8774/v2.1", NovaOne, "https://c:8774/v2.1/", "2.60")]
    [InlineData("Compute", "https://c/compute/v2.1/0123456789abcdef", NovaOne, "https://c/compute/v2.1/0123456789abcdef/", "2.60")]
    [InlineData("Compute", "https://c/compute", Nova, "https://c/compute/v2.1/", "2.93")]
    [InlineData("Image", "https://c/image/", Glance, "https://c/image/v2/", null)]
    [InlineData("Image", "http://c:9292", Glance, "http://c:9292/v2/", null)]
    [InlineData("Identity", "https://c/identity", Keystone, "https://c/identity/v3/", null)]
    [InlineData("Volume", "https://c:8776/v3/0123", Cinder, "https://c:8776/v3/0123/", "3.70")]
    [InlineData("Network", "https://c:9696", Bare, "https://c:9696/v2.0/", null)]
    [InlineData("Network", "https://c:9696", "<html>Portal</html>", "https://c:9696/v2.0/", null)]
    [InlineData("Image", "https://c:9292", "", "https://c:9292/v2/", null)]
    public void The_root_is_found_from_every_shape_and_stays_at_the_catalogues_host(string kind, string endpoint, string answer, string root, string? newest)
    {
        var found = ServiceRoot.Discover(Kind(kind), new Uri(endpoint), address => new HttpReply(answer.Length == 0 ? 404 : 300, Headers, Encoding.UTF8.GetBytes(answer), address));
        Assert.Equal(new Uri(root), found.Address);
        Assert.Equal(newest, found.Newest?.ToString());
    }

    [Fact]
    public void A_service_of_another_version_only_is_refused_with_what_it_offers()
    {
        const string Old = """{"versions":[{"id":"v1.0","status":"CURRENT","links":[{"rel":"self","href":"http://inner/v1/"}]}]}""";
        var fault = Assert.Throws<OsMigrateException>(() => ServiceRoot.Discover(ServiceKind.Image, new Uri("http://c/"), a => new HttpReply(200, Headers, Encoding.UTF8.GetBytes(Old), a)));
        Assert.Equal(ErrorIds.CloudNoService, fault.ErrorId);
        Assert.Contains("v1.0", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"badRequest":{"code":400,"message":"Flavor's disk is too small."}}""", "Flavor's disk is too small")]
    [InlineData("""{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}""", "The request you have made requires authentication")]
    [InlineData("""{"NeutronError":{"type":"MacAddressInUse","message":"Unable to complete operation.","detail":""}}""", "Unable to complete operation")]
    [InlineData("""{"errors":[{"status":409,"title":"Conflict","detail":"There was a conflict."}]}""", "There was a conflict")]
    [InlineData("""{"debuginfo":null,"faultcode":"Client","faultstring":"Bad value"}""", "Bad value")]
    [InlineData("<html>\n <head>\n  <title>413 Request Entity Too Large</title>\n </head>\n <body>\n  <h1>413 Request Entity Too Large</h1>\n  Image exceeds the storage quota: 5 &gt; 4<br /><br />\n </body>\n</html>", "Image exceeds the storage quota: 5 > 4")]
    [InlineData("410 Gone: image was deleted", "410 Gone: image was deleted")]
    [InlineData("", null)]
    [InlineData("{", null)]
    public void The_reason_is_found_in_every_shape_of_error(string body, string? reason)
        => Assert.Equal(reason, ErrorBodies.Message(new HttpReply(400, Headers, Encoding.UTF8.GetBytes(body), new Uri("http://c/"))));

    [Fact]
    public void A_reason_is_short_and_cannot_steer_a_terminal()
    {
        var reason = ErrorBodies.Message(new HttpReply(500, Headers, Encoding.UTF8.GetBytes("a\u001b[31m\r\n" + new string('x', 100_000)), new Uri("http://c/")))!;
        Assert.True(reason.Length <= 600);
        Assert.DoesNotContain('\u001b', reason);
    }

    [Theory]
    [InlineData("2.9", "2.10", true)]
    [InlineData("2.90", "2.90", false)]
    [InlineData("3.0", "2.99", false)]
    public void Microversions_compare_as_number_pairs(string left, string right, bool less)
        => Assert.Equal(less, Microversion.Parse(left) < Microversion.Parse(right));

    private static IReadOnlyDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    private static ServiceKind Kind(string name) => (ServiceKind)typeof(ServiceKind).GetProperty(name)!.GetValue(null)!;
}
