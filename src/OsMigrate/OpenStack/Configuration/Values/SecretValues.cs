using System.Text.RegularExpressions;
using OsMigrate.OpenStack.Configuration.Options;

namespace OsMigrate.OpenStack.Configuration.Values;

/// <summary>Keeps passwords out of everything that is shown: the whole value of a secret option, the password in any address.</summary>
internal static partial class SecretValues
{
    public const string Stars = "***";

    private const RegexOptions Common = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Names that hold a secret whatever a table says, or where there is none.</summary>
    private static readonly Regex SecretName = new(
        @"(password|passwd|passphrase|_pass|secret|(^|_)(auth|admin|access|api|node|refresh)_?token|^token|(secret|api|shared|private|encryption|master|fixed|swift|account|access|metering|telemetry)_key|credentials?)$|^(sasl_|rabbit_)?pass",
        Common | RegexOptions.IgnoreCase,
        Limit);

    /// <summary>Names of files and settings that only speak of secrets.</summary>
    private static readonly Regex NoSecretName = new(@"(_file|_path|_id|_name|_days?|_count|_length|_rounds|_regex.*|_algorithm|_timeout|_time|_expir\w*|_url)$", Common | RegexOptions.IgnoreCase, Limit);

    private static readonly Regex Address = new(@"(?<scheme>[A-Za-z][A-Za-z0-9+.\-]*://)(?<rest>[^\s'""]+)", Common, Limit);

    private static readonly Regex QueryPart = new(@"(?<head>[?&](password|passwd|passphrase|secret|token|ssl_key_password|sslpassword)=)(?<secret>[^&\s]*)", Common | RegexOptions.IgnoreCase, Limit);

    /// <summary>An assignment, or one that is commented out.</summary>
    private static readonly Regex AnyAssignment = new(@"^(?<head>\s*[#;]*\s*(?<name>[A-Za-z_][A-Za-z0-9_.\-]*)\s*[=:]\s*)(?<secret>\S.*)$", Common | RegexOptions.Singleline, Limit);

    /// <param name="definition">What the release says of the option; null where it knows none.</param>
    public static bool IsSecret(string name, OptionDefinition? definition)
    {
        if (definition?.IsSecret == true && !IsAddress(name))
            return true;
        if (definition is not null && definition.Type.Name is not ("string" or "string!" or "other" or "list:string"))
            return false;
        return SecretName.IsMatch(name) && !NoSecretName.IsMatch(name);
    }

    /// <summary>A value as it may be shown.</summary>
    public static string Mask(string name, string value, OptionDefinition? definition)
        => value.Length == 0 ? value : IsSecret(name, definition) ? Stars : MaskAddresses(value);

    /// <summary>A text with the passwords of all addresses in it replaced by stars.</summary>
    public static string MaskAddresses(string text)
    {
        if (text.IndexOf("://", StringComparison.Ordinal) < 0)
            return text;
        text = Address.Replace(text, m => m.Groups["scheme"].Value + MaskUsers(m.Groups["rest"].Value));
        return QueryPart.Replace(text, m => m.Groups["head"].Value + Stars);
    }

    /// <summary>A line of a file, an assignment or one that is commented out, as it may be shown.</summary>
    public static string MaskLine(string line)
    {
        var match = AnyAssignment.Match(line);
        return match.Success && match.Groups["secret"].Value != "<None>" && IsSecret(match.Groups["name"].Value, null)
            ? match.Groups["head"].Value + Stars
            : MaskAddresses(line);
    }

    /// <summary>Whatever stands before the last @ is a login, also when its password has characters that should have been written otherwise.</summary>
    private static string MaskUsers(string rest)
    {
        var end = rest.LastIndexOf('@');
        if (end < 0)
            return rest;
        var (logins, tail) = (rest.Substring(0, end), rest.Substring(end));
        var hosts = logins.Split(',');
        // user:password@host,user:password of a transport_url: each by itself, when there is no doubt where each ends.
        return hosts.Take(hosts.Length - 1).All(h => h.Split('@').Length == 2 && h.IndexOf('/') < 0) && hosts[hosts.Length - 1].IndexOfAny(['@', '/']) < 0
            ? string.Join(",", hosts.Select(MaskUser)) + tail
            : logins.IndexOf(':') is >= 0 and var colon ? logins.Substring(0, colon + 1) + Stars + tail : rest;
    }

    private static string MaskUser(string login)
    {
        var colon = login.IndexOf(':');
        var at = login.IndexOf('@');
        return colon < 0 || (at >= 0 && at < colon) || colon + 1 == login.Length ? login : login.Substring(0, colon + 1) + Stars + (at < 0 ? "" : login.Substring(at));
    }

    /// <summary>Options that the packages call secret because an address with a password is in them; the rest of it is needed to see anything.</summary>
    private static bool IsAddress(string name) => name is "connection" or "slave_connection" or "transport_url" or "sql_connection" or "connection_string";
}
