using System.Text;
using OsMigrate.Bytes;
using OsMigrate.OpenStack;
using OsMigrate.OpenStack.Clouds;
using OsMigrate.OpenStack.Images;
using OsMigrate.OpenStack.Services;
using OsMigrate.Tests.Support;

namespace OsMigrate.Tests.OpenStack.Services;

/// <summary>Two deletions of one thing may meet: the first was asked for by a job that died, or its answer was lost.</summary>
public sealed class DeletionTests
{
    private const string Refusal = "<html><body>Image status transition from deleted to deleted is not allowed</body></html>";

    [Theory]
    [InlineData("400 Bad Request", null)]
    [InlineData("409 Conflict", null)]
    [InlineData("400 Bad Request", "deleted")]
    [InlineData("409 Conflict", "pending_delete")]
    public void What_another_deletion_took_meanwhile_is_gone_and_no_error(string status, string? left)
    {
        using var cloud = new OneImageCloud(status, left);
        Assert.False(new ImagesClient(cloud.Session).Delete("one", CancellationToken.None));
    }

    [Theory]
    [InlineData("400 Bad Request")]
    [InlineData("409 Conflict")]
    public void What_is_still_there_was_refused(string status)
    {
        using var cloud = new OneImageCloud(status, "active");
        var error = Assert.Throws<CloudException>(() => new ImagesClient(cloud.Session).Delete("one", CancellationToken.None));
        Assert.Contains("from deleted to deleted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_stands_when_nothing_can_be_learned_of_what_is_left()
    {
        using var cloud = new OneImageCloud("409 Conflict", "not json");
        Assert.Equal(ErrorIds.CloudConflict, Assert.Throws<CloudException>(() => new ImagesClient(cloud.Session).Delete("one", CancellationToken.None)).ErrorId);
    }

    /// <summary>A Keystone and a Glance whose deletion is refused.</summary>
    private sealed class OneImageCloud : IDisposable
    {
        private readonly TinyServer _server;

        public OneImageCloud(string refusal, string? left)
        {
            Uri? address = null;
            _server = new TinyServer((first, _) =>
            {
                if (first.StartsWith("POST /v3/auth/tokens", StringComparison.Ordinal))
                    return TokenFor(address!);
                if (first.StartsWith("DELETE", StringComparison.Ordinal))
                    return TinyServer.Text(Refusal, refusal);
                if (first.StartsWith("GET", StringComparison.Ordinal) && first.Contains("/images/one", StringComparison.Ordinal))
                    return left is null ? TinyServer.Text("", "404 Not Found") : TinyServer.Text(left == "not json" ? left : $$"""{"id":"one","name":"one","status":"{{left}}"}""");
                return TinyServer.Text("""{"versions":[{"id":"v2.15","status":"CURRENT","links":[]}]}""");
            });
            address = _server.Address;
            using var folder = new TempFolder();
            File.WriteAllText(Path.Combine(folder.Path, "clouds.yaml"), $"clouds:\n  tiny:\n    auth: {{auth_url: {address}v3, username: u, password: p, project_name: p, user_domain_name: d, project_domain_name: d}}\n");
            Session = new CloudSession(CloudSettings.Load(new CloudFiles([folder.Path]), new CloudVariables(new Dictionary<string, string>()), folder.Path).Cloud("tiny"));
        }

        public CloudSession Session { get; }

        public void Dispose()
        {
            Session.Dispose();
            _server.Dispose();
        }

        private static string TokenFor(Uri address)
        {
            var body = $$$"""{"token":{"expires_at":"2099-01-01T00:00:00.000000Z","methods":["password"],"user":{"id":"u","name":"u"},"project":{"id":"p","name":"p"},"catalog":[{"type":"image","name":"glance","endpoints":[{"interface":"public","region":"R","region_id":"R","url":"{{{address}}}image"}]}]}}""";
            return $"HTTP/1.1 201 Created\r\nX-Subject-Token: t\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
        }
    }
}
