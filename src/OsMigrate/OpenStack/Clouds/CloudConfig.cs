using OsMigrate.Bytes;
using OsMigrate.Net;

namespace OsMigrate.OpenStack.Clouds;

/// <summary>One cloud, completely described: where it is, who we are there, which region and interface.</summary>
public sealed record CloudConfig
{
    /// <summary>Name in clouds.yaml, or "envvars".</summary>
    public required string Name { get; init; }

    /// <summary>Where the description came from, for people: a file, or "environment".</summary>
    public required string Origin { get; init; }

    /// <summary>Address of Keystone as configured.</summary>
    public required Uri AuthUrl { get; init; }

    public required CloudCredentials Credentials { get; init; }

    /// <summary>Region whose endpoints are used; null when the catalogue has only one or the first will do.</summary>
    public string? RegionName { get; init; }

    /// <summary>public, internal or admin.</summary>
    public string Interface { get; init; } = "public";

    public TlsSettings Tls { get; init; } = new();

    /// <summary>Addresses that replace the catalogue's, by service type with underscores: image, compute, block_storage.</summary>
    public IReadOnlyDictionary<string, Uri> EndpointOverrides { get; init; } = new Dictionary<string, Uri>(StringComparer.Ordinal);

    /// <summary>Time for one answer to begin; null for the default.</summary>
    public TimeSpan? ApiTimeout { get; init; }

    /// <summary>Format for images when the user does not choose: qcow2 unless the file says otherwise.</summary>
    public string ImageFormat { get; init; } = "qcow2";

    /// <summary>What a user should know about the description, one sentence each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}

/// <summary>How to prove who we are. Only the fields of the chosen method are set.</summary>
public sealed record CloudCredentials
{
    /// <summary>Keystone's names of the methods, in order: password, token, application_credential, totp.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    public string? UserId { get; init; }

    public string? UserName { get; init; }

    public string? UserDomainId { get; init; }

    public string? UserDomainName { get; init; }

    public Secret? Password { get; init; }

    /// <summary>The six digits of a TOTP device; good for one request.</summary>
    public Secret? Passcode { get; init; }

    public Secret? Token { get; init; }

    public string? ApplicationCredentialId { get; init; }

    public string? ApplicationCredentialName { get; init; }

    public Secret? ApplicationCredentialSecret { get; init; }

    public CloudScope Scope { get; init; } = new();

    /// <summary>Set for the OpenID Connect methods; then a federated token is fetched first.</summary>
    public OidcCredentials? Oidc { get; init; }

    /// <summary>Everything in here that must never be shown.</summary>
    internal IEnumerable<Secret?> Secrets => [Password, Passcode, Token, ApplicationCredentialSecret, Oidc?.ClientSecret, Oidc?.AccessToken];
}

/// <summary>What the token shall be good for. Nothing set: whatever Keystone gives by default.</summary>
public sealed record CloudScope
{
    public string? ProjectId { get; init; }

    public string? ProjectName { get; init; }

    public string? ProjectDomainId { get; init; }

    public string? ProjectDomainName { get; init; }

    public string? DomainId { get; init; }

    public string? DomainName { get; init; }

    public string? TrustId { get; init; }

    /// <summary>True for the whole deployment ("system_scope: all").</summary>
    public bool System { get; init; }
}

/// <summary>OpenID Connect without a browser: an access token at hand, or one fetched with a password or client credentials.</summary>
/// <param name="GrantType">access_token, password or client_credentials.</param>
public sealed record OidcCredentials(string GrantType, string IdentityProvider, string Protocol)
{
    public Uri? DiscoveryEndpoint { get; init; }

    public Uri? AccessTokenEndpoint { get; init; }

    public string? ClientId { get; init; }

    public Secret? ClientSecret { get; init; }

    /// <summary>Scopes to ask for; openstacksdk's default is "openid profile".</summary>
    public string OpenIdScope { get; init; } = "openid profile";

    public Secret? AccessToken { get; init; }
}
