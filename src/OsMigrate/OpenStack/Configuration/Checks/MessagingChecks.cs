using OsMigrate.OpenStack.Configuration.Values;
using static OsMigrate.OpenStack.Configuration.Checks.ConfigSeverity;

namespace OsMigrate.OpenStack.Configuration.Checks;

/// <summary>The address of the message broker.</summary>
internal static class MessagingChecks
{
    private static readonly string[] Transports = ["rabbit", "kafka", "amqp", "fake", "kombu"];

    public static void Run(EffectiveConfig config, Findings findings)
    {
        if (config.Hit(Text.GroupNames.Default, "transport_url") is { } hit)
            One(config, hit, findings);
        else if (IsNeeded(config) && !config.Hits.Any(h => h.Item.Name.StartsWith("rabbit_", StringComparison.Ordinal) && h.Item.Name is not "rabbit_ha_queues"))
            findings.AddMissing("Messaging.Missing", Error, config, Text.GroupNames.Default, "transport_url", "The service has no message broker, and tries one on this machine without a login.", "transport_url = rabbit://USER:PASSWORD@HOST:5672/");
        if (config.Hit("oslo_messaging_notifications", "transport_url") is { } notifications)
            One(config, notifications, findings);
    }

    private static bool IsNeeded(EffectiveConfig config)
        => config.Set.Program is null && config.Set.Service is ServiceName.Nova or ServiceName.Cinder or ServiceName.Neutron && config.HasGroup("keystone_authtoken");

    private static void One(EffectiveConfig config, ConfigHit hit, Findings findings)
    {
        var (url, fault) = TransportUrl.Parse(config.Filled(hit.Item));
        if (url is null)
        {
            findings.Add("Messaging.Syntax", Error, config, hit, $"The address cannot be read: {fault}.", "transport_url = rabbit://USER:PASSWORD@HOST:5672/");
            return;
        }

        if (Array.IndexOf(Transports, url.Transport) < 0)
            findings.Add("Messaging.Transport", Error, config, hit, $"oslo.messaging has no transport '{url.Transport}'.", "Write rabbit://.");
        if (url.Transport is not ("rabbit" or "kombu"))
            return;
        if (url.Hosts.Count == 0)
            findings.Add("Messaging.NoHost", Warning, config, hit, "The address names no host, so the broker of this machine is taken.", "Add USER:PASSWORD@HOST:5672.");
        foreach (var host in url.Hosts)
            Host(config, hit, host, findings);
        if (url.Hosts.Select(h => (h.User, h.Password?.Reveal())).Distinct().Count() > 1)
            findings.Add("Messaging.DifferentLogins", Warning, config, hit, "The hosts of one cluster are given different logins; each host needs its own.", "Write USER:PASSWORD@ before every host.");
    }

    private static void Host(EffectiveConfig config, ConfigHit hit, TransportHost host, Findings findings)
    {
        var isLocal = host.Host is "localhost" or "::1" || host.Host.StartsWith("127.", StringComparison.Ordinal);
        if (host.User is null || host.Password is null)
            findings.Add("Messaging.NoLogin", Warning, config, hit, $"No login for {host.Host}: guest is tried, which RabbitMQ only takes from its own machine.", "Write USER:PASSWORD@ before the host.");
        else if (host.User == "guest" && !isLocal)
            findings.Add("Messaging.Guest", Warning, config, hit, "RabbitMQ takes the user guest only from its own machine.", "Make a user for the services: rabbitmqctl add_user.");
        if (host.Port is 15672 or 25672 or 4369 or 15671)
            findings.Add("Messaging.Port", Error, config, hit, FormattableString.Invariant($"Port {host.Port} is RabbitMQ's management or cluster port, not that of AMQP."), "Use port 5672, or 5671 with TLS.");
    }
}
