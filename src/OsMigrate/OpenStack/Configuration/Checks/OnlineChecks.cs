using System.Globalization;
using OsMigrate.Bytes;
using OsMigrate.Net;
using OsMigrate.OpenStack.Clouds;
using OsMigrate.OpenStack.Configuration.Probes;
using OsMigrate.OpenStack.Configuration.Values;
using static OsMigrate.OpenStack.Configuration.Checks.ConfigSeverity;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>Tries the addresses and logins in the files from this machine, each once.</summary>
/// <param name="isElsewhere">True for a machine whose 127.0.0.1 and Unix sockets are not ours.</param>
/// <param name="state">Told what is tried, without secrets.</param>
internal sealed class OnlineChecks(Func<string, bool> isElsewhere, TimeSpan limit, Action<string> state, CancellationToken cancel)
{
    private readonly Dictionary<(string, string, string?), ProbeResult> _tried = [];

    public Findings Run(IReadOnlyList<EffectiveConfig> configs)
    {
        var findings = new Findings();
        foreach (var config in configs)
        {
            foreach (var (section, _) in DatabaseChecks.Sections(config))
                Database(config, section, findings);
            Broker(config, findings);
            foreach (var section in LoginChecks.Sections(config))
                Keystone(config, section, findings);
        }

        return findings;
    }

    private void Database(EffectiveConfig config, string section, Findings findings)
    {
        if (config.Hit(section, "connection") is not { } hit || DatabaseUrl.Parse(config.Filled(hit.Item)) is not { } url || url.Dialect == "sqlite" || url.Host?.IndexOf('@') >= 0 || IsForeign(config, url.Host, url.Socket is not null))
            return;
        var result = Try(("database", config.Filled(hit.Item), null), $"{url.Dialect} {url.User}@{url.Host}/{url.Database}", () => DatabaseProbe.Run(url, limit, cancel));
        Tell(findings, config, hit, "Database", result, "Check host, port and firewall.", "Check user and password: GRANT ALL ON DATABASE.* TO USER.", "Make the database, then run the service's db sync.");
    }

    private void Broker(EffectiveConfig config, Findings findings)
    {
        if (config.Hit(Text.GroupNames.Default, "transport_url") is not { } hit || TransportUrl.Parse(config.Filled(hit.Item)).Url is not { Transport: "rabbit" or "kombu" } url)
            return;
        var tls = url.UsesTls || config.IsTrue("oslo_messaging_rabbit", "ssl");
        foreach (var host in url.Hosts.Where(h => !IsForeign(config, h.Host, false)))
        {
            var result = Try(("broker", host + url.VirtualHost, host.Password?.Reveal()), $"amqp {host}{(url.VirtualHost == "/" ? "" : "/" + url.VirtualHost)}", () => BrokerProbe.Run(host, url.VirtualHost, tls, limit, cancel));
            Tell(findings, config, hit, "Messaging", result, $"Check that RabbitMQ runs on {host.Host} and the firewall lets port {host.Port.ToString(CultureInfo.InvariantCulture)} through.", "Check user and password: rabbitmqctl authenticate_user.", "Make the virtual host, and let the user in: rabbitmqctl add_vhost, set_permissions.");
        }
    }

    private void Keystone(EffectiveConfig config, string section, Findings findings)
    {
        var real = LoginChecks.SectionOf(config, section);
        if (config.Hit(real, "auth_url") is not { } hit || !Uri.TryCreate(config.Filled(hit.Item), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || IsForeign(config, url.Host, false))
            return;
        var credentials = Credentials(config, real);
        var region = config.Value(real, section == "cinder" ? "os_region_name" : "region_name");
        var authority = config.Value(real, "cafile");
        var tls = new TlsSettings { Verify = !config.IsTrue(real, "insecure"), AuthorityFile = authority is not null && File.Exists(authority) ? authority : null };
        var key = ("keystone", $"{url} {credentials?.UserName}{credentials?.UserId} {credentials?.Scope} {region}", credentials?.Password?.Reveal() ?? credentials?.ApplicationCredentialSecret?.Reveal());
        var result = Try(key, $"keystone {url.GetLeftPart(UriPartial.Path)} as {credentials?.UserName ?? "(nobody)"}", () => KeystoneProbe.Run(url, tls, credentials, region, limit, cancel));
        Tell(findings, config, hit, "Keystone", result, "Check the address; Keystone must answer with a document of its versions.", "Check user, password, project and domains.", "Name a region of the catalogue.");
    }

    private ProbeResult Try((string, string, string?) key, string what, Func<ProbeResult> probe)
    {
        cancel.ThrowIfCancellationRequested();
        if (_tried.TryGetValue(key, out var known))
            return known;
        state(what);
        var result = _tried[key] = probe();
        if (result.Outcome == ProbeOutcome.Works)
            state($"{what}: works {result.Words}".TrimEnd());
        return result;
    }

    private static void Tell(Findings findings, EffectiveConfig config, ConfigHit hit, string id, ProbeResult result, string reach, string login, string missing)
    {
        var (name, message, cure) = result.Outcome switch
        {
            ProbeOutcome.Unreachable => ("Unreachable", "It cannot be reached from here", reach),
            ProbeOutcome.WrongServer => ("WrongServer", "Something else answers", reach),
            ProbeOutcome.Refused => ("LoginRefused", "The login is refused", login),
            ProbeOutcome.Missing => ("NotThere", "The login is taken, but", missing),
            ProbeOutcome.Certificate => ("Certificate", "The certificate is not trusted", "Name the authority that signed it."),
            _ => ("", "", ""),
        };
        if (name.Length > 0)
            findings.Add($"{id}.{name}", Error, config, hit, $"{message}: {result.Words}.", cure);
    }

    private static CloudCredentials? Credentials(EffectiveConfig config, string section)
    {
        string? Of(params string[] names) => names.Select(n => config.Value(section, n)).FirstOrDefault(v => !string.IsNullOrEmpty(v));
        if (Of("auth_type", "auth_plugin") == "v3applicationcredential")
        {
            return new CloudCredentials
            {
                Methods = ["application_credential"], ApplicationCredentialId = Of("application_credential_id"), ApplicationCredentialName = Of("application_credential_name"), UserName = Of("username"), UserId = Of("user_id"),
                UserDomainId = Of("user_domain_id"), UserDomainName = Of("user_domain_name"), ApplicationCredentialSecret = Secret.Of(Of("application_credential_secret")),
            };
        }

        if (Of("auth_type", "auth_plugin") is not ("password" or "v3password") || Of("password") is not { } password || Of("username", "user_id") is null)
            return null;
        return new CloudCredentials
        {
            Methods = ["password"], UserId = Of("user_id"), UserName = Of("username"), Password = Secret.Of(password),
            UserDomainId = Of("user_domain_id") ?? Of("default_domain_id"), UserDomainName = Of("user_domain_name") ?? Of("default_domain_name"),
            Scope = new CloudScope
            {
                ProjectId = Of("project_id", "tenant_id"), ProjectName = Of("project_name", "tenant_name"), ProjectDomainId = Of("project_domain_id") ?? Of("default_domain_id"), ProjectDomainName = Of("project_domain_name") ?? Of("default_domain_name"),
                System = Of("system_scope") == "all",
            },
        };
    }

    private bool IsForeign(EffectiveConfig config, string? host, bool socket)
        => isElsewhere(config.Set.Node) && (socket || host is null or "localhost" or "::1" || host.StartsWith("127.", StringComparison.Ordinal));
}
