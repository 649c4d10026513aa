using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Clouds;

/// <summary>Finds the way of authentication that the settings ask for and checks that nothing it needs is missing.</summary>
/// <remarks>Names: keystoneauth, "Authentication Plugins", entry points; Keystone API v3, "Authentication and token management".</remarks>
internal sealed class AuthReader(string cloud)
{
    public CloudCredentials Read(string? type, SettingsMap auth, IReadOnlyList<object?> methods)
    {
        var kind = (type ?? Guess(auth)).ToLowerInvariant();
        var credentials = kind switch
        {
            "password" or "v3password" => Password(auth),
            "token" or "v3token" => Token(auth),
            "v3applicationcredential" => ApplicationCredential(auth),
            "v3totp" => Totp(auth),
            "v3multifactor" => MultiFactor(auth, methods),
            "v3oidcpassword" => Oidc(auth, "password"),
            "v3oidcclientcredentials" => Oidc(auth, "client_credentials"),
            "v3oidcaccesstoken" => Oidc(auth, "access_token"),
            _ => throw new OsMigrateException(ErrorIds.CloudSettings, ErrorKind.NotSupported, $"The cloud '{cloud}' asks for auth_type '{Shown(type!)}', which is not supported.", cloud)
            {
                Advice = "Supported: password, token, v3applicationcredential, v3totp, v3multifactor, v3oidcpassword, v3oidcclientcredentials, v3oidcaccesstoken.",
            },
        };
        return credentials with { Scope = kind == "v3applicationcredential" ? new CloudScope() : Scope(auth) };
    }

    private static string Guess(SettingsMap auth)
        => auth.Text("application_credential_secret") is not null ? "v3applicationcredential"
            : auth.Text("token") is not null && auth.Text("password") is null ? "token"
            : "password";

    private CloudCredentials Password(SettingsMap auth) => User(auth, "password") with { Password = Needed(auth, "password") };

    private CloudCredentials Totp(SettingsMap auth) => User(auth, "totp") with { Passcode = Needed(auth, "passcode") };

    private CloudCredentials Token(SettingsMap auth) => new() { Methods = ["token"], Token = Needed(auth, "token") };

    private CloudCredentials ApplicationCredential(SettingsMap auth)
    {
        var id = auth.Text("application_credential_id");
        var named = id is null ? User(auth, "application_credential") : new CloudCredentials { Methods = ["application_credential"] };
        return named with
        {
            ApplicationCredentialId = id,
            ApplicationCredentialName = id is null ? NeededText(auth, "application_credential_name") : null,
            ApplicationCredentialSecret = Needed(auth, "application_credential_secret"),
        };
    }

    private CloudCredentials MultiFactor(SettingsMap auth, IReadOnlyList<object?> methods)
    {
        var names = methods.OfType<string>().SelectMany(m => m.Split(',')).Select(m => m.Trim()).Where(m => m.Length > 0).ToList();
        if (names.Count == 0)
            throw Lacks("auth_methods, the list of methods for v3multifactor");
        var keystone = names.ConvertAll(m => m switch
        {
            "v3password" or "password" => "password",
            "v3totp" or "totp" => "totp",
            "v3token" or "token" => "token",
            "v3applicationcredential" => "application_credential",
            _ => throw new OsMigrateException(ErrorIds.CloudSettings, ErrorKind.NotSupported, $"The cloud '{cloud}' lists the method '{Shown(m)}', which is not supported.", cloud),
        });
        var credentials = User(auth, keystone[0]) with { Methods = keystone };
        if (keystone.Contains("password"))
            credentials = credentials with { Password = Needed(auth, "password") };
        if (keystone.Contains("totp"))
            credentials = credentials with { Passcode = Needed(auth, "passcode") };
        if (keystone.Contains("token"))
            credentials = credentials with { Token = Needed(auth, "token") };
        if (keystone.Contains("application_credential"))
            credentials = credentials with { ApplicationCredentialId = NeededText(auth, "application_credential_id"), ApplicationCredentialSecret = Needed(auth, "application_credential_secret") };
        return credentials;
    }

    private CloudCredentials Oidc(SettingsMap auth, string grant)
    {
        var byPassword = grant == "password";
        var fetched = grant != "access_token";
        if (fetched && auth.Text("access_token_endpoint") is null && auth.Text("discovery_endpoint") is null)
            throw Lacks("discovery_endpoint or access_token_endpoint");
        return new CloudCredentials
        {
            Methods = ["oidc"],
            UserName = byPassword ? NeededText(auth, "username") : null,
            Password = byPassword ? Needed(auth, "password") : null,
            Oidc = new OidcCredentials(grant, NeededText(auth, "identity_provider"), NeededText(auth, "protocol"))
            {
                DiscoveryEndpoint = Address(auth, "discovery_endpoint"),
                AccessTokenEndpoint = Address(auth, "access_token_endpoint"),
                ClientId = fetched ? NeededText(auth, "client_id") : null,
                ClientSecret = Secret.Of(auth.Text("client_secret")),
                OpenIdScope = auth.Text("openid_scope") ?? "openid profile",
                AccessToken = fetched ? null : Needed(auth, "access_token"),
            },
        };
    }

    private CloudCredentials User(SettingsMap auth, string method)
    {
        var id = auth.Text("user_id");
        var credentials = new CloudCredentials
        {
            Methods = [method],
            UserId = id,
            UserName = id is null ? NeededText(auth, "username") : null,
            UserDomainId = auth.Text("user_domain_id"),
            UserDomainName = auth.Text("user_domain_name"),
        };
        if (id is null && credentials is { UserDomainId: null, UserDomainName: null })
            credentials = credentials with { UserDomainId = auth.Text("default_domain_id") ?? (auth.Text("default_domain_name") is null ? "default" : null), UserDomainName = auth.Text("default_domain_name") };
        return credentials;
    }

    private static CloudScope Scope(SettingsMap auth)
    {
        var scope = new CloudScope
        {
            ProjectId = auth.Text("project_id"),
            ProjectName = auth.Text("project_name"),
            ProjectDomainId = auth.Text("project_domain_id"),
            ProjectDomainName = auth.Text("project_domain_name"),
            DomainId = auth.Text("domain_id"),
            DomainName = auth.Text("domain_name"),
            TrustId = auth.Text("trust_id"),
            System = auth.Text("system_scope") is "all",
        };
        if (scope is { ProjectName: not null, ProjectId: null, ProjectDomainId: null, ProjectDomainName: null })
            scope = scope with { ProjectDomainId = auth.Text("default_domain_id") ?? (auth.Text("default_domain_name") is null ? "default" : null), ProjectDomainName = auth.Text("default_domain_name") };
        return scope;
    }

    private Uri? Address(SettingsMap auth, string key)
        => auth.Text(key) is not { } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
            : throw new OsMigrateException(ErrorIds.CloudSettings, ErrorKind.InvalidArgument, $"The cloud '{cloud}': '{key}' must be an http or https address.", cloud);

    private Secret Needed(SettingsMap auth, string key) => new(NeededText(auth, key));

    private string NeededText(SettingsMap auth, string key) => auth.Text(key) ?? throw Lacks(key);

    private OsMigrateException Lacks(string key)
        => new(ErrorIds.CloudSettings, ErrorKind.InvalidArgument, $"The cloud '{cloud}' lacks {key}.", cloud);

    private static string Shown(string text) => new(text.Take(60).Where(c => !char.IsControl(c)).ToArray());
}
