using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Configuration.Values;

/// <summary>An address of message brokers as oslo.messaging takes it: transport://user:password@host:port,user:password@host:port/virtual-host?options.</summary>
/// <remarks>Source: oslo.messaging, "TransportURL.parse".</remarks>
internal sealed record TransportUrl(string Transport, IReadOnlyList<TransportHost> Hosts, string VirtualHost, bool UsesTls)
{
    private const int DefaultPort = 5672;

    /// <summary>The address, or why the text is none. The reason repeats nothing of it.</summary>
    public static (TransportUrl? Url, string? Fault) Parse(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
            return (null, "it does not begin with a transport such as rabbit://");
        var rest = text.Substring(scheme + 3);
        var query = rest.IndexOf('?');
        var options = query < 0 ? "" : rest.Substring(query + 1);
        rest = query < 0 ? rest : rest.Substring(0, query);
        var slash = rest.IndexOf('/');
        var path = slash < 0 ? "" : rest.Substring(slash + 1);
        var hosts = new List<TransportHost>();
        foreach (var part in (slash < 0 ? rest : rest.Substring(0, slash)).Split([','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Host(part) is not { } host)
                return (null, "a host in it is not user:password@host:port; characters such as @ : / , ? # in a password must be written as %40 %3A %2F %2C %3F %23");
            hosts.Add(host);
        }

        var tls = options.Split('&').Any(o => o is "ssl=1" or "ssl=true" or "ssl=True");
        return (new TransportUrl(text.Substring(0, scheme).ToLowerInvariant(), hosts, path.Length == 0 ? "/" : Uri.UnescapeDataString(path), tls), null);
    }

    private static TransportHost? Host(string part)
    {
        var at = part.LastIndexOf('@');
        if (at >= 0 && part.IndexOf('@') != at)
            return null;
        string? user = null, password = null;
        if (at >= 0)
        {
            var login = part.Substring(0, at).Split([':'], 2);
            (user, password) = (Uri.UnescapeDataString(login[0]), login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null);
        }

        var place = part.Substring(at + 1);
        var colon = place.LastIndexOf(':');
        if (colon < 0 || place.EndsWith("]", StringComparison.Ordinal))
            return place.Trim('[', ']').Length == 0 ? null : new TransportHost(user, Secret.Of(password), place.Trim('[', ']'), DefaultPort);
        if (!ushort.TryParse(place.Substring(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port) || port == 0 || colon == 0)
            return null;
        return new TransportHost(user, Secret.Of(password), place.Substring(0, colon).Trim('[', ']'), port);
    }
}

/// <summary>One broker of a transport_url.</summary>
internal sealed record TransportHost(string? User, Secret? Password, string Host, int Port)
{
    public override string ToString() => $"{User ?? "(no user)"}@{Host}:{Port}";
}
