using System.Text;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.OpenStack.Clouds;
using OsMigrate.OpenStack.Json;
using OsMigrate.OpenStack.Services;

namespace OsMigrate.OpenStack.Identity;

/// <summary>Federated login without a browser: an access token of the identity provider opens Keystone.</summary>
/// <remarks>RFC 6749, sections 4.3 and 4.4; OpenID Connect Discovery 1.0, section 4; Keystone API v3, OS-FEDERATION, "Request an unscoped OS-FEDERATION token".</remarks>
internal sealed class OidcLogin(string cloud, OidcCredentials oidc, CloudCredentials credentials, HttpTransport transport)
{
    /// <summary>An unscoped token.</summary>
    public Secret Token(Uri identityRoot, CancellationToken cancel)
    {
        var access = oidc.AccessToken ?? Fetch(cancel);
        var address = new Uri(identityRoot, $"OS-FEDERATION/identity_providers/{Uri.EscapeDataString(oidc.IdentityProvider)}/protocols/{Uri.EscapeDataString(oidc.Protocol)}/auth");
        var call = new HttpCall("POST", address) { Headers = [new("Authorization", "Bearer " + access.Reveal()), new("Accept", "application/json")], IsRepeatable = true };
        var reply = transport.Send(call, cancel);
        if (!reply.IsSuccess)
            throw CloudException.From(ServiceKind.Identity, call, reply, credentials.Secrets.Append(access));
        return Secret.Of(reply.Header("X-Subject-Token")) ?? throw JsonFields.Bad("federated token", "it has no X-Subject-Token header", null);
    }

    private Secret Fetch(CancellationToken cancel)
    {
        var form = new List<(string Name, string? Value)> { ("grant_type", oidc.GrantType), ("scope", oidc.OpenIdScope) };
        if (oidc.GrantType == "password")
            form.AddRange([("username", credentials.UserName), ("password", credentials.Password?.Reveal())]);
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(oidc.ClientId ?? "")}:{Uri.EscapeDataString(oidc.ClientSecret?.Reveal() ?? "")}"));
        var text = string.Join("&", form.Where(f => f.Value is not null).Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value!)}"));
        var call = new HttpCall("POST", oidc.AccessTokenEndpoint ?? Discovered(cancel))
        {
            Headers = [new("Authorization", "Basic " + basic), new("Accept", "application/json")],
            Body = HttpBody.Of("application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(text)),
            IsRepeatable = true,
        };
        var reply = transport.Send(call, cancel);
        if (!reply.IsSuccess)
            throw Refused($"answered {reply.Status}: {Secret.Hide(ErrorBodies.Message(reply), credentials.Secrets) ?? "no reason given"}");
        return Secret.Of(JsonFields.Parse(reply.Body, "access token").Text("access_token")) ?? throw Refused("gave no access token");
    }

    private Uri Discovered(CancellationToken cancel)
    {
        var reply = transport.Send(new HttpCall("GET", oidc.DiscoveryEndpoint!) { Headers = [new("Accept", "application/json")] }, cancel);
        if (!reply.IsSuccess)
            throw Refused($"answered {reply.Status} to the discovery");
        var text = JsonFields.Parse(reply.Body, "discovery").Text("token_endpoint");
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" ? address : throw Refused("names no token endpoint");
    }

    private OsMigrateException Refused(string what)
        => new(ErrorIds.CloudUnauthorized, ErrorKind.PermissionDenied, $"The identity provider of the cloud '{cloud}' {what}.", cloud);
}
