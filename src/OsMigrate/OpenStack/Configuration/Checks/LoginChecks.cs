using OsMigrate.OpenStack.Configuration.Values;
using static OsMigrate.OpenStack.Configuration.Checks.ConfigSeverity;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>Sections with a login at Keystone: whole, for the v3 API, and to be used where it is needed.</summary>
internal static class LoginChecks
{
    private const string Token = "keystone_authtoken";

    public static void Run(EffectiveConfig config, Findings findings)
    {
        if (config.Set.Service != ServiceName.Keystone && NeedsTokens(config))
            Middleware(config, findings);
        foreach (var section in Sections(config))
            Login(config, section, findings);
        ServiceUser(config, findings);
    }

    /// <summary>Sections of this service's files that hold a login.</summary>
    public static IEnumerable<string> Sections(EffectiveConfig config)
        => new[] { Token, "service_user", "placement", "neutron", "cinder", "glance", "nova", "ironic", "keystone", "barbican_service_user" }
            .Where(s => config.Set.Service.ToString().ToLowerInvariant() != s)
            .Where(s => new[] { "auth_url", "auth_type", "auth_plugin", "username", "user_id", "password", "application_credential_id" }.Any(o => config.Hit(s, o) is not null));

    /// <summary>Where a section's login really stands: auth_section leads elsewhere.</summary>
    public static string SectionOf(EffectiveConfig config, string section) => config.Value(section, "auth_section") is { Length: > 0 } other ? Text.GroupNames.Normal(other) : section;

    private static bool NeedsTokens(EffectiveConfig config)
    {
        if (config.HasGroup(Token))
            return true;
        var strategy = config.Set.Service switch
        {
            ServiceName.Nova or ServiceName.Placement => config.Value("api", "auth_strategy"),
            ServiceName.Glance => config.Set.Program == "glance-api" && config.Value("paste_deploy", "flavor")?.IndexOf("keystone", StringComparison.Ordinal) >= 0 ? "keystone" : null,
            _ => config.Value(Text.GroupNames.Default, "auth_strategy"),
        };
        return strategy == "keystone";
    }

    private static void Middleware(EffectiveConfig config, Findings findings)
    {
        if (!config.HasGroup(Token))
        {
            findings.AddMissing("Authtoken.Missing", Error, config, Token, "", "Requests carry tokens of Keystone, but there is no section to check them with.", "Add [keystone_authtoken] with auth_url, auth_type, username, password, project_name and the domains.");
            return;
        }

        if (config.Hits.Any(h => h.Item.Group == Token && h.Item.Name is "auth_host" or "identity_uri" or "admin_user") || !Sections(config).Contains(Token))
        {
            if (!config.Hits.Any(h => h.Item.Group == Token && h.Item.Name is "auth_host" or "identity_uri" or "admin_user") && config.Hits.Any(h => h.Item.Group == Token) && SectionOf(config, Token) == Token)
                findings.AddMissing("Authtoken.Incomplete", Error, config, Token, "auth_url", "The section has no login, so tokens cannot be checked.", "Add auth_url, auth_type, username, password, project_name and the domains.");
            return;
        }

        if (config.Hit(Token, "www_authenticate_uri") is null && config.Hit(Token, "auth_uri") is null)
            findings.AddMissing("Authtoken.WwwAuthenticateUri", Warning, config, Token, "www_authenticate_uri", "Callers without a token are not told where to get one.", "www_authenticate_uri = the public address of Keystone");
        if (config.Hit(Token, "memcached_servers") is null && config.Hit(Token, "cache") is null)
            findings.AddMissing("Authtoken.NoCache", Notice, config, Token, "memcached_servers", "Every request asks Keystone anew whether its token is valid.", "memcached_servers = HOST:11211");
        if (config.Value(Token, "memcache_security_strategy") is { Length: > 0 } and not "None" && config.Hit(Token, "memcache_secret_key") is null && config.Hit(Token, "memcache_security_strategy") is { } strategy)
            findings.Add("Authtoken.MemcacheKey", Error, config, strategy, "Cached tokens are to be protected, but there is no memcache_secret_key; the service does not start.", "Add memcache_secret_key, the same on every node.");
    }

    private static void Login(EffectiveConfig config, string section, Findings findings)
    {
        var real = SectionOf(config, section);
        if (real != section && !config.HasGroup(real) && config.Hit(section, "auth_section") is { } lost)
        {
            findings.Add("Login.AuthSection", Error, config, lost, "There is no section of this name.", "Correct the name, or write the login here.");
            return;
        }

        var type = config.Value(real, "auth_type") ?? config.Value(real, "auth_plugin");
        if (type is null)
        {
            findings.AddMissing("Login.AuthType", Error, config, section, "auth_type", "Without auth_type the login is not used.", "auth_type = password");
            type = "password";
        }

        if (type is "none" or "noauth" or "http_basic" or "admin_token")
            return;
        Url(config, section, real, findings);
        if (type is "password" or "v3password")
            Password(config, section, real, type, findings);
        if (type == "v3applicationcredential" && (config.Hit(real, "application_credential_secret") is null || (config.Hit(real, "application_credential_id") ?? config.Hit(real, "application_credential_name")) is null))
            findings.AddMissing("Login.Incomplete", Error, config, section, "application_credential_secret", "An application credential needs its id (or name and user) and its secret.", "Add application_credential_id and application_credential_secret.");
        if (config.IsTrue(real, "insecure") && config.Hit(real, "insecure") is { } insecure)
            findings.Add("Login.Insecure", Warning, config, insecure, "The certificate of Keystone is not checked: a password may go to anyone.", "Use cafile instead.");
    }

    private static void Url(EffectiveConfig config, string section, string real, Findings findings)
    {
        if (config.Hit(real, "auth_url") is not { } hit)
        {
            findings.AddMissing("Login.AuthUrl", Error, config, section, "auth_url", "The login does not say where Keystone is.", "auth_url = http://HOST:5000/v3");
            return;
        }

        var text = config.Filled(hit.Item);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            findings.Add("Login.AuthUrlSyntax", Error, config, hit, "The value is no address of a web server.", "auth_url = http://HOST:5000/v3");
        else if (url.AbsolutePath.TrimEnd('/').EndsWith("/v2.0", StringComparison.Ordinal))
            findings.Add("Login.Version", Error, config, hit, "Keystone no longer has the v2.0 API.", "auth_url = " + SecretValues.MaskAddresses(text.Substring(0, text.LastIndexOf("/v2.0", StringComparison.Ordinal))) + "/v3");
        else if (url.Port == 35357)
            findings.Add("Login.AdminPort", Warning, config, hit, "Port 35357 was that of Keystone's admin API, which went with v2.0; packages no longer listen there.", "Use port 5000, or the address of the catalogue.");
    }

    private static void Password(EffectiveConfig config, string section, string real, string type, Findings findings)
    {
        bool Has(params string[] names) => names.Any(n => config.Value(real, n) is { Length: > 0 });
        if (!Has("username", "user_id"))
            findings.AddMissing("Login.Incomplete", Error, config, section, "username", "The login has no user.", "Add username.");
        if (!Has("password"))
            findings.AddMissing("Login.Incomplete", Error, config, section, "password", "The login has no password.", "Add password.");
        if (!Has("project_name", "project_id", "tenant_name", "tenant_id", "system_scope", "domain_id", "domain_name", "trust_id"))
            findings.AddMissing("Login.Incomplete", Error, config, section, "project_name", "The login names no project, so its token allows nothing.", "project_name = service");
        var forAny = type == "password" && Has("default_domain_id", "default_domain_name");
        if (!forAny && Has("username") && !Has("user_domain_id", "user_domain_name"))
            findings.AddMissing("Login.Domain", Error, config, section, "user_domain_name", "A user's name is only unique in its domain.", "user_domain_name = Default");
        if (!forAny && Has("project_name", "tenant_name") && !Has("project_domain_id", "project_domain_name"))
            findings.AddMissing("Login.Domain", Error, config, section, "project_domain_name", "A project's name is only unique in its domain.", "project_domain_name = Default");
    }

    private static void ServiceUser(EffectiveConfig config, Findings findings)
    {
        if (config.Set.Service is not (ServiceName.Nova or ServiceName.Cinder) || config.Set.Program is not null || !config.HasGroup(Token))
            return;
        if (!Sections(config).Contains("service_user"))
            findings.AddMissing("ServiceUser.Missing", Warning, config, "service_user", "send_service_user_token", "Without a service token, detaching volumes is refused (Cinder since the fix of CVE-2023-2088), and long copies fail when the user's token ends.", "Add [service_user] with send_service_user_token = true and a login.");
        else if (!config.IsTrue("service_user", "send_service_user_token"))
            findings.AddMissing("ServiceUser.NotSent", Warning, config, "service_user", "send_service_user_token", "The login of [service_user] is there, but is not used.", "send_service_user_token = true");
    }
}
