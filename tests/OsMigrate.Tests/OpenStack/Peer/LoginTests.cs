using OsMigrate.Bytes;
using OsMigrate.OpenStack.Clouds;
using OsMigrate.OpenStack.Images;
using OsMigrate.OpenStack.Services;
using OsMigrate.Tests.Support;
using OsMigrate.Tests.Support.Faults;

namespace OsMigrate.Tests.OpenStack.Peer;

[Collection(OpenStackPeer.Collection)]
public sealed class LoginTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [SkippableTheory]
    [InlineData("lab")]
    [InlineData("lab-admin")]
    [InlineData("lab-app")]
    public void Passwords_and_application_credentials_open_a_session(string cloud)
    {
        using var peer = new PeerCloud(cloud);
        var token = peer.Session.Authenticate(None);
        Assert.True(token.ExpiresAt > DateTime.UtcNow.AddMinutes(5));
        Assert.NotEmpty(peer.Session.ProjectId);
        Assert.Equal("lab-guest", new ImagesClient(peer.Session).Find("lab-guest", None).Name);
        Assert.Equal(1, peer.Tokens);
        Assert.Empty(peer.Proxy.Changes);
    }

    [SkippableFact]
    public void A_wrong_password_is_said_to_be_one_and_stays_secret()
    {
        const string wrong = "canary-9f2c-wrong";
        using var peer = new PeerCloud(change: c => c with { Credentials = c.Credentials with { Password = new Secret(wrong) } });
        var error = Assert.Throws<CloudException>(() => peer.Session.Authenticate(None));
        Assert.Equal((ErrorIds.CloudUnauthorized, 401), (error.ErrorId, error.Status));
        Assert.NotNull(error.RequestId);
        Assert.DoesNotContain(wrong, error + peer.Notes, StringComparison.Ordinal);
        Assert.Equal(1, peer.Tokens);
    }

    [SkippableFact]
    public void An_unknown_project_is_refused()
    {
        using var peer = new PeerCloud(change: c => c with { Credentials = c.Credentials with { Scope = new CloudScope { ProjectName = "no-such-project", ProjectDomainName = "Default" } } });
        Assert.Equal(ErrorIds.CloudUnauthorized, Assert.Throws<CloudException>(() => peer.Session.Authenticate(None)).ErrorId);
    }

    [SkippableFact]
    public void An_unknown_region_has_no_services()
    {
        using var peer = new PeerCloud(region: "Atlantis");
        var error = Assert.Throws<OsMigrateException>(() => new ImagesClient(peer.Session).List(None).ToList());
        Assert.Equal(ErrorIds.CloudNoService, error.ErrorId);
        Assert.Contains("Atlantis", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Signing_out_ends_the_token_and_the_next_request_gets_a_new_one()
    {
        using var peer = new PeerCloud();
        peer.Session.Authenticate(None);
        peer.Session.SignOut(None);
        Assert.Equal(1, peer.Proxy.Count("DELETE", "/v3/auth/tokens$"));
        Assert.NotEmpty(new ImagesClient(peer.Session).List(None, "lab-guest"));
        Assert.Equal(2, peer.Tokens);
    }

    [SkippableFact]
    public void A_token_that_is_refused_in_the_middle_is_replaced_once()
    {
        using var peer = new PeerCloud();
        var images = new ImagesClient(peer.Session);
        images.List(None).ToList();
        peer.Proxy.Add("GET", "/v2/images", new Fault.Answer(401));
        Assert.NotEmpty(images.List(None));
        Assert.Equal(2, peer.Tokens);
    }

    [SkippableFact]
    public void A_token_that_is_refused_again_and_again_ends_in_an_error()
    {
        using var peer = new PeerCloud();
        peer.Proxy.Add("GET", "/v2/images", new Fault.Answer(401), times: 10);
        var error = Assert.Throws<CloudException>(() => new ImagesClient(peer.Session).List(None).ToList());
        Assert.Equal(ErrorIds.CloudUnauthorized, error.ErrorId);
        Assert.Equal((2, 2), (peer.Tokens, peer.Proxy.Count("GET", "/v2/images")));
    }

    [SkippableFact]
    public void A_busy_Keystone_is_waited_for_when_a_token_must_be_replaced()
    {
        using var peer = new PeerCloud();
        var images = new ImagesClient(peer.Session);
        images.List(None).ToList();
        peer.Proxy.Add("GET", "/v2/images", new Fault.Answer(401));
        peer.Proxy.Add("POST", "/v3/auth/tokens$", new Fault.Answer(503) { RetryAfterSeconds = 1 });
        Assert.NotEmpty(images.List(None));
        Assert.Equal(3, peer.Tokens);
    }
}
