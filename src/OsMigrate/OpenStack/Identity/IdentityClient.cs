using System.Text;
using System.Text.Json.Nodes;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.OpenStack.Clouds;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Identity;

/// <summary>Gets tokens from Keystone.</summary>
internal sealed class IdentityClient(CloudConfig config, HttpTransport transport)
{
    private Uri? _root;

    public Token Authenticate(CancellationToken cancel)
    {
        if (config.Credentials.Oidc is not { } oidc)
            return Ask(TokenRequest.For(config.Credentials), cancel);
        var unscoped = new OidcLogin(config.Name, oidc, config.Credentials, transport).Token(Root(cancel), cancel);
        return Ask(TokenRequest.Rescope(unscoped, config.Credentials.Scope), cancel);
    }

    /// <summary>Makes a token worthless. Best effort: a session that ended otherwise is no error.</summary>
    public void Revoke(Token token, CancellationToken cancel) => transport.Send(
        new HttpCall("DELETE", new Uri(Root(cancel), "auth/tokens"))
        {
            Headers = [new("X-Auth-Token", token.Id.Reveal()), new("X-Subject-Token", token.Id.Reveal())],
            IsRepeatable = false,
        },
        cancel);

    private Token Ask(JsonObject request, CancellationToken cancel)
    {
        var call = new HttpCall("POST", new Uri(Root(cancel), "auth/tokens"))
        {
            Headers = [new("Accept", "application/json")],
            Body = HttpBody.Of("application/json", Encoding.UTF8.GetBytes(request.ToJsonString())),
            // A second token does no harm, except where a one-time code went into the first.
            IsRepeatable = !config.Credentials.Methods.Contains("totp"),
        };
        var reply = transport.Send(call, cancel);
        if (!reply.IsSuccess)
            throw CloudException.From(ServiceKind.Identity, call, reply, config.Credentials.Secrets);
        return Token.Parse(reply.Header("X-Subject-Token") ?? throw Json.JsonFields.Bad("token", "it has no X-Subject-Token header", null), reply.Body);
    }

    /// <summary>The address of the v3 API: as configured, or found by asking when no version is in it.</summary>
    private Uri Root(CancellationToken cancel)
    {
        if (_root is not null)
            return _root;
        var path = config.AuthUrl.AbsolutePath.TrimEnd('/');
        // Old settings still name v2.0; the v3 beside it is what keystoneauth takes too.
        if (path.EndsWith("/v2.0", StringComparison.Ordinal))
            path = path.Substring(0, path.Length - "/v2.0".Length);
        var endpoint = new UriBuilder(config.AuthUrl) { Path = path, Query = "" }.Uri;
        return _root = path.EndsWith("/v3", StringComparison.Ordinal)
            ? new UriBuilder(endpoint) { Path = path + "/" }.Uri
            : ServiceRoot.Discover(ServiceKind.Identity, endpoint, address => transport.Send(new HttpCall("GET", address) { Headers = [new("Accept", "application/json")] }, cancel)).Address;
    }
}
