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

    private static readonly Regex UserInfo = new(@"(?<head>[A-Za-z][A-Za-z0-9+.\-]*://[^\s/:@,'""]*):(?<secret>.*?)(?<tail>@(?=[^@/]*(/|,|\?|\s|$)))", Common, Limit);

    /// <summary>A further host of a transport_url, which has no scheme: ",user:password@host:port".</summary>
    private static readonly Regex FurtherHost = new(@"(?<head>,[^\s/:@,'""]+):(?<secret>[^@,\s]*)(?<tail>@)", Common, Limit);

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
        text = UserInfo.Replace(text, Masked);
        return QueryPart.Replace(FurtherHost.Replace(text, Masked), Masked);
    }

    /// <summary>A line of a file, an assignment or one that is commented out, as it may be shown.</summary>
    public static string MaskLine(string line)
    {
        var match = AnyAssignment.Match(line);
        return match.Success && match.Groups["secret"].Value != "<None>" && IsSecret(match.Groups["name"].Value, null)
            ? match.Groups["head"].Value + Stars
            : MaskAddresses(line);
    }

    private static string Masked(Match match) => match.Groups["secret"].Length == 0 ? match.Value : match.Groups["head"].Value + Separator(match) + Stars + match.Groups["tail"].Value;

    private static string Separator(Match match) => match.Groups["head"].Value.EndsWith("=", StringComparison.Ordinal) ? "" : ":";

    /// <summary>Options that the packages call secret because an address with a password is in them; the rest of it is needed to see anything.</summary>
    private static bool IsAddress(string name) => name is "connection" or "slave_connection" or "transport_url" or "sql_connection" or "connection_string";
}
