namespace OsMigrate.OpenStack.Clouds;

/// <summary>Gathers what belongs to authentication, wherever the file has it, under its present name.</summary>
internal static class AuthSettings
{
    // What may stand beside "auth" and belongs into it; the environment has all of them there.
    private static readonly string[] Keys =
    [
        "auth_url", "username", "user_id", "user_name", "user_domain_id", "user_domain_name", "password", "passcode", "token", "auth_token",
        "project_id", "project_name", "project_domain_id", "project_domain_name", "tenant_id", "tenant_name", "domain_id", "domain_name",
        "default_domain", "default_domain_id", "default_domain_name", "trust_id", "system_scope",
        "application_credential_id", "application_credential_name", "application_credential_secret",
        "identity_provider", "protocol", "client_id", "client_secret", "openid_scope", "access_token", "access_token_endpoint", "discovery_endpoint",
    ];

    // Later spelling wins; the old one fills in.
    private static readonly (string Old, string New)[] Renamed =
    [
        ("tenant_id", "project_id"), ("tenant_name", "project_name"), ("user_name", "username"), ("auth_token", "token"),
        ("default_domain", "default_domain_id"),
    ];

    public static SettingsMap Of(SettingsMap cloud)
    {
        var auth = (cloud.Map("auth") ?? []).Copy();
        foreach (var key in Keys)
        {
            if (cloud.Text(key) is { } text)
                auth[key] = text;
        }

        foreach (var (old, now) in Renamed)
        {
            if (auth.Text(old) is { } text && auth.Text(now) is null)
                auth[now] = text;
        }

        return auth;
    }
}
