using System.Text.RegularExpressions;
using OsMigrate.Bytes;

namespace OsMigrate.OpenStack.Configuration.Values;

/// <summary>An address of a database as SQLAlchemy takes it: dialect+driver://user:password@host:port/database?option=value.</summary>
/// <remarks>Source of the pattern's parts: SQLAlchemy documentation, "Engine Configuration", "Database URLs".</remarks>
internal sealed record DatabaseUrl(string Dialect, string? Driver, string? User, Secret? Password, string? Host, int? Port, string Database, IReadOnlyDictionary<string, string> Query)
{
    private static readonly Regex Pattern = new(
        @"^(?<scheme>[\w+]+)://((?<user>[^:/]*)(:(?<password>[^@]*))?@)?((\[(?<ipv6>[^/?]+)\]|(?<host>[^/:?]+))?(:(?<port>[^/?]*))?)(/(?<database>[^?]*))?(\?(?<query>.*))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(2));

    /// <summary>Where the server's Unix socket is, for a database of the same machine; null for none.</summary>
    public string? Socket => Query.TryGetValue("unix_socket", out var path) ? path : null;

    /// <summary>Null when the text is no such address.</summary>
    public static DatabaseUrl? Parse(string text)
    {
        var match = Pattern.Match(text.Trim());
        if (!match.Success)
            return null;
        int? port = null;
        if (Part(match, "port") is { Length: > 0 } digits)
        {
            if (!ushort.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) || number == 0)
                return null;
            port = number;
        }

        var scheme = match.Groups["scheme"].Value.Split(['+'], 2);
        return new DatabaseUrl(
            scheme[0].ToLowerInvariant(),
            scheme.Length > 1 ? scheme[1].ToLowerInvariant() : null,
            Decoded(Part(match, "user")),
            Secret.Of(Decoded(Part(match, "password"))),
            Part(match, "ipv6") ?? Part(match, "host"),
            port,
            Decoded(Part(match, "database")) ?? "",
            Options(Part(match, "query") ?? ""));
    }

    private static string? Part(Match match, string name) => match.Groups[name].Success ? match.Groups[name].Value : null;

    private static string? Decoded(string? text) => text is null ? null : Uri.UnescapeDataString(text);

    private static Dictionary<string, string> Options(string query)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split(['&'], StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=');
            options[at < 0 ? pair : pair.Substring(0, at)] = at < 0 ? "" : Uri.UnescapeDataString(pair.Substring(at + 1));
        }

        return options;
    }
}
