using System.Globalization;
using OsMigrate.Bytes;

namespace OsMigrate.Net.Ssh;

/// <summary>A host as users write it: web01, user@web01, web01:2222, user@[fe80::1]:2222.</summary>
/// <param name="User">Null when none is named.</param>
/// <param name="Port">Null when none is named.</param>
public sealed record SshAddress(string? User, string Host, int? Port)
{
    private const int LongestHost = 255;

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.SshSettings"/>: it is no such address.</exception>
    public static SshAddress Parse(string text)
    {
        var at = text.LastIndexOf('@');
        var user = at > 0 ? text[..at] : null;
        var rest = text[(at + 1)..];
        var (host, port) = Split(rest);
        if (at == 0 || host.Length is 0 or > LongestHost || host[0] == '-' || host.Any(static c => c <= ' ' || c > '~' || c is '/' or '\\' or '[' or ']' or ',' or '"' or '\''))
            throw Bad(text);
        if (port is null)
            return new SshAddress(user, host, null);
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
            throw Bad(text);
        return new SshAddress(user, host, number);
    }

    private static (string Host, string? Port) Split(string rest)
    {
        if (rest.StartsWith("[", StringComparison.Ordinal))
        {
            var end = rest.IndexOf(']');
            return end < 0 || (end + 1 < rest.Length && rest[end + 1] != ':') ? ("", null) : (rest[1..end], end + 1 < rest.Length ? rest[(end + 2)..] : null);
        }

        var colon = rest.IndexOf(':');
        // More than one colon: an IPv6 address without a port.
        return colon < 0 || colon != rest.LastIndexOf(':') ? (rest, null) : (rest[..colon], rest[(colon + 1)..]);
    }

    private static OsMigrateException Bad(string text)
        => new(ErrorIds.SshSettings, ErrorKind.InvalidArgument, $"'{text}' is no host: write web01, user@web01, web01:2222 or user@[fe80::1]:2222.", text);
}
